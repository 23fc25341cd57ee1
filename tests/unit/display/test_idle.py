"""How long nobody has touched a real X display, by real keys."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import closing

import pytest

from launcher.display import idle, x_server
from launcher.display.idle import X11IdleClock
from launcher.display.ports import UnknownIdle
from tests.servers.x_programs import Eyes, type_keys
from tests.servers.xvfb import Screen, running_xvfb

pytestmark = pytest.mark.needs("xvfb")


@pytest.fixture
def clock(screen: Screen, eyes: Eyes) -> Iterator[X11IdleClock]:
    with closing(X11IdleClock(screen.display)) as made:
        yield made


def idle_s(clock: X11IdleClock) -> float:
    seconds = clock.idle_s()
    assert seconds is not None
    return seconds


@pytest.mark.needs("xdotool")
def test_it_grows_until_a_real_key_is_pressed(screen: Screen, eyes: Eyes, clock: X11IdleClock) -> None:
    first = idle_s(clock)
    eyes.until(lambda: idle_s(clock) > first)
    grown = idle_s(clock)
    type_keys(screen, "a")
    eyes.until(lambda: idle_s(clock) < grown or type_keys(screen, "a"))
    fallen = idle_s(clock)
    eyes.until(lambda: idle_s(clock) > fallen)


def test_a_display_that_stands_still_is_not_waited_for(
    screen: Screen, eyes: Eyes, clock: X11IdleClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert idle_s(clock) >= 0
    monkeypatch.setattr(x_server, "ANSWER_WITHIN_S", 0.05)
    monkeypatch.setattr(idle, "AGAIN_S", 0.0)
    os.kill(screen.pid, signal.SIGSTOP)
    try:
        assert clock.idle_s() is None
        assert clock.idle_s() is None
    finally:
        os.kill(screen.pid, signal.SIGCONT)
    eyes.until(lambda: clock.idle_s() is not None)


def test_a_display_that_ended_and_one_that_never_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "AGAIN_S", 0.0)
    with running_xvfb() as short:
        monkeypatch.setenv("XAUTHORITY", str(short.authority))
        clock = X11IdleClock(short.display)
        assert idle_s(clock) >= 0
    assert clock.idle_s() is None
    clock.close()
    assert X11IdleClock(":9999").idle_s() is None
    assert X11IdleClock("").idle_s() is None
    assert UnknownIdle().idle_s() is None
