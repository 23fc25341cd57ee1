"""Ending and removing everything of one slot account. Every call blocks; root's rights are needed.

No process can hide: a slot cannot change its account (no new privileges), and ``kill(-1)`` reaches all processes of an
account at once, those that are just being forked too. Once they are gone nobody writes any more, and what the account
owns is looked for wherever everybody may write.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import secrets
import signal
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

from launcher.residue.tree import ProcessRow, process
from launcher.station.homes import Cleared
from launcher.station.key_rings import clear_account_keys
from launcher.station.slots import Slot

GONE_WITHIN_S: Final = 5.0
_AGAIN_AFTER_S: Final = 0.002

OPEN_TO_ALL: Final = (
    "/tmp",  # noqa: S108 - cleared, never written
    "/var/tmp",  # noqa: S108 - as above
    "/dev/shm",  # noqa: S108 - as above
    "/dev/mqueue",
    "/run/lock",
    "/run/user",
    "/run/screen",
    "/var/mail",
    "/var/crash",
    "/var/spool/cron",
    "/var/lib/php/sessions",
)

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_ESCAPED: Final = re.compile(rb"\\([0-3][0-7]{2})")
_IPC_RMID: Final = 0
_libc = ctypes.CDLL(None, use_errno=True)


def end_all(
    slots: Collection[Slot], *, reaped_elsewhere: Collection[int] = (), within_s: float = GONE_WITHIN_S
) -> tuple[int, tuple[str, ...]]:
    """End all processes of the accounts; return how many there were, and the names of those still there.

    The dead that came to us are reaped, except those somebody else waits for.
    """
    uids = frozenset(slot.uid for slot in slots)
    deadline = time.monotonic() + within_s
    ended = {(row.pid, row.start) for row in _living(uids)}
    while True:
        # Killed first, also where nothing was seen: what forks all the time may be missed by a look, not by this.
        carried_out = [_kill_as(slot) for slot in slots]
        rows = _living(uids)
        if (all(carried_out) and not rows) or time.monotonic() > deadline:
            break
        ended.update((row.pid, row.start) for row in rows)
        time.sleep(_AGAIN_AFTER_S)
    _reap(uids, reaped_elsewhere)
    unsure = (
        f"account {slot.name}: its processes could not be ended for sure"
        for slot, did in zip(slots, carried_out, strict=True)
        if not did
    )
    return len(ended), (*(f"{row.name} {row.pid}" for row in rows), *unsure)


def processes_of(*uids: int) -> list[ProcessRow]:
    """Return the processes that have one of the accounts as any of their four user ids."""
    return _processes_of(frozenset(uids))


def remove_all(slots: Collection[Slot], places: Iterable[Path]) -> Cleared:
    """Remove what the accounts own in the places (see :func:`open_places`), and their System V objects."""
    uids = frozenset(slot.uid for slot in slots)
    groups = frozenset(gid for slot in slots for gid in (slot.gid, *slot.groups))
    searched: list[str] = []
    remained: list[str] = []
    for place in (one for one in places if one != Path("/")):
        searched.append(str(place))
        remained.extend(_clear(place, uids, groups))
    searched.append("System V shared memory, semaphores and queues")
    remained.extend(_clear_system_v(uids))
    return Cleared(tuple(searched), tuple(remained))


def open_places() -> tuple[Path, ...]:
    """Return the folders in which any account may make files: the usual ones, and mounts that are open to all."""
    there = {Path(one).resolve() for one in OPEN_TO_ALL if Path(one).is_dir()}
    there.update(Path(point) for point in mount_points() if _open_to_all(point))
    return tuple(one for one in sorted(there) if not there.intersection(one.parents) or _is_mount(one))


def mount_points(kinds: Collection[str] = ()) -> tuple[str, ...]:
    """Return where something is mounted, as this process sees it, in the order it was; of the ``kinds``, if given."""
    try:
        lines = Path("/proc/self/mounts").read_bytes().splitlines()
    except OSError:
        return ()
    # Blanks and the like stand as octal escapes; all else stands as it is, and need not be text.
    rows = [line.split(b" ") for line in lines]
    points = (point for _, point, kind, *_ in rows if not kinds or os.fsdecode(kind) in kinds)
    return tuple(os.fsdecode(_ESCAPED.sub(lambda one: bytes((int(one[1], 8),)), point)) for point in points)


# --- processes


def _processes_of(uids: frozenset[int]) -> list[ProcessRow]:
    with os.scandir("/proc") as entries:
        pids = [int(entry.name) for entry in entries if entry.name.isdecimal()]
    rows = (process(pid) for pid in pids if not uids.isdisjoint(_uids(pid)))
    return [row for row in rows if row is not None]


def _living(uids: frozenset[int]) -> list[ProcessRow]:
    return [row for row in _processes_of(uids) if not row.zombie]


def _kill_as(slot: Slot) -> bool:
    """Have a child that is the account kill all it may: at once, whatever is being forked; say whether it did."""
    try:
        child = os.fork()
    except OSError:
        return False  # too many processes for the moment
    if child == 0:
        code = 1
        try:
            os.setgroups([])
            os.setresgid(slot.gid, slot.gid, slot.gid)
            os.setresuid(slot.uid, slot.uid, slot.uid)
            if slot.uid != 0 and os.getresuid() == (slot.uid,) * 3:
                clear_account_keys()
                os.kill(-1, signal.SIGKILL)
                code = 0
        except ProcessLookupError:
            code = 0
        finally:
            os._exit(code)
    # What it is to kill may kill it first: it has their account.
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _uids(pid: int) -> tuple[int, ...]:
    try:
        descriptor = os.open(f"/proc/{pid}/status", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ()
    try:
        untrusted = os.read(descriptor, 4096)
    except OSError:
        return ()
    finally:
        os.close(descriptor)
    # The name stands before it; a newline in it is escaped there.
    _, _, then = untrusted.partition(b"\nUid:")
    return tuple(int(one) for one in then.partition(b"\n")[0].split())


def _reap(uids: frozenset[int], elsewhere: Collection[int]) -> None:
    for row in _processes_of(uids):
        if row.zombie and row.parent == os.getpid() and row.pid not in elsewhere:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(row.pid, os.WNOHANG)


# --- files


def _clear(place: Path, uids: Collection[int], groups: Collection[int]) -> Iterator[str]:
    """Remove what the accounts own below a folder of others; yield what stays.

    Other mounts are passed over, and folders that no account of theirs can have been in.
    """
    try:
        device = place.stat().st_dev
    except OSError:
        return
    waiting = [str(place)]
    while waiting:
        folder = waiting.pop()
        try:
            descriptor = os.open(folder, _FOLDER)
        except OSError:
            continue  # gone meanwhile, or another account's that is being changed
        try:
            for name in _names(descriptor):
                path = f"{folder}/{name}"
                try:
                    found = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                    if found.st_uid in uids:
                        remove_at(descriptor, name)
                    elif found.st_dev == device and _may_be_entered(found, groups):
                        waiting.append(path)
                except FileNotFoundError:
                    continue
                except OSError as fault:
                    yield f"{path}: {fault.strerror}"
        finally:
            os.close(descriptor)


def remove_at(parent: int, name: str) -> None:
    """Remove what has the name in an open folder, and all below it, however deep. Raises ``OSError``.

    What lies two levels down is moved up and removed there: a tree of a thousand levels takes no more descriptors or
    stack than a flat one. Links are removed, not followed.
    """
    if not stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
        os.unlink(name, dir_fd=parent)
        return
    top = os.open(name, _FOLDER, dir_fd=parent)
    try:
        while names := _names(top):
            for one in names:
                if stat.S_ISDIR(os.stat(one, dir_fd=top, follow_symlinks=False).st_mode):
                    _empty_into(top, one)
                    os.rmdir(one, dir_fd=top)
                else:
                    os.unlink(one, dir_fd=top)
    finally:
        os.close(top)
    os.rmdir(name, dir_fd=parent)


def _empty_into(top: int, name: str) -> None:
    inner = os.open(name, _FOLDER, dir_fd=top)
    try:
        for one in _names(inner):
            if stat.S_ISDIR(os.stat(one, dir_fd=inner, follow_symlinks=False).st_mode):
                os.rename(one, f"up-{secrets.token_hex(8)}", src_dir_fd=inner, dst_dir_fd=top)
            else:
                os.unlink(one, dir_fd=inner)
    finally:
        os.close(inner)


def _may_be_entered(found: os.stat_result, groups: Collection[int]) -> bool:
    by_group = found.st_gid in groups and found.st_mode & stat.S_IXGRP
    return stat.S_ISDIR(found.st_mode) and bool(by_group or found.st_mode & stat.S_IXOTH)


def _names(folder: int) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]


def _open_to_all(folder: str) -> bool:
    try:
        found = Path(folder).stat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and bool(found.st_mode & stat.S_IWOTH)


def _is_mount(folder: Path) -> bool:
    return os.path.ismount(folder)


# --- System V


def _clear_system_v(uids: frozenset[int]) -> Iterator[str]:
    removals: tuple[tuple[str, str, Callable[[int], int]], ...] = (
        ("shm", "shmid", lambda number: _libc.shmctl(number, _IPC_RMID, None)),
        ("sem", "semid", lambda number: _libc.semctl(number, 0, _IPC_RMID)),
        ("msg", "msqid", lambda number: _libc.msgctl(number, _IPC_RMID, None)),
    )
    for kind, column, remove in removals:
        for number in _system_v_of(uids, kind, column):
            if remove(number) != 0:
                yield f"System V {kind} {number}: {os.strerror(ctypes.get_errno())}"


def _system_v_of(uids: frozenset[int], kind: str, column: str) -> list[int]:
    try:
        head, *lines = Path(f"/proc/sysvipc/{kind}").read_text().splitlines()
    except (OSError, ValueError):
        return []  # a kernel without them
    names = head.split()
    rows = [dict(zip(names, map(int, line.split()), strict=False)) for line in lines]
    return [row[column] for row in rows if uids & {row["uid"], row["cuid"]}]
