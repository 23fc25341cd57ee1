"""One call for all who ask for the same thing at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class SingleFlight(Generic[Key, Value]):
    """Shares a running call. Its result or error goes to all who wait; neither is kept.

    An asker who is cancelled leaves the others alone. When the last one has left, the call is cancelled.
    """

    def __init__(self) -> None:
        self._running: dict[Key, asyncio.Task[Value]] = {}
        self._waiting: dict[asyncio.Task[Value], int] = {}

    async def do(self, key: Key, call: Callable[[], Awaitable[Value]]) -> Value:
        """Join the call that runs for the key, or start it."""
        task = self._running.get(key)
        if task is None:
            task = asyncio.ensure_future(_carry_out(call))
            self._running[key] = task
            self._waiting[task] = 0
            task.add_done_callback(lambda done: self._landed(key, done))
        self._waiting[task] += 1
        try:
            return await asyncio.shield(task)
        finally:
            if task in self._waiting:
                self._waiting[task] -= 1
                if not self._waiting[task] and not task.done():
                    self._landed(key, task)  # whoever asks from now on starts anew
                    task.cancel()

    def _landed(self, key: Key, task: asyncio.Task[Value]) -> None:
        if self._running.get(key) is task:
            del self._running[key]
        self._waiting.pop(task, None)


async def _carry_out(call: Callable[[], Awaitable[Value]]) -> Value:
    return await call()
