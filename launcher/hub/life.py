"""The life of one process of the hub: from its first sign of life to its last."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio.to_thread
from starlette.concurrency import run_in_threadpool

from launcher import __version__
from launcher.hub import house_keeping
from launcher.hub.audit import rows as audit
from launcher.hub.database import POOL
from launcher.hub.service import Hub
from launcher.hub.silence import Watch
from launcher.hub.suspended.rows import note_forces

if TYPE_CHECKING:
    from launcher.hub.wakes_postgresql import WakesOverPostgreSql


@asynccontextmanager
async def life(hub: Hub) -> AsyncIterator[None]:
    """Wake, hand wakes on and keep house for as long as the block lasts."""
    # Whoever waits for the store waits on the loop, and not as a thread that waits for a connection.
    anyio.to_thread.current_default_thread_limiter().total_tokens = POOL
    hub.wakes.begin(asyncio.get_running_loop())
    await run_in_threadpool(house_keeping.give_sign_of_life, hub)
    await run_in_threadpool(_note_start, hub)
    watch = Watch(hub.store.engine) if hub.store.several else None
    others = _other_processes(hub) if hub.store.several else None
    if others is not None:
        others.begin()
    keeping = asyncio.create_task(house_keeping.keep_house(hub))
    try:
        yield
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping
        await house_keeping.at_stop(hub)
        if others is not None:
            await run_in_threadpool(others.end)
        if watch is not None:
            watch.end()


def _other_processes(hub: Hub) -> WakesOverPostgreSql:
    from launcher.hub.wakes_postgresql import WakesOverPostgreSql  # late: SQLite does without its driver

    return WakesOverPostgreSql(hub.wakes, hub.store.url, hub.process)


def _note_start(hub: Hub) -> None:
    with hub.store.writing() as connection:
        details = {"version": __version__, "process": hub.process}
        changed = note_forces(connection, hub)
        audit.append(connection, hub, "started", actor="hub", details=details)
    if changed:
        hub.wakes.wake("stations")
