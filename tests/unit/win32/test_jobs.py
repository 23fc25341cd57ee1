"""Sessions as jobs of Windows: all that a session starts ends with it; the kernel is one on paper."""

from __future__ import annotations

import asyncio

import pytest

from launcher.station import job_processes
from launcher.station.job_processes import JobProcesses
from launcher.station.processes import SessionProcess, SessionProcesses, Swept
from tests.unit.win32.paper import PaperKernel

NAME, OTHER = "0123456789abcdef", "fedcba9876543210"
ARGV = ("python", "-m", "launcher")


class Bench:
    """A kernel, and sessions in jobs of it."""

    def __init__(self) -> None:
        self.kernel = PaperKernel()
        self.processes: SessionProcesses = JobProcesses(self.kernel)

    def start(self, token: str = NAME) -> SessionProcess:
        return self.processes.start(ARGV, {}, token, (7,))

    def below(self, session: SessionProcess) -> int:
        """What it starts, and what that starts."""
        return self.kernel.child(self.kernel.child(self.kernel.processes[session.pid])).pid

    def lives(self, pid: int) -> bool:
        return self.kernel.processes[pid].status is None


def test_the_end_of_one_session_ends_what_it_started_and_nothing_of_another() -> None:
    async def journey() -> None:
        bench = Bench()
        bench.processes.prepare()
        assert not bench.kernel.fault_boxes
        first, second = bench.start(), bench.start(OTHER)
        assert bench.kernel.passed == [(7,), (7,)]
        escaped, others = bench.below(first), bench.below(second)
        bench.processes.look((first, second))
        assert await bench.processes.end(first, (first, second)) == Swept(3, ())
        assert first.exited.result() == 1
        assert not bench.lives(escaped)
        assert bench.lives(others)
        assert not second.exited.done()
        assert await bench.processes.end(first, (second,)) == Swept(0, ())
        assert await bench.processes.end(second, (second,)) == Swept(3, ())
        assert not bench.kernel.handles

    asyncio.run(journey())


def test_a_session_that_ends_by_itself_is_waited_for_and_says_how() -> None:
    async def journey() -> None:
        bench = Bench()
        session = bench.start()
        left = bench.below(session)
        bench.kernel.processes[session.pid].end(3)
        await bench.processes.wait(session, 30.0)
        assert session.exited.result() == 3
        assert (await bench.processes.end(session, (session,))).remained == ()
        assert not bench.lives(left)

    asyncio.run(journey())


def test_one_that_goes_on_is_waited_for_no_longer_than_that() -> None:
    async def journey() -> None:
        bench = Bench()
        session = bench.start()
        await bench.processes.wait(session, 0.0)
        assert not session.exited.done()
        await bench.processes.end(session, ())

    asyncio.run(journey())


def test_the_end_of_the_station_is_that_of_its_sessions() -> None:
    async def journey() -> None:
        bench = Bench()
        session = bench.start()
        escaped = bench.below(session)
        bench.kernel.die()
        assert not bench.lives(escaped)
        assert await session.exited == 1

    asyncio.run(journey())


def test_what_is_left_of_another_station_is_swept_by_its_name() -> None:
    async def journey() -> None:
        before, now = Bench(), Bench()
        now.kernel = before.kernel
        now.processes = JobProcesses(before.kernel)
        session = before.start()
        escaped = before.below(session)
        assert await now.processes.sweep(OTHER) == Swept(0, ())
        assert await now.processes.sweep(NAME) == Swept(3, ())
        assert not before.lives(escaped)
        assert len(before.kernel.handles) == 1
        await session.exited

    asyncio.run(journey())


def test_what_does_not_end_is_named_and_can_be_ended_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_processes, "_ENDED_WITHIN_S", 0.0)

    async def journey() -> None:
        bench = Bench()
        session = bench.start()
        stays = bench.below(session)
        bench.kernel.processes[stays].immortal = True
        assert await bench.processes.end(session, (session,)) == Swept(2, (f"process {stays}",))
        bench.kernel.processes[stays].immortal = False
        assert await bench.processes.end(session, (session,)) == Swept(1, ())
        await session.exited

    asyncio.run(journey())


@pytest.mark.parametrize("fails_at", ["create_job", "assign", "resume"])
def test_a_session_that_cannot_be_put_into_a_job_never_begins(fails_at: str) -> None:
    async def journey() -> None:
        bench = Bench()
        bench.kernel.fails_at = fails_at
        with pytest.raises(OSError, match=fails_at):
            bench.start()
        (process,) = bench.kernel.processes.values()
        assert not process.runs
        assert process.status is not None
        assert not bench.kernel.handles
        bench.kernel.fails_at = ""
        session = bench.start()
        await bench.processes.end(session, (session,))

    asyncio.run(journey())


def test_a_program_that_is_not_there_is_said() -> None:
    async def journey() -> None:
        with pytest.raises(OSError, match="nowhere"):
            Bench().processes.start(("nowhere",), {}, NAME, ())

    asyncio.run(journey())


def test_a_job_of_its_name_that_somebody_else_made_is_none_of_ours() -> None:
    async def journey() -> None:
        bench = Bench()
        bench.kernel.create_job(f"Local\\station-launcher-{NAME}")
        with pytest.raises(FileExistsError):
            bench.start()
        assert len(bench.kernel.handles) == 1

    asyncio.run(journey())
