"""Waiting for what another request brings about: a look at the store, then a wake, then another look."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, TypeVar

from starlette.concurrency import run_in_threadpool

if TYPE_CHECKING:
    from launcher.hub.service import Hub

LOOK_AGAIN_S: Final = 2.0
"""A look without a wake: what expires wakes nobody, and a wake of another process may be lost."""

Seen = TypeVar("Seen")


async def until(
    hub: Hub, topics: Iterable[str], look: Callable[[], Seen], enough: Callable[[Seen], bool], within_s: float
) -> Seen:
    """Look (on a worker thread) at each wake of the topics until it is enough; return what was seen last."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within_s
    woken = asyncio.Event()
    with ExitStack() as listening:
        for topic in topics:
            listening.callback(hub.wakes.listen(topic, woken.set))
        while True:
            woken.clear()
            seen = await run_in_threadpool(look)
            left_s = deadline - loop.time()
            if left_s <= 0 or enough(seen):
                return seen
            try:
                async with asyncio.timeout(min(left_s, LOOK_AGAIN_S)):
                    await woken.wait()
            except TimeoutError:
                continue
