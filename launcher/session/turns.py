"""When a system's turn to be opened comes: so many at once, and a program only while the officer is at work.

An installed browser that a system is opened in is a program.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from launcher.connectors.plan import ProgramTarget, TerminalTarget, WebTarget
from launcher.timings import Timeline


class Turns:
    """The turns of one officer's launches, ``parallel`` at once.

    A program that starts while the terminal is locked would have its window, and the keys, before anybody can stop it.
    """

    def __init__(self, parallel: int) -> None:
        self._free = asyncio.Semaphore(parallel)
        self._at_work = asyncio.Event()
        self._at_work.set()

    def lock(self) -> None:
        """No program's turn comes before :meth:`back`."""
        self._at_work.clear()

    def back(self) -> None:
        """The officer is at work again."""
        self._at_work.set()

    @asynccontextmanager
    async def turn(
        self, target: WebTarget | ProgramTarget | TerminalTarget, timeline: Timeline
    ) -> AsyncIterator[Callable[[], None]]:
        """Wait for a turn and keep it for the block, or until what it gives is called.

        Whoever waits for the officer keeps it from nobody else.
        """
        while True:
            with timeline.phase("queue"):
                await self._free.acquire()
            kept = [self._free]

            def give_back(kept: list[asyncio.Semaphore] = kept) -> None:
                if kept:
                    kept.pop().release()

            try:
                if not _has_windows(target) or self._at_work.is_set():
                    yield give_back
                    return
            finally:
                give_back()
            with timeline.phase("queue", human=True):
                await self._at_work.wait()


def _has_windows(target: WebTarget | ProgramTarget | TerminalTarget) -> bool:
    """Say whether what is opened has windows of its own, which would take the keys."""
    return isinstance(target, ProgramTarget) or (isinstance(target, WebTarget) and target.managed is not None)
