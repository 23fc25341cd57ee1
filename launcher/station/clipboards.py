"""The clipboards of the display between two sessions: emptied of everything but what another session copied."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from typing import Final

from launcher.residue.tree import process
from launcher.station.log import say
from launcher.station.processes import SessionProcess

_log = logging.getLogger("launcher.station")

WITHIN_S: Final = 5.0
_DEEPEST: Final = 1000


async def empty_clipboards(environ: Mapping[str, str], others: Collection[SessionProcess]) -> tuple[str, ...]:
    """Empty the clipboards of the X display, where there is one; return what may be left in them.

    ``others`` are the sessions that go on: whoever logs on next may have copied something before the last one is gone.
    """
    display = environ.get("DISPLAY", "")
    if not display:
        return ()
    from launcher.display.clipboards import clear_clipboards  # late: a station shows its first screen without

    pids = frozenset(one.pid for one in others)
    try:
        async with asyncio.timeout(WITHIN_S):
            why = await asyncio.to_thread(clear_clipboards, display, lambda pid: _is_of(pid, pids))
    except TimeoutError:
        why = "the display does not answer"
    except Exception as fault:
        # An end goes on whatever a display answers.
        _log.exception("clipboards-fault")
        why = type(fault).__name__
    if why:
        say(_log, "clipboards-not-emptied", level=logging.ERROR, reason=why)
    return ("clipboards of the display",) if why else ()


def _is_of(pid: int, sessions: frozenset[int]) -> bool:
    """Say whether a process is one of the sessions' or below it."""
    for _ in range(_DEEPEST):
        if pid in sessions:
            return True
        row = process(pid)
        if row is None:
            return False
        pid = row.parent
    return False
