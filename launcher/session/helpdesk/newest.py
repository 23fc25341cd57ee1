"""One question on its way at a time; of those that are asked meanwhile only the last is asked next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

Work = Callable[[], Coroutine[None, None, None]]


class Newest:
    """Asks the newest question. ``pause_s``: each waits so long for a newer one."""

    def __init__(self, spawn: Callable[[Coroutine[None, None, None]], object], pause_s: float = 0.0) -> None:
        self._spawn = spawn
        self._pause_s = pause_s
        self._next: Work | None = None
        self._running = False

    def ask(self, work: Work) -> None:
        """Ask this, as soon as what is on its way has been answered; it takes the place of one that waits."""
        self._next = work
        if not self._running:
            self._running = True
            self._spawn(self._run())

    def forget(self) -> None:
        """Ask nothing more of what waits."""
        self._next = None

    async def _run(self) -> None:
        try:
            while self._next is not None:
                await asyncio.sleep(self._pause_s)
                if (work := self._next) is not None:  # forgotten while it waited
                    self._next = None
                    await work()
        finally:
            self._running = False
