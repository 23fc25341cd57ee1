"""Ends every process below this one, until none remain: what an officer started ends with the session (DESIGN §2)."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import suppress

from launcher.residue.tree import descendants

STEP_S = 0.01


async def end_descendants(within_s: float, spared: frozenset[int] = frozenset()) -> tuple[str, ...]:
    """Kill all descendants and return the names of those that remain at the deadline; normally none do.

    A process that left its group or session (setsid(2)) is still a descendant: the session is its subreaper. Children
    first: one that is stopped is woken by the kernel where its parent dies before it (setpgid(2), orphaned groups), and
    what was typed for somebody else while it stood still waits for it. ``spared`` are the ids of processes that are
    none of the session's.
    """
    until = time.monotonic() + within_s
    while True:
        left = [row for row in descendants(os.getpid()) if not row.zombie and row.pid not in spared]
        if not left or time.monotonic() > until:
            return tuple(row.name for row in left)
        for row in reversed(left):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(row.pid, signal.SIGKILL)
        await asyncio.sleep(STEP_S)
