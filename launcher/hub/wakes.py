"""Who waits for what in this process, and how a change made anywhere reaches them.

A *topic* is ``station:<id>``, ``stations`` (all), ``officer:<key>`` or ``command:<id>``. What wakes carries nothing but
its topic: whoever is woken asks the store. With several processes :mod:`launcher.hub.wakes_postgresql` hands topics on.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Final

MANY: Final = 200
"""Woken in one turn of the loop."""


def _nothing(_: str) -> None:
    return


class Wakes:
    """All waiters of one process. ``wake`` may be called on any thread; waiters live on the loop that ``begin`` saw."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiters: dict[str, set[Callable[[], None]]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self.counted: Callable[[str], None] = _nothing
        """Hears of each topic that is woken here."""
        self.hand_on: Callable[[str], None] | None = None
        """Says a topic to the hub's other processes."""

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Deliver on this loop from now on."""
        self._loop = loop

    def listen(self, topic: str, woken: Callable[[], None]) -> Callable[[], None]:
        """Call ``woken`` on the loop at each wake of the topic; return what ends that."""
        with self._lock:
            self._waiters.setdefault(topic, set()).add(woken)

        def end() -> None:
            with self._lock:
                waiting = self._waiters.get(topic)
                if waiting is not None:
                    waiting.discard(woken)
                    if not waiting:
                        del self._waiters[topic]

        return end

    def wake(self, topic: str) -> None:
        """Wake who waits for it, here and, where there are several processes, in all of them. After the commit."""
        self.counted(topic)
        self.heard(topic)
        if self.hand_on is not None:
            self.hand_on(topic)

    def heard(self, topic: str) -> None:
        """Wake who waits here."""
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        with self._lock:
            waiting = tuple(self._waiters.get(topic, ()))
            if topic.startswith("stations"):
                waiting += tuple(w for name, some in self._waiters.items() if name.startswith("station:") for w in some)
        if waiting:
            loop.call_soon_threadsafe(self._woken, loop, waiting)

    def _woken(self, loop: asyncio.AbstractEventLoop, waiting: tuple[Callable[[], None], ...]) -> None:
        """Wake some; the others in the loop's next turn, after whatever else came meanwhile."""
        for woken in waiting[:MANY]:
            woken()
        if len(waiting) > MANY:
            loop.call_soon(self._woken, loop, waiting[MANY:])

    def waited_for(self) -> tuple[str, ...]:
        """Return the topics that somebody waits for here."""
        with self._lock:
            return tuple(self._waiters)

    def all_again(self) -> None:
        """Wake everybody: what was said while nobody listened to the other processes is not known."""
        for topic in self.waited_for():
            self.heard(topic)

    async def wait(self, topic: str, within_s: float) -> bool:
        """Wait for one wake of a topic; False if none came. Listen before asking the store: see :meth:`listening`."""
        waiting = self.listening(topic)
        try:
            return await waiting.woken(within_s)
        finally:
            waiting.end()

    def listening(self, topic: str) -> Listening:
        """Begin to listen now, so that what is woken between asking the store and waiting is not missed."""
        return Listening(self, topic)


class Listening:
    """One who waits for a topic. Call :meth:`end`."""

    def __init__(self, wakes: Wakes, topic: str) -> None:
        self._event = asyncio.Event()
        self.end = wakes.listen(topic, self._event.set)

    async def woken(self, within_s: float | None) -> bool:
        """Wait until the topic was woken since the last time; False if it was not. None: for as long as it takes."""
        try:
            async with asyncio.timeout(within_s):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True
