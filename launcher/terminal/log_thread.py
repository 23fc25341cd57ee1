"""Writes a session's log in a thread of its own: a folder on a network that hangs keeps no session waiting."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from launcher.secret import Secret
from launcher.terminal.grid import CellGrid
from launcher.terminal.session_log import SessionLog, ShownScreen, lines_without

MOST_WAITING: Final = 100
"""Screens that wait to be written at most: those of half a minute. What comes then is missing, and said to be."""

_log = logging.getLogger(__name__)


class LogThread:
    """Implements :class:`launcher.terminal.session_log.ScreenLog`; made and used in a running loop.

    ``open_log`` is called in the thread. A log that cannot be opened is said, and the officer works without.
    """

    def __init__(self, open_log: Callable[[], SessionLog], system: str) -> None:
        self._open = open_log
        self._system = system
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        self._last: tuple[str, ...] = ()
        self._said = False
        self._changed = threading.Condition()
        # What both threads touch, with the condition held, which nobody holds while the file is written.
        self._waiting: deque[ShownScreen] = deque()
        self._missing = 0
        self._closed = False
        # Not of the loop's own threads, each of which is waited for when the process ends.
        threading.Thread(target=self._run, name="session log", daemon=True).start()

    def record(self, grid: CellGrid, secrets: Collection[Secret]) -> None:
        """Have a screen written down as it is now, unless it is the one that was last."""
        lines = lines_without(grid, secrets)
        if lines == self._last:
            return
        with self._changed:
            if self._closed:
                return
            self._last = lines
            if missing := len(self._waiting) >= MOST_WAITING:
                self._missing += 1
            else:
                screen = ShownScreen(lines, grid.rows, grid.columns, datetime.now(UTC), self._missing)
                self._waiting.append(screen)
                self._missing = 0
                self._changed.notify()
        if missing and not self._said:
            self._said = True
            _log.warning("a session log lacks screens, as its folder is too slow: %s", self._system)

    def close(self) -> None:
        """Have what waits written, and the file closed."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    async def kept(self) -> None:
        """Wait until all of it is written and it is closed."""
        await self._ended.wait()

    # --- in its thread

    def _run(self) -> None:
        try:
            self._write_all()
        finally:
            with suppress(RuntimeError):  # the loop has ended before: nobody waits
                self._loop.call_soon_threadsafe(self._ended.set)

    def _write_all(self) -> None:
        log: SessionLog | None = None
        try:
            log = self._open()
        except (OSError, ValueError) as fault:
            why = fault.strerror if isinstance(fault, OSError) else type(fault).__name__
            _log.error("a session log cannot be written: %s (%s)", why, self._system)
        while (screen := self._next()) is not None:
            if log is not None:
                log.write(screen)
        if log is not None:
            if self._missing:
                log.write_missing(self._missing)
            log.close()

    def _next(self) -> ShownScreen | None:
        """Wait for the next screen; None once it was closed and none is left."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            return self._waiting.popleft() if self._waiting else None
