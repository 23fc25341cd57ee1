"""Proof of nothing left, the station's part: its own memory, its files, the places a session could have written to."""

from __future__ import annotations

import asyncio
import os
import pwd
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launcher.residue import Patterns, Residue, kernel_views, scan_memory, scan_paths
from launcher.residue.result import together
from launcher.timings import Spool
from launcher.wire.messages import Scanned, ScanYourself

ANSWER_WITHIN_S: Final = 180.0
"""A session looks through some hundred megabytes of itself, on a busy computer beside others that do the same."""

_OPEN_TO_ALL: Final = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - searched, never written
_SYSTEM: Final = ("/etc", "/opt", "/run", "/srv", "/var")
_NO_FILES: Final = ("/", "/dev", "/proc", "/sys")


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look. ``since``: when the session began (seconds since the epoch); ``remained``: what its end left.

    ``written_to`` is searched for what was changed since, and so is ``worked_in``, the folders that the session's
    programs were started in; nothing below a folder of ``leave_out`` is. ``account``: where all of the session's own
    account was looked for and removed, if it had one. ``goes_on``: the folder of the session in which the same officer
    is at work.
    """

    state_dir: Path
    home: Path
    homes: Path
    written_to: tuple[Path, ...]
    since: float
    remained: tuple[str, ...] = ()
    leave_out: tuple[Path, ...] = ()
    worked_in: tuple[Path, ...] = ()
    account: tuple[str, ...] = ()
    goes_on: Path | None = None


def written_to() -> tuple[Path, ...]:
    """Return the folders a program of this account may have written to, none below another.

    The account's own home, temporary, runtime and working folders, and of the system's folders those it may write to,
    two levels deep. Root may write anywhere: of the system's it is those with data, not programs, disks and shares.
    """
    account = _home_of_account()
    own = (os.environ.get("HOME", ""), account, os.environ.get("XDG_RUNTIME_DIR", ""), f"/run/user/{os.getuid()}")
    usual = [*own, _working_folder(), tempfile.gettempdir(), *_OPEN_TO_ALL]
    usual += _SYSTEM if os.getuid() == 0 else _writable()
    there = {Path(one).resolve() for one in usual if one and _may_be_entered(one)} - {Path("/")}
    return tuple(one for one in sorted(there) if not there.intersection(one.parents))


def _home_of_account() -> str:
    """Return the home the account has by the system's book, whatever the environment says; empty where it has none."""
    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return ""


def _working_folder() -> str:
    try:
        return str(Path.cwd())
    except OSError:
        return ""  # removed since


def _writable() -> list[str]:
    found: list[str] = []
    for top in ("/", *_SYSTEM, "/var/lib"):
        try:
            with os.scandir(top) as entries:
                folders = [one.path for one in entries if one.is_dir(follow_symlinks=False)]
        except OSError:
            continue
        found += [one for one in (top, *folders) if os.access(one, os.W_OK | os.X_OK)]
    return [one for one in found if one not in _NO_FILES]


def _may_be_entered(folder: str) -> bool:
    try:
        return Path(folder).is_dir()
    except OSError:
        return False


def search_here(patterns: Patterns, places: Places, spool: Spool) -> Residue:
    """Search the station itself first (what is read later passes through its memory), then files; blocks."""
    spool.flush()
    # A session that survives has its own folder below ``homes``: it is searched with the rest, with nothing left out.
    newer_than = places.since - 1.0
    uid = os.getuid()
    whole = _whole(places)
    own = () if places.goes_on is None else (places.goes_on.resolve(),)
    return together(
        (
            scan_memory(os.getpid(), patterns, "station"),
            _home_is_gone(places),
            scan_paths(whole, patterns, leave_out=own),
            scan_paths(
                places.written_to, patterns, changed_since=newer_than, uid=uid, leave_out=(*whole, *places.leave_out)
            ),
            *(search_worked_in(folder, places, patterns) for folder in places.worked_in),
            Residue(tuple(f"left out as told: {folder}" for folder in places.leave_out)),
            Residue(tuple(f"left out, the same officer goes on there: {folder}" for folder in own)),
        )
    )


def _whole(places: Places) -> tuple[Path, ...]:
    """Return the station's own folders, which are searched with nothing left out."""
    return places.state_dir.resolve(), places.homes.resolve()


def search_worked_in(folder: Path, places: Places, patterns: Patterns) -> Residue:
    """Search a folder that an entry names for its program, as far as it is not searched already."""
    try:
        real = folder.resolve()
    except (OSError, RuntimeError, ValueError):  # a link that leads to itself, a name that is none
        return Residue(unscanned=(f"{folder}: where it lies cannot be told",))
    if not folder.is_absolute():
        return Residue(unscanned=(f"{folder}: an entry's folder without a beginning",))
    if real == Path("/"):
        return Residue(unscanned=("/: an entry's folder is the whole disk",))
    views = kernel_views()
    if view := next((one for one in (real, *real.parents) if str(one) in views), None):
        return Residue((f"{folder}: no files, the kernel's own view {view}",))
    # In the order of what decides: the own folders are searched whole, and what is left out is left out of the rest.
    searched = (*_whole(places), *places.leave_out, *places.written_to)
    if around := next((one for one in searched if real.is_relative_to(one)), None):
        how = "left out as told with" if around in places.leave_out else "searched with"
        return Residue((f"{folder}: {how} {around}",))
    if _may_be_entered(str(real)) and not os.access(real, os.R_OK | os.X_OK):
        return Residue(unscanned=(f"{folder}: may not be listed",))  # and yet it may be written to
    return scan_paths((real,), patterns, changed_since=places.since - 1.0, uid=os.getuid(), leave_out=searched)


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
    gone = tuple(f"nothing of the session's own account left: {one}" for one in places.account)
    return Residue(scanned=("the session's folder and processes: gone", *gone))


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
