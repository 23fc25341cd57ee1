"""Processes and their descendants, read from /proc (Linux)."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """One process. ``start`` (clock ticks since boot) makes a pid unique: numbers are used again.

    ``stopped``: by SIGSTOP, its terminal or a debugger; it does nothing until it is let go on, and can be killed.
    """

    pid: int
    parent: int
    session: int
    start: int
    zombie: bool
    name: str
    stopped: bool = False


def process(pid: int) -> ProcessRow | None:
    """Return the row of one process, or None when there is none."""
    untrusted = _read(f"/proc/{pid}/stat")
    # The name is in parentheses and may itself hold spaces and parentheses.
    head, _, tail = untrusted.rpartition(b")")
    fields = tail.split()
    if len(fields) < 20:
        return None
    state, threads = fields[0], int(fields[17])
    if state == b"Z" and threads > 1:
        state = _without_its_first_thread(pid)
    return ProcessRow(
        pid=pid,
        parent=int(fields[1]),
        session=int(fields[3]),
        start=int(fields[19]),
        zombie=state in (b"Z", b"X"),
        name=head.partition(b"(")[2].decode(errors="replace"),
        stopped=state in (b"T", b"t"),
    )


def processes() -> Mapping[int, ProcessRow]:
    """Return all processes there are now, by pid."""
    with os.scandir("/proc") as entries:
        rows = [process(int(entry.name)) for entry in entries if entry.name.isdecimal()]
    return {row.pid: row for row in rows if row is not None}


def descendants(pid: int, rows: Mapping[int, ProcessRow] | None = None) -> tuple[ProcessRow, ...]:
    """Return the children of a process, theirs, and so on, parents first."""
    rows = processes() if rows is None else rows
    children: defaultdict[int, list[ProcessRow]] = defaultdict(list)
    for row in rows.values():
        children[row.parent].append(row)
    below: list[ProcessRow] = []
    queue = [pid]
    for parent in queue:
        below.extend(children[parent])
        queue.extend(row.pid for row in children[parent])
    return tuple(below)


def children(pid: int) -> tuple[int, ...]:
    """Return the children of a process as they are this moment: a walk over all processes takes many milliseconds."""
    try:
        with os.scandir(f"/proc/{pid}/task") as entries:
            files = [f"{entry.path}/children" for entry in entries]
    except OSError:
        return ()
    if not os.access(f"/proc/{pid}/task/{pid}/children", os.R_OK):
        return tuple(row.pid for row in processes().values() if row.parent == pid)  # a kernel without that file
    return tuple(int(one) for file in files for one in _read(file).split())


def process_name(pid: int) -> str:
    """Return a process's short name, or an empty string."""
    row = process(pid)
    return row.name if row is not None else ""


def process_start(pid: int) -> int | None:
    """Return when a process began, in ticks, or None when there is none."""
    row = process(pid)
    return row.start if row is not None else None


def environment_of(pid: int) -> Mapping[bytes, bytes]:
    """Return the environment a process was started with; empty where it cannot be read."""
    pairs = (line.partition(b"=") for line in _read(f"/proc/{pid}/environ").split(b"\0") if line)
    return {name: value for name, _, value in pairs}


def _without_its_first_thread(pid: int) -> bytes:
    """Return the state of a process whose first thread has ended: it looks dead, and its others live."""
    try:
        tasks = [entry.name for entry in os.scandir(f"/proc/{pid}/task") if entry.name != str(pid)]
    except OSError:
        return b"Z"
    states = [_read(f"/proc/{pid}/task/{task}/stat").rpartition(b")")[2].split()[:1] for task in tasks]
    going = [state[0] for state in states if state and state[0] not in (b"Z", b"X")]
    return next((state for state in going if state not in (b"T", b"t")), going[0] if going else b"Z")


def _read(path: str) -> bytes:
    """Read a file of /proc; empty where there is none. Plain system calls: a walk is made each second."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        whole = b""
        while part := os.read(descriptor, 65536):
            whole += part
        return whole
    except OSError:
        return b""
    finally:
        os.close(descriptor)
