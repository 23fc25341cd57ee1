"""Faults of the computer's or the station's own in the station's parts: what goes on all the same."""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
from pathlib import Path
from typing import Never, cast

import pytest

from launcher.errors import WireError
from launcher.station import launching, waiting
from launcher.station.errors import NoSlotFreeError
from launcher.station.link import Link
from launcher.station.lodging import Lodging, Started
from launcher.station.tasks import Tasks
from launcher.wire.codec import encode
from launcher.wire.first_heard import FirstWord
from launcher.wire.messages import Complete, LoggingOff, ToStation
from tests.servers import root
from tests.servers.root import unused_slots
from tests.unit.station.slot_bench import program

ROOT = Path(__file__).parents[3]


def test_a_message_that_cannot_be_taken_does_not_end_the_link(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[FirstWord | ToStation] = []

    def on_message(message: FirstWord | ToStation) -> None:
        heard.append(message)
        if isinstance(message, Complete):
            raise KeyError("a fault of the station's own")

    async def said() -> None:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        closed = asyncio.Event()
        refused: list[WireError] = []
        link = Link(on_message, refused.append, closed.set)
        link.start(ours)
        with theirs:
            theirs.sendall(encode(Complete()) + encode(LoggingOff()))
        async with asyncio.timeout(30):
            await closed.wait()
        await link.close()
        assert refused == []

    with caplog.at_level(logging.ERROR, "launcher.station"):
        asyncio.run(said())
    assert heard == [Complete(), LoggingOff()]
    assert [one.message for one in caplog.records] == ["message-not-taken"]


class FaultyLodging:
    """Finds a slot only at the third look, after two faults."""

    def __init__(self) -> None:
        self.looks = 0

    async def clean_again(self) -> None:
        self.looks += 1
        if self.looks == 1:
            raise RuntimeError("can't start new thread")

    def start(self) -> Started:
        if self.looks == 2:
            raise ValueError("cannot start")
        if self.looks < 2:
            raise NoSlotFreeError("none is free")
        return cast(Started, "started")


def test_a_session_that_waits_for_a_slot_is_looked_after_whatever_a_look_meets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_AGAIN_S", 0.01)

    async def waits() -> None:
        tasks = Tasks()
        begun: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        lodging = FaultyLodging()
        waits = waiting.Waiting(
            cast(Lodging, lodging),
            tasks,
            lambda _: True,
            lambda session, _: begun.set_result(session),
            lambda _: None,
        )
        waits.add(7, NoSlotFreeError("none is free"))
        async with asyncio.timeout(30):
            assert await begun == 7
        await tasks.done()
        assert lodging.looks == 3

    asyncio.run(waits())


# The computer allows its accounts fewer processes than a session would ask for.
FEW = """
import os, resource, sys
from launcher.station.launching import launch_in
from launcher.station.slots import Slot
resource.setrlimit(resource.RLIMIT_NPROC, (1000, 1000))
uid = int(sys.argv[1])
started = launch_in(Slot("slot", uid, uid, uid), sys.argv[2:], {}, ())
sys.exit(started.wait())
"""
LIMIT = "import resource; print(resource.getrlimit(resource.RLIMIT_NPROC), file=__import__('sys').stderr)"


@pytest.mark.needs("root")
def test_a_session_begins_also_where_fewer_processes_are_allowed() -> None:
    (slot,) = unused_slots(1)
    done = subprocess.run(
        [sys.executable, "-c", FEW, str(slot.uid), *program(LIMIT)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "(1000, 1000)\n")


@pytest.mark.needs("root")
def test_a_session_that_cannot_be_begun_as_its_account_is_one_that_does_not_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails() -> Never:
        raise ValueError("what is done in the child meets a fault")

    monkeypatch.setattr(launching, "become_subreaper", fails)
    assert root.python() is not None
    with pytest.raises(OSError, match="slot1"):
        launching.launch_in(unused_slots(1)[0], program("pass"), {}, ())
