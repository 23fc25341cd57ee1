"""An event loop in a thread of its own, for who asks a person on the main one.

The host is heard and answered while the person thinks, and Ctrl C ends the thinking at once: a thread that reads a
terminal could not be ended.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Self, TypeVar

_T = TypeVar("_T")


class HostLoop:
    """The loop, from ``with`` to its end; what still runs on it then is cancelled."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="host")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def call(self, work: Coroutine[None, None, _T]) -> _T:
        """Carry work out on the loop and return what it does; what ends the waiting ends the work."""
        asked = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return asked.result()
        finally:
            asked.cancel()

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.call(self._ended())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _ended(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._loop.shutdown_asyncgens()
        await self._loop.shutdown_default_executor()
