"""What every idle clock keeps to: the X server's, on a real display, Windows' on paper, and what sessions say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from launcher.display.idle import X11IdleClock
from launcher.display.win32_idle import Win32IdleClock
from launcher.station.idle import Activity, TouchedIdleClock, native_idle_clock
from tests.unit.win32.paper import WRAP, PaperDesktop, PaperKernel

if TYPE_CHECKING:
    from launcher.display.ports import IdleClock
    from tests.servers.xvfb import Screen


@dataclass(frozen=True, slots=True)
class Terminal:
    """An idle clock, and hands that touch what it watches."""

    clock: IdleClock
    touch: Callable[[], None]


@pytest.fixture(params=["x-server", "touched", "windows-on-paper"])
def terminal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    if request.param == "touched":
        told = TouchedIdleClock()
        told.touched()
        yield Terminal(told, told.touched)
        return
    if request.param == "windows-on-paper":
        desktop, kernel = PaperDesktop(), PaperKernel()
        desktop.ticks_at_boot = WRAP - 200  # its count begins anew while it is looked at
        kernel.ticks = desktop.tick_ms
        yield Terminal(Win32IdleClock(desktop, kernel), desktop.touch)
        return
    screen: Screen = request.getfixturevalue("screen")
    monkeypatch.setenv("XAUTHORITY", str(screen.authority))
    yield from _x_terminal(screen)


def _x_terminal(screen: Screen) -> Iterator[Terminal]:
    from Xlib import X, display
    from Xlib.ext import xtest

    connection = display.Display(screen.display)

    def touch() -> None:
        for kind in (X.KeyPress, X.KeyRelease):
            xtest.fake_input(connection, kind, 38)
        connection.sync()

    clock = X11IdleClock(screen.display)
    try:
        yield Terminal(clock, touch)
    finally:
        clock.close()
        connection.close()


def _until(clock: IdleClock, holds: Callable[[float], bool]) -> float:
    """Ask until it is so; a clock that goes is not waited for long."""
    while True:
        idle_s = clock.idle_s()
        assert idle_s is not None
        if holds(idle_s):
            return idle_s


@pytest.mark.needs("xvfb")
def test_it_grows_while_nobody_touches_anything_and_goes_back_at_a_touch(terminal: Terminal) -> None:
    terminal.touch()
    first = _until(terminal.clock, lambda idle_s: idle_s >= 0)
    grown = _until(terminal.clock, lambda idle_s: idle_s > first + 0.3)
    terminal.touch()
    assert _until(terminal.clock, lambda idle_s: idle_s < grown) < grown


@pytest.mark.needs("xvfb")
def test_it_tells_when_somebody_was_last_active(terminal: Terminal) -> None:
    activity = Activity()
    terminal.touch()
    activity.look(terminal.clock.idle_s())
    first = activity.last
    _until(terminal.clock, lambda idle_s: idle_s > 0.5)
    activity.look(terminal.clock.idle_s())
    assert activity.last == first
    terminal.touch()
    activity.look(terminal.clock.idle_s())
    assert activity.last > first


def test_a_display_that_is_not_there_is_not_known_and_no_fault() -> None:
    clock = native_idle_clock({"DISPLAY": ":5000"})
    assert isinstance(clock, X11IdleClock)
    assert clock.idle_s() is None
    assert clock.idle_s() is None
    clock.close()
    assert native_idle_clock({}) is None
