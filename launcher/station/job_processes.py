"""Sessions as jobs of Windows: no process of theirs can leave, and none outlives the station. Not run so far."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from launcher.station.processes import SessionProcess, Swept
from launcher.win32.ports import Kernel32, Started

_ENDED: Final = 1
"""The exit status of what is ended: Windows has no signals to name."""

_ENDED_WITHIN_S: Final = 5.0
_LOOK_EVERY_S: Final = 0.01


class JobProcesses:
    """Windows (see :class:`launcher.station.processes.SessionProcesses`).

    A session stands still until it is in its job: so all that it starts is too. The job is named after its token, for
    :meth:`sweep`; when the station is gone the kernel ends every process of it.
    """

    def __init__(self, kernel32: Kernel32) -> None:
        self._kernel32 = kernel32
        self._jobs: dict[str, int] = {}

    def prepare(self) -> None:
        """Let no box of a failed program stand on the screen. Dumps are written, or not, as Windows is set up."""
        self._kernel32.no_fault_boxes()

    def start(self, argv: Sequence[str], env: Mapping[str, str], token: str, fds: Sequence[int]) -> SessionProcess:
        """Start the program in a job of its own; ``fds`` are handles."""
        started = self._kernel32.start(argv, env, fds)
        try:
            session = self.adopt(started, token)
            self._kernel32.resume(started.pid)
        except OSError:
            started.kill()
            self._let_go(token)
            raise
        return session

    def adopt(self, started: Started, token: str) -> SessionProcess:
        """Put a process into a job and watch over it; what it started before is not in the job. Raises ``OSError``."""
        self._jobs[token] = job = self._kernel32.create_job(_name(token))
        self._kernel32.assign(job, started.pid)
        exited: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        threading.Thread(target=_wait, args=(started, exited), name="session-exit", daemon=True).start()
        return SessionProcess(started.pid, token, exited)

    def look(self, sessions: Collection[SessionProcess]) -> None:
        """Nothing need be remembered: the job knows."""

    async def wait(self, session: SessionProcess, within_s: float) -> None:
        """Give the session time to end by itself."""
        await asyncio.wait([session.exited], timeout=within_s)

    async def end(self, session: SessionProcess, sessions: Collection[SessionProcess]) -> Swept:
        """End all processes of the session's job; nobody else's can be among them."""
        job = self._jobs.get(session.token)
        if job is None:
            return Swept(0, ())  # it was ended before
        swept = await self._terminate(job)
        await asyncio.wait([session.exited], timeout=_ENDED_WITHIN_S)
        if not swept.remained:  # else it can be tried again
            self._let_go(session.token)
        return swept

    async def sweep(self, token: str) -> Swept:
        """End the job of a session that is gone, where one is left: somebody else holds a handle to it."""
        job = self._kernel32.open_job(_name(token))
        if not job:
            return Swept(0, ())
        try:
            return await self._terminate(job)
        finally:
            self._kernel32.close(job)

    async def _terminate(self, job: int) -> Swept:
        before = self._kernel32.pids(job)
        self._kernel32.terminate(job, _ENDED)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _ENDED_WITHIN_S
        while (left := self._kernel32.pids(job)) and loop.time() < deadline:  # noqa: ASYNC110 - a job tells nobody
            await asyncio.sleep(_LOOK_EVERY_S)
        return Swept(len(set(before) - set(left)), tuple(f"process {pid}" for pid in left))

    def _let_go(self, token: str) -> None:
        job = self._jobs.pop(token, None)
        if job is not None:
            self._kernel32.close(job)


def _name(token: str) -> str:
    return f"Local\\station-launcher-{token}"


def _wait(started: Started, exited: asyncio.Future[int]) -> None:
    status = started.wait()

    def say() -> None:
        if not exited.done():
            exited.set_result(status)

    with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
        exited.get_loop().call_soon_threadsafe(say)
