"""What a session that does not answer has running stands still until it is let go, also what comes later."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from launcher.display.ports import NoWindows, Ours, WindowsSeen
from launcher.residue.tree import descendants
from launcher.station.held_still import HeldStill
from launcher.station.lock_events import LockStationEvent, ProgramsHeld
from launcher.station.tasks import Tasks

SESSION = """
import subprocess, sys
for _ in sys.stdin:
    subprocess.Popen(["/bin/sleep", "600"], start_new_session=True)
    print("started", flush=True)
"""
"""Starts a program at each word."""

AT = 3


class Held:
    """A session of which the station holds what runs below it."""

    def __init__(self, program: subprocess.Popen[bytes], environ: dict[str, str]) -> None:
        self._program = program
        self.tasks = Tasks()
        self.told: list[LockStationEvent] = []
        self.still = HeldStill(environ, self.tasks.begin, self.told.append)

    def hold(self) -> None:
        self.still.hold(AT, self._program.pid)

    def starts_another(self) -> None:
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(b"one\n")
        self._program.stdin.flush()
        assert self._program.stdout.readline() == b"started\n"

    def stopped(self) -> list[bool]:
        return [row.stopped for row in descendants(self._program.pid) if not row.zombie]

    async def until_stopped(self, programs: int) -> None:
        async with asyncio.timeout(20):
            while self.stopped() != [True] * programs or not self.told:  # noqa: ASYNC110 - the kernel tells nobody
                await asyncio.sleep(0.001)


@contextmanager
def session(environ: dict[str, str] | None = None) -> Iterator[Held]:
    program = subprocess.Popen(
        [sys.executable, "-c", SESSION], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    try:
        yield Held(program, environ or {})
    finally:
        rows = descendants(program.pid)
        with program:
            program.kill()
        for row in rows:
            os.kill(row.pid, 9)


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.station.held_still.AGAIN_S", 0.01, raising=False)


@pytest.mark.parametrize("end", ["let go", "ended"])
def test_what_is_started_while_it_holds_is_stopped_too(end: str) -> None:
    async def play() -> None:
        with session() as here:
            here.starts_another()
            here.hold()
            await here.until_stopped(1)
            here.starts_another()
            await here.until_stopped(2)
            if end == "let go":
                here.still.let_go(AT)
            else:
                here.still.forget(AT)
            async with asyncio.timeout(20):
                await here.tasks.done()  # it looks no more
            assert here.told[0] == ProgramsHeld(AT, 1, held=True)
            if end == "let go":
                assert here.stopped() == [False, False]
                assert here.told[-1] == ProgramsHeld(AT, 2, held=False)

    asyncio.run(play())


def test_to_be_asked_again_looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.station.held_still.AGAIN_S", 600.0, raising=False)

    async def play() -> None:
        with session() as here:
            here.starts_another()
            here.hold()
            await here.until_stopped(1)
            here.starts_another()
            here.hold()
            await here.until_stopped(2)
            here.still.let_go(AT)
            await here.tasks.done()
            assert here.stopped() == [False, False]

    asyncio.run(play())


class FaultyDisplay(NoWindows):
    """A display that raises what nobody has thought of."""

    def __init__(self, display_name: str) -> None:
        pass

    def hide(self, ours: Ours) -> WindowsSeen:
        raise IndexError("no such window")


def test_a_fault_while_hiding_keeps_no_program_from_being_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.display.windows.X11Windows", FaultyDisplay)

    async def play() -> None:
        with session({"DISPLAY": ":0"}) as here:
            here.starts_another()
            here.hold()
            await here.until_stopped(1)
            here.still.let_go(AT)
            await here.tasks.done()
            assert here.stopped() == [False]

    asyncio.run(play())
