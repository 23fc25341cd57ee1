"""The end of one session: asked for, waited for, carried out on all it started, and its folder removed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from launcher.station import moves
from launcher.station.events import EndedHow
from launcher.station.homes import Cleared
from launcher.station.limits import LAST_WORDS_S, Limits, silence_limit_s
from launcher.station.log import say
from launcher.station.processes import SessionProcess, SessionProcesses
from launcher.station.seat import Seat

_log = logging.getLogger("launcher.station")

_EXIT_WITHIN_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a session ended, ``ms`` after its end began; ``remained`` names what could not be ended or removed."""

    how: EndedHow
    ms: float
    processes: int
    remained: tuple[str, ...]


async def end(
    seat: Seat,
    effect: moves.EndIt,
    processes: SessionProcesses,
    limits: Limits,
    all_sessions: Callable[[], Sequence[SessionProcess]],
    ends: Callable[[], None],
    clear: Callable[[Seat], Awaitable[Cleared]],
    empty: Callable[[], Awaitable[tuple[str, ...]]],
) -> Ended:
    """End a session and all it started, then ``clear`` it; ``ends`` is called once it had its time to end by itself.

    ``empty`` empties the clipboards of the display: at once where a screen stands in front of it already, and in any
    case when nothing of it can fill them any more.
    """
    began = time.monotonic()
    end_within_s = seat.ends_within_s(limits)
    if effect.say is not None:
        from launcher.wire.messages import End  # late, as all models of messages: the first screen has no need of them

        seat.link.send(End(reason=effect.say, deadline_ms=round(end_within_s * 1000)))
    if effect.grace:
        await asyncio.gather(_wait(seat, processes, end_within_s, limits), empty())
    how = _how(effect, seat.process)
    ends()
    swept = await processes.end(seat.process, all_sessions())
    emptied = await empty()
    await seat.link.drained(LAST_WORDS_S)
    await seat.link.close()
    cleared = await clear(seat)
    seat.searched = cleared.searched
    remained = (*swept.remained, *cleared.remained, *emptied)
    ended = Ended(how, (time.monotonic() - began) * 1000, swept.ended, remained)
    say(
        _log,
        "session-ended",
        level=logging.ERROR if remained else logging.WARNING if how == "crashed" else logging.INFO,
        session=seat.session,
        pid=seat.process.pid,
        how=how,
        reason=effect.why,
        ms=round(ended.ms, 1),
        ended_processes=swept.ended,
        remained=remained,
    )
    return ended


async def _wait(seat: Seat, processes: SessionProcesses, within_s: float, limits: Limits) -> None:
    """Give it time to end by itself; one that has said nothing since it was told signs off nowhere, and has less."""
    told = time.monotonic()
    first_s = min(within_s, max(limits.end_within_s, silence_limit_s(limits)))
    await processes.wait(seat.process, first_s)
    if seat.heard > told + limits.heartbeat_s:  # a sign of life from before may have been on its way
        await processes.wait(seat.process, within_s - first_s)


async def by_force(
    seat: Seat,
    fault: str,
    clear: Callable[[Seat], Awaitable[Cleared]],
    empty: Callable[[], Awaitable[tuple[str, ...]]],
) -> Ended:
    """End a session whose end came to a fault: what can still be ended of it is, and the fault is said to remain."""
    began = time.monotonic()
    exited = seat.process.exited
    if not exited.done():
        with contextlib.suppress(ProcessLookupError):
            os.kill(seat.process.pid, signal.SIGKILL)  # ours to reap: its number is nobody else's
        await asyncio.wait([exited], timeout=_EXIT_WITHIN_S)
    await seat.link.close()
    cleared = await clear(seat)
    seat.searched = cleared.searched
    remained = (f"fault: {fault}", *cleared.remained, *await empty())
    return Ended("killed", (time.monotonic() - began) * 1000, 1, remained)


def _how(effect: moves.EndIt, process: SessionProcess) -> EndedHow:
    if not process.exited.done():
        return "killed"
    return "crashed" if effect.why == "crashed" or process.exited.result() != 0 else "by-itself"
