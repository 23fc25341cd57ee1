"""What a station asks of the operating system for its sessions, held by both ways of doing it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from launcher.residue.tree import process
from launcher.station.homes import Homes
from launcher.station.processes import PosixProcesses, SessionProcess, SessionProcesses
from launcher.station.slot_processes import SlotProcesses
from launcher.wire.mark import TOKEN
from tests.unit.station.slot_bench import SAY, few_places, program, slot_homes


class MakesHomes(Protocol):
    def make(self) -> Path: ...


class Bench:
    """Processes and homes of one kind; starts programs that say one line."""

    def __init__(self, processes: SessionProcesses, homes: MakesHomes) -> None:
        self.processes = processes
        self.homes = homes
        processes.prepare()

    async def start(self, code: str) -> tuple[SessionProcess, str]:
        token = self.homes.make().name
        reading, writing = os.pipe()
        env = {"PATH": os.environ["PATH"], TOKEN: token, "SAY": str(writing)}
        session = self.processes.start(self.argv(SAY + code), env, token, (writing,))
        os.close(writing)
        with os.fdopen(reading) as answers:
            return session, (await asyncio.to_thread(answers.readline)).strip()

    def argv(self, code: str) -> tuple[str, ...]:
        return program(code) if isinstance(self.processes, SlotProcesses) else ("/usr/bin/env", "python3", "-c", code)


@pytest.fixture(params=["own-account", pytest.param("slots", marks=pytest.mark.needs("root"))], scope="module")
def bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    if request.param == "slots":
        with slot_homes(6, open_to_all=few_places) as made:
            yield Bench(SlotProcesses(made), made)
    else:
        homes = Homes(tmp_path_factory.mktemp("homes"))
        yield Bench(PosixProcesses(), homes)
        homes.close()


TREE = """
program = os.fork()
if program == 0:
    os.setsid()
    if os.fork(): os._exit(0)
    say(os.getpid())
    os.execve("/bin/sleep", ["sleep", "1000"], {})
signal.pause()
"""


def test_the_end_of_one_session_ends_what_it_started_and_nothing_of_another(bench: Bench) -> None:
    async def journey() -> None:
        first, escaped = await bench.start(TREE)
        second, others = await bench.start(TREE)
        sessions = (first, second)
        swept = await bench.processes.end(first, sessions)
        assert swept.ended >= 2
        assert swept.remained == ()
        assert first.exited.result() == -signal.SIGKILL
        assert process(int(escaped)) is None
        assert process(int(others)) is not None
        assert not second.exited.done()
        assert (await bench.processes.end(second, (second,))).remained == ()
        assert process(int(others)) is None

    asyncio.run(journey())


def test_a_session_that_ends_by_itself_is_waited_for_and_says_how(bench: Bench) -> None:
    async def journey() -> None:
        session, said = await bench.start("say('there'); sys.exit(3)")
        assert said == "there"
        await bench.processes.wait(session, 30.0)
        assert session.exited.result() == 3
        swept = await bench.processes.end(session, (session,))
        assert (swept.ended, swept.remained) == (0, ())

    asyncio.run(journey())


def test_what_a_session_left_when_it_was_killed_is_ended(bench: Bench) -> None:
    async def journey() -> None:
        session, escaped = await bench.start(TREE)
        bench.processes.look((session,))
        os.kill(session.pid, signal.SIGKILL)
        await session.exited
        swept = await bench.processes.end(session, (session,))
        assert swept.remained == ()
        assert process(int(escaped)) is None

    asyncio.run(journey())


def test_a_program_that_is_not_there_is_said(bench: Bench) -> None:
    async def journey() -> None:
        token = bench.homes.make().name
        with pytest.raises(OSError, match="nowhere"):
            bench.processes.start(("/nowhere",), {}, token, ())

    asyncio.run(journey())


def test_a_session_has_the_descriptors_it_is_given_and_no_others(bench: Bench) -> None:
    code = "say(sorted(int(one) for one in os.listdir('/proc/self/fd'))[3:]); signal.pause()"

    async def journey() -> None:
        session, said = await bench.start(code)
        assert len(said.split(",")) == 2, "its own way to say it, and the folder it lists"
        await bench.processes.end(session, (session,))

    with Path("/etc/hostname").open() as ours:
        os.set_inheritable(ours.fileno(), True)
        asyncio.run(journey())
