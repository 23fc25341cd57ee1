"""Starting a session's process and ending it with everything it started: the protocol, and how Linux does it.

On Windows a session is a job (``job_processes``).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from launcher.residue.tree import ProcessRow, descendants, environment_of, process, processes
from launcher.wire.mark import TOKEN

_KILLED_WITHIN_S: Final = 5.0
_LOOK_EVERY_S: Final = 0.1

Seen = set[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Swept:
    """What ending a tree did: how many processes were ended, and the names of those that are still there."""

    ended: int
    remained: tuple[str, ...]


@dataclass(eq=False)
class SessionProcess:
    """A running session: its pid, and a future that holds its exit status (negative: the signal that ended it)."""

    pid: int
    token: str
    exited: asyncio.Future[int]
    seen: Seen = field(default_factory=set)


class SessionProcesses(Protocol):
    """What the supervisor needs of the operating system."""

    def prepare(self) -> None:
        """Make this process the one that orphans of sessions come back to; no core files."""
        ...

    def start(self, argv: Sequence[str], env: Mapping[str, str], token: str, fds: Sequence[int]) -> SessionProcess:
        """Start a session with the descriptors and nothing else of ours. Raises ``OSError``."""
        ...

    def adopt(self, started: subprocess.Popen[bytes], token: str) -> SessionProcess:
        """Watch over a session that was started before the loop ran."""
        ...

    def look(self, sessions: Collection[SessionProcess]) -> None:
        """Remember which processes are below each session now, so that they are known as its own when it is gone."""
        ...

    async def wait(self, session: SessionProcess, within_s: float) -> None:
        """Give the session time to end by itself."""
        ...

    async def end(self, session: SessionProcess, sessions: Collection[SessionProcess]) -> Swept:
        """End the session and all its processes until none remain; ``sessions`` are all that live."""
        ...

    async def sweep(self, token: str) -> Swept:
        """End whatever carries the token of a session that is gone."""
        ...


def native_processes(*, alone: bool = False) -> SessionProcesses:
    """Return what this operating system has; ``alone``: this process starts sessions and nothing else."""
    if sys.platform == "win32":
        from launcher.station.job_processes import JobProcesses
        from launcher.win32.api import WindowsKernel32

        return JobProcesses(WindowsKernel32())
    return PosixProcesses(alone=alone)


class PosixProcesses:
    """Linux: subreapers, pidfds and /proc.

    A session is made a subreaper before its program begins: what it starts stays below it, whatever it forks and
    however often, until it is gone; what is left then comes to us. A process is taken for a session's own when it was
    seen below it, carries its token, or is in its process session. That it became our child says so only where we are
    ``alone``: elsewhere the station runs inside a program with children of its own.
    """

    def __init__(self, *, alone: bool = False) -> None:
        self._alone = alone
        self._sessions: list[SessionProcess] = []

    def prepare(self) -> None:
        """Become a subreaper, and forbid core files here and below."""
        from launcher.station.launching import become_subreaper, forbid_cores  # late: Linux has it alone

        become_subreaper()
        forbid_cores()

    def start(self, argv: Sequence[str], env: Mapping[str, str], token: str, fds: Sequence[int]) -> SessionProcess:
        """Start the program in a process session of its own, its standard output on our standard error."""
        from launcher.station.launching import launch  # late, as above

        return self.adopt(launch(argv, env, fds), token)

    def adopt(self, started: subprocess.Popen[bytes], token: str) -> SessionProcess:
        """Watch over a started program by its pidfd."""
        loop = asyncio.get_running_loop()
        session = SessionProcess(started.pid, token, loop.create_future())
        _watch(loop, started, session.exited)
        self._sessions = [session, *(one for one in self._sessions if not one.exited.done())]
        return session

    def look(self, sessions: Collection[SessionProcess]) -> None:
        """Remember what is below each session now: one walk for all."""
        rows = processes()
        for session in sessions:
            session.seen.update((row.pid, row.start) for row in descendants(session.pid, rows))

    async def wait(self, session: SessionProcess, within_s: float) -> None:
        """Wait, and keep an eye on what is below the session: after its end nobody could tell."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within_s
        while not session.exited.done() and loop.time() < deadline:
            self.look((session,))
            await asyncio.wait([session.exited], timeout=min(_LOOK_EVERY_S, max(0.0, deadline - loop.time())))

    async def end(self, session: SessionProcess, sessions: Collection[SessionProcess]) -> Swept:
        """Stop the session so that nothing new begins, end what is below it, then it, then what came to us."""
        ended = 0
        if not session.exited.done():
            # While it is stopped, orphans still come to it: what is below it is all there is.
            _signal(session.pid, signal.SIGSTOP)
            self.look((session,))
            below, _ = await _kill_all(lambda: [row for row in descendants(session.pid) if not row.zombie])
            ended += below
            _signal(session.pid, signal.SIGKILL)
            await asyncio.wait([session.exited], timeout=_KILLED_WITHIN_S)
            ended += 1
        spared = {one.pid for one in sessions if one is not session}
        more, left = await _kill_all(lambda: self._belonging(session, spared))
        ended += more
        self._reap(session)
        alone = () if session.exited.done() else (f"session {session.pid}",)
        return Swept(ended, (*alone, *(f"{row.name} {row.pid}" for row in left)))

    async def sweep(self, token: str) -> Swept:
        """End what carries the token, wherever it hangs in the tree."""
        ended, left = await _kill_all(lambda: _carrying(token, processes()))
        return Swept(ended, tuple(f"{row.name} {row.pid}" for row in left))

    def _belonging(self, session: SessionProcess, spared: Collection[int]) -> list[ProcessRow]:
        rows = processes()
        mine = {
            row.pid: row
            for row in rows.values()
            if (row.pid, row.start) in session.seen or row.session == session.pid or row.pid == session.pid
        }
        mine.update((row.pid, row) for row in _carrying(session.token, rows))
        if self._alone:
            # A living session keeps its orphans. Those that are here were of one that is gone.
            started = {one.pid for one in self._sessions}
            orphans = (row for row in rows.values() if row.parent == os.getpid() and row.pid not in started)
            mine.update((row.pid, row) for row in orphans)
        for row in tuple(mine.values()):
            mine.update((below.pid, below) for below in descendants(row.pid, rows))
        # Remembered for the reaping: a zombie has neither environment nor children left to know it by.
        session.seen.update((row.pid, row.start) for row in mine.values())
        alive = [row for row in mine.values() if not row.zombie and row.pid != os.getpid()]
        return [row for row in alive if row.pid not in spared and row.pid != session.pid]

    def _reap(self, session: SessionProcess) -> None:
        """Take the dead that came to us off the kernel's list."""
        for pid, start in tuple(session.seen):
            row = process(pid)
            if row is not None and row.start == start and row.parent == os.getpid() and pid != session.pid:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)


