"""Proof of nothing left, the station's part: its own memory, its files, the places a session could have written to."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launcher.residue import Patterns, Residue, scan_memory, scan_paths
from launcher.residue.result import together
from launcher.timings import Spool
from launcher.wire.messages import Scanned, ScanYourself

ANSWER_WITHIN_S: Final = 60.0

_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - searched, never written


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look. ``since``: when the session began (seconds since the epoch); ``remained``: what its end left."""

    state_dir: Path
    home: Path
    homes: Path
    temp_dirs: tuple[Path, ...]
    since: float
    remained: tuple[str, ...] = ()


def temp_dirs() -> tuple[Path, ...]:
    """Return the folders any program may write to."""
    usual = (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - searched, never written
    return tuple(dict.fromkeys(folder for folder in usual if folder.is_dir()))


def search_here(patterns: Patterns, places: Places, spool: Spool) -> Residue:
    """Search the station itself first (what is read later passes through its memory), then files; blocks."""
    spool.flush()
    # A session that survives has its own folder below ``homes``: it is searched with the rest, with nothing left out.
    newer_than = places.since - 1.0
    uid = os.getuid()
    return together(
        (
            scan_memory(os.getpid(), patterns, "station"),
            _home_is_gone(places),
            scan_paths((places.state_dir, places.homes), patterns),
            scan_paths(places.temp_dirs, patterns, changed_since=newer_than, uid=uid),
            scan_paths((_SHARED_MEMORY,), patterns, changed_since=newer_than, uid=uid),
        )
    )


async def search(patterns: Patterns, places: Places, spool: Spool, survivors: Iterable[Awaitable[Residue]]) -> Residue:
    """Search here and in the survivors side by side, and judge the whole."""
    parts = await asyncio.gather(asyncio.to_thread(search_here, patterns, places, spool), *survivors)
    return judged(parts, patterns)


def judged(parts: Iterable[Residue], patterns: Patterns) -> Residue:
    """Return the whole result; a secret that could not be searched for counts as not searched."""
    result = together(parts)
    missing: list[str] = []
    if patterns.too_short:
        missing.append(f"{patterns.too_short} secrets too short to search for")
    if not patterns.masked:
        missing.append("no secret was given to search for")
    return Residue(result.scanned, (*result.unscanned, *missing), result.found)


def _home_is_gone(places: Places) -> Residue:
    if places.home.exists():
        return Residue(found=(f"the session's folder {places.home} is still there",))
    if places.remained:
        return Residue(found=tuple(f"still there: {one}" for one in places.remained))
    return Residue(scanned=("the session's folder and processes: gone",))


class Survivors:
    """Asks the sessions that live on to search themselves; one question to each at a time."""

    def __init__(self) -> None:
        self._asked: dict[int, asyncio.Future[Residue]] = {}

    async def ask(self, session: int, send: Callable[[ScanYourself], None], patterns: Patterns) -> Residue:
        """Return what the session found in itself; one that gives no answer was not searched."""
        while (earlier := self._asked.get(session)) is not None:
            await asyncio.wait([earlier])
        answer: asyncio.Future[Residue] = asyncio.get_running_loop().create_future()
        self._asked[session] = answer
        send(patterns.to_survivor())
        await asyncio.wait([answer], timeout=ANSWER_WITHIN_S)
        self._settle(session, Residue(unscanned=(f"session {session}: no answer",)))
        return answer.result()

    def answered(self, session: int, said: Scanned) -> None:
        """Take a session's answer; one that nobody waits for is passed over."""
        nothing = () if said.scanned or said.unscanned else (f"session {session}: nothing searched",)
        self._settle(session, Residue(said.scanned, (*said.unscanned, *nothing), said.found))

    def ended(self, session: int, remained: tuple[str, ...]) -> None:
        """The session will not answer any more: it is gone, and its memory with it, unless something remained."""
        unscanned = tuple(f"session {session}: {one} remained" for one in remained)
        self._settle(session, Residue((f"session {session}: ended meanwhile",), unscanned))

    def _settle(self, session: int, result: Residue) -> None:
        waiting = self._asked.pop(session, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(result)
