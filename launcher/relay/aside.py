"""Blocking calls beside a loop, each on a thread that nobody has to wait for: an executor's hold up the exit."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

Result = TypeVar("Result")


async def aside(call: Callable[[], Result], name: str = "aside") -> Result:
    """Run the call and return what it returns, or raise what it raises; cancelled, it ends by itself, unheard."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[Result] = loop.create_future()

    def settle(give: Callable[[], None]) -> None:
        if not ended.done():
            give()

    def run() -> None:
        try:
            result = call()
        except BaseException as fault:
            give = _failing(ended, fault)
        else:
            give = _giving(ended, result)
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, give)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await ended


def _giving(ended: asyncio.Future[Result], result: Result) -> Callable[[], None]:
    return lambda: ended.set_result(result)


def _failing(ended: asyncio.Future[Result], fault: BaseException) -> Callable[[], None]:
    return lambda: ended.set_exception(fault)
