"""What the page asks in a window of its own (alert, confirm, prompt): the browser shows it, and the officer answers."""

from __future__ import annotations

import asyncio
from typing import Final

from launcher.shell.surfaces.managed.devtools import Line, Values
from launcher.sign_on.driver import PageAsksError

_ASK: Final = frozenset({"alert", "confirm", "prompt"})  # not that it is to be left: that is an end's


class Messages:
    """Those of one page, in the engine's loop."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.asked: PageAsksError | None = None
        """What it asks now."""
        self._quiet = asyncio.Event()
        self._quiet.set()

    def begin(self) -> None:
        """Listen from now on."""
        self._line.on("Page.javascriptDialogOpening", self._opens)
        self._line.on("Page.javascriptDialogClosed", lambda _: self.over())

    async def answered(self) -> None:
        """Return once nothing is asked."""
        await self._quiet.wait()

    def over(self) -> None:
        """It has its answer, or has gone."""
        self.asked = None
        self._quiet.set()

    def _opens(self, untrusted: Values) -> None:
        if untrusted.get("type") in _ASK:
            words = untrusted.get("message")
            self.asked = PageAsksError(words if isinstance(words, str) else "")
            self._quiet.clear()
