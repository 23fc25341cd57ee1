"""What one officer copied is in no clipboard of the display when the next one comes: a station on a real X screen."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from Xlib import X, Xatom

from launcher.station import SessionEnded
from launcher.station.clipboards import empty_clipboards
from launcher.station.processes import SessionProcess
from tests.journeys.station_bench import station
from tests.servers import xvfb
from tests.servers.x_programs import Eyes, Program, python
from tests.servers.xvfb import Screen

pytestmark = pytest.mark.needs("xvfb")

SELECTIONS = ("PRIMARY", "CLIPBOARD")
CANARY = b"custody note of 4471"

KEEPER = """
import sys
from Xlib import X
from Xlib.display import Display
display = Display()
window = display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
for name in sys.argv[1:]:
    window.set_selection_owner(display.intern_atom(name), X.CurrentTime)
display.sync()
print("holds", flush=True)
while True:
    display.next_event()
"""
"""Holds selections for as long as it lives, as a keeper of clipboards does."""


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    # A display begins anew when its last client leaves: one stays, as on a terminal.
    with xvfb.running_xvfb(width=320, height=240) as display, Eyes(display):
        yield display


@pytest.fixture
def eyes(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> Iterator[Eyes]:
    for name, value in screen.environment.items():
        monkeypatch.setenv(name, value)
    # A display that is busy answers late; one that is given up on is a test's own.
    monkeypatch.setattr("launcher.display.x_server.ANSWER_WITHIN_S", 30.0)
    with Eyes(screen) as looking:
        yield looking


@pytest.fixture
def keeper(screen: Screen, eyes: Eyes) -> Iterator[Program]:
    """A program that is no session's and holds what was copied; the cut buffers hold it, too."""
    program = python(screen, KEEPER, *SELECTIONS)
    assert program.line() == "holds"
    for buffer in (Xatom.CUT_BUFFER0, Xatom.CUT_BUFFER7):
        eyes.root.change_property(buffer, Xatom.STRING, 8, CANARY)
    eyes.display.sync()
    yield program
    program.end()


def held(eyes: Eyes) -> dict[str, bool]:
    """Which clipboards hold anything."""
    owners = {name: eyes.display.get_selection_owner(eyes.display.intern_atom(name)) for name in SELECTIONS}
    cut = {f"CUT_BUFFER{nth}": getattr(Xatom, f"CUT_BUFFER{nth}") for nth in (0, 7)}
    return {
        **{name: owner != X.NONE for name, owner in owners.items()},
        **{name: eyes.root.get_full_property(buffer, X.AnyPropertyType) is not None for name, buffer in cut.items()},
    }


ALL = {"PRIMARY": True, "CLIPBOARD": True, "CUT_BUFFER0": True, "CUT_BUFFER7": True}


@pytest.mark.parametrize("way", ["log-off", "kill -9"])
def test_nothing_that_was_copied_is_left_when_a_session_has_ended(
    tmp_path: Path, eyes: Eyes, keeper: Program, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.station.idle.native_idle_clock", lambda environ: None)  # nobody here is idle

    async def journey() -> None:
        async with station(tmp_path) as here:
            _, hands = await here.shown_session()
            await here.spare()
            await here.spare()
            await hands.do("sign-in")
            assert held(eyes) == ALL
            if way == "log-off":
                await hands.do("log-off")
            else:
                os.kill(hands.pid, signal.SIGKILL)
            assert (await here.next(SessionEnded)).remained == ()
            assert held(eyes) == dict.fromkeys(ALL, False)

    asyncio.run(journey())


def test_nothing_that_was_copied_is_left_by_a_station_that_was_killed(
    tmp_path: Path, eyes: Eyes, keeper: Program
) -> None:
    # Its folder: no station holds the lock of it.
    left = tmp_path / "homes" / f"station-launcher-{os.getuid()}-killed"
    left.mkdir(parents=True, mode=0o700)
    (left / ".station").touch(mode=0o600)
    assert held(eyes) == ALL

    async def journey() -> None:
        async with station(tmp_path) as here:
            await here.shown_session()
            assert held(eyes) == dict.fromkeys(ALL, False)

    asyncio.run(journey())
    assert not left.exists()


def test_what_another_session_has_copied_meanwhile_stays(screen: Screen, eyes: Eyes, keeper: Program) -> None:
    async def walk() -> None:
        goes_on = SessionProcess(keeper.pid, "", asyncio.get_running_loop().create_future())
        assert await empty_clipboards(screen.environment, [goes_on]) == ()

    asyncio.run(walk())
    # Nobody can tell whose a cut buffer is.
    assert held(eyes) == {**ALL, "CUT_BUFFER0": False, "CUT_BUFFER7": False}


def test_a_display_that_does_not_answer_is_said_to_keep_something(
    screen: Screen, eyes: Eyes, keeper: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.kill(screen.pid, signal.SIGSTOP)
    try:
        with monkeypatch.context() as hurried:
            hurried.setattr("launcher.display.x_server.ANSWER_WITHIN_S", 0.1)
            assert asyncio.run(empty_clipboards(screen.environment, [])) == ("clipboards of the display",)
    finally:
        os.kill(screen.pid, signal.SIGCONT)
    assert asyncio.run(empty_clipboards(screen.environment, [])) == ()
    assert held(eyes) == dict.fromkeys(ALL, False)


def test_where_no_display_is_nothing_is_left() -> None:
    assert asyncio.run(empty_clipboards({}, [])) == ()
    assert asyncio.run(empty_clipboards({"DISPLAY": ":65533"}, [])) == ()
