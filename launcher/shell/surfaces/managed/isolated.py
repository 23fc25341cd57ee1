"""The isolated world of the page's main frame: its scripts, and what they say on its console."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from typing import Final

from launcher.shell.surfaces import scripts
from launcher.shell.surfaces.managed.devtools import AskRefusedError, Line, LineEndedError, Values
from launcher.shell.surfaces.page_words import Listener, PageWords

LOST_S: Final = 1.5
"""After this long without an answer a script was lost, with the document it was run in."""


class World:
    """The world that the browser makes anew for each document, by a name of ours."""

    def __init__(self, line: Line, listener: Listener, acted: Callable[[], None]) -> None:
        self._line = line
        self._listener = listener
        self._acted = acted
        self._name = f"station-{secrets.token_hex(8)}"
        self._words = PageWords()
        self._act = secrets.token_hex(16)
        self._ours: set[int] = set()  # the contexts of this world, in any frame
        self._main: int | None = None
        self._standing: list[object] = []  # what the browser calls the scripts of every document

    def listen(self) -> Sequence[tuple[str, Values]]:
        """Hear what its scripts say, and return what the browser has to be asked for them, before any document.

        A window that a page has opened may have its first one already, or none that it would run them before: they
        are run there at once.
        """
        self._line.on("Runtime.executionContextCreated", self._made)
        self._line.on("Runtime.executionContextDestroyed", self._ended)
        self._line.on("Runtime.executionContextsCleared", self._cleared)
        self._line.on("Runtime.consoleAPICalled", self._heard)
        sources = (*self._words.scripts().values(), scripts.acts(self._act))
        standing = ({"source": source, "worldName": self._name, "runImmediately": True} for source in sources)
        return ("Runtime.enable", {}), *(("Page.addScriptToEvaluateOnNewDocument", one) for one in standing)

    def stand(self, answer: Values) -> None:
        """Note what the browser calls a script of every document."""
        if (ident := answer.get("identifier")) is not None:
            self._standing.append(ident)

    def end(self) -> None:
        """Have no further document with scripts of this world."""
        for ident in self._standing:
            self._line.tell("Page.removeScriptToEvaluateOnNewDocument", {"identifier": ident})
        self._standing.clear()

    @property
    def is_there(self) -> bool:
        """Whether a script would be run now: between two documents none is."""
        return self._main is not None

    async def run(self, script: str, *, as_by_hand: bool = False) -> object:
        """Run a script in the main frame and return what it gives, untrusted; None where it was lost.

        ``as_by_hand``: what it does may open a window, as a person's press may. Raises :class:`LineEndedError`.
        """
        context = self._main
        if context is None:
            return None
        values = {"expression": script, "contextId": context, "returnByValue": True, "userGesture": as_by_hand}
        try:
            async with asyncio.timeout(LOST_S):
                answer = await self._line.ask("Runtime.evaluate", values)
        except (AskRefusedError, TimeoutError):
            return None
        result = answer.get("result")
        if "exceptionDetails" in answer or not isinstance(result, dict):
            return None
        value: object = result.get("value")
        return value

    def clear(self) -> None:
        """Forget the document: its process has ended."""
        self._ours.clear()
        self._main = None

    def _made(self, untrusted: Values) -> None:
        context = untrusted.get("context")
        if not isinstance(context, dict) or context.get("name") != self._name:
            return
        ident, about = context.get("id"), context.get("auxData")
        if isinstance(ident, int) and isinstance(about, dict):
            self._ours.add(ident)
            if about.get("frameId") == self._line.page_id:
                self._main = ident
                self._listener.woken()

    def _ended(self, untrusted: Values) -> None:
        ident = untrusted.get("executionContextId")
        if isinstance(ident, int):
            self._ours.discard(ident)
            if ident == self._main:
                self._main = None

    def _cleared(self, untrusted: Values) -> None:
        self.clear()

    def _heard(self, untrusted: Values) -> None:
        said = untrusted.get("args")
        if untrusted.get("executionContextId") not in self._ours or not isinstance(said, list) or len(said) != 1:
            return
        word = said[0].get("value") if isinstance(said[0], dict) else None
        if word == self._act:
            self._acted()
        elif isinstance(word, str):
            self._words.hear(word, self._listener)


__all__ = ["LOST_S", "LineEndedError", "World"]
