"""A real bridge with a real engine thread whose loop runs what a test hands it, while Qt's loop turns in the test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal

from launcher.shell.bridge import Bridge

_T = TypeVar("_T")


IN_VAIN_MS = 60_000


class _Done(QObject):
    come = Signal()


class EngineRoom:
    """Hands coroutines to the engine's loop and turns Qt's loop until they are done."""

    def __init__(self) -> None:
        self.bridge = Bridge()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        await asyncio.Event().wait()

    def open(self) -> None:
        """Start the engine thread."""
        self.bridge.start(self._live)
        self.until(lambda: self._loop is not None)

    def start(self, work: Coroutine[object, object, _T]) -> Future[_T]:
        """Start a coroutine in the engine's loop."""
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def finish(self, future: Future[_T]) -> _T:
        """Turn Qt's loop until the future is done, and return what it holds."""
        done = _Done()
        loop = QEventLoop()
        done.come.connect(loop.quit)
        future.add_done_callback(lambda _: done.come.emit())
        QTimer.singleShot(IN_VAIN_MS, loop, loop.quit)
        if not future.done():
            loop.exec()
        return future.result(timeout=1)

    def run(self, work: Coroutine[object, object, _T]) -> _T:
        """Run a coroutine in the engine's loop to its end."""
        return self.finish(self.start(work))

    def until(self, holds: Callable[[], object]) -> None:
        """Turn Qt's loop until something holds; a wait in vain fails (pytest's time-out cannot end Qt's loop)."""
        loop = QEventLoop()
        QTimer.singleShot(IN_VAIN_MS, loop, loop.quit)
        timer = QTimer()
        timer.timeout.connect(lambda: holds() and loop.quit())
        timer.start(5)
        if not holds():
            loop.exec()
        timer.stop()
        assert holds(), "it never came"


@contextmanager
def engine_room() -> Iterator[EngineRoom]:
    """A running engine room, ended with the block."""
    room = EngineRoom()
    room.open()
    try:
        yield room
    finally:
        assert room.bridge.shut(10.0)