def _carrying(token: str, rows: Mapping[int, ProcessRow]) -> list[ProcessRow]:
    wanted = token.encode()
    return [
        row
        for row in rows.values()
        if row.pid != os.getpid() and not row.zombie and environment_of(row.pid).get(TOKEN.encode()) == wanted
    ]


class _Which(Protocol):
    def __call__(self) -> list[ProcessRow]: ...


async def _kill_all(which: _Which) -> tuple[int, list[ProcessRow]]:
    """Kill until none is left or the time is over; return how many there were, and those that are left."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _KILLED_WITHIN_S
    killed: Seen = set()
    while rows := which():
        for row in rows:
            _signal(row.pid, signal.SIGKILL)
            killed.add((row.pid, row.start))
        if loop.time() > deadline:
            break
        await asyncio.gather(*(_gone(row, deadline - loop.time()) for row in rows))
    return len(killed), rows


async def _gone(row: ProcessRow, within_s: float) -> None:
    """Wait until a process that was killed has ended."""
    loop = asyncio.get_running_loop()
    pidfd = _pidfd(row.pid)
    if pidfd is None:
        await asyncio.sleep(0.002)
        return
    ended = loop.create_future()
    loop.add_reader(pidfd, lambda: None if ended.done() else ended.set_result(None))
    try:
        await asyncio.wait([ended], timeout=within_s)
    finally:
        loop.remove_reader(pidfd)
        os.close(pidfd)


def _watch(loop: asyncio.AbstractEventLoop, started: subprocess.Popen[bytes], exited: asyncio.Future[int]) -> None:
    """Resolve the future when the process ends: by its pidfd, or by a thread that waits where there is none."""
    pidfd = _pidfd(started.pid)
    if pidfd is None:
        waiting = loop.run_in_executor(None, started.wait)
        waiting.add_done_callback(lambda done: None if exited.done() else exited.set_result(done.result()))
        return

    def ended() -> None:
        loop.remove_reader(pidfd)
        os.close(pidfd)
        if not exited.done():
            exited.set_result(started.wait())

    loop.add_reader(pidfd, ended)


def _pidfd(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except (OSError, AttributeError):
        return None


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
