"""Run blocking work beside the loop, such that leaving it never blocks."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_thread(
    work: Callable[[], T],
    *,
    cut: Callable[[], None] | None = None,
    discard: Callable[[T], None] | None = None,
) -> T:
    """Run ``work`` in a thread of its own and await its result.

    When the wait is cancelled, it ends at once: ``cut`` is called so that the thread does too, and a result nobody
    takes any more goes to ``discard``. The threads are daemons, unlike an executor's, which the interpreter joins at
    exit: a name server that does not answer must not hold up a session's end.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def drop(outcome: tuple[T] | BaseException) -> None:
        if isinstance(outcome, tuple) and discard is not None:
            discard(outcome[0])

    def settle(outcome: tuple[T] | BaseException) -> None:
        if future.done():
            drop(outcome)
        elif isinstance(outcome, tuple):
            future.set_result(outcome[0])
        else:
            future.set_exception(outcome)

    def run() -> None:
        outcome: tuple[T] | BaseException
        try:
            outcome = (work(),)
        except BaseException as fault:  # noqa: BLE001, RUF100 - it is raised again where the result is awaited
            outcome = fault
        try:
            loop.call_soon_threadsafe(settle, outcome)
        except RuntimeError:  # the loop is closed: nobody waits
            drop(outcome)

    threading.Thread(target=run, name="directory", daemon=True).start()
    try:
        return await future
    except asyncio.CancelledError:
        if cut is not None:
            with contextlib.suppress(Exception):
                cut()
        raise
