"""The idle clock of Windows over the end of its 32 bits, and its lock key; the desktop is one on paper."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from launcher.display import win32_keys
from launcher.display.win32_idle import Win32IdleClock
from launcher.display.win32_keys import Win32LockKey
from launcher.win32.ports import MOD_NOREPEAT, MOD_WIN, VK_F12
from tests.unit.win32.paper import WRAP, PaperDesktop, PaperKernel

DAY_MS = 86_400_000


@pytest.mark.parametrize(
    ("last_ms", "now_ms", "idle_s"),
    [
        pytest.param(1000, 4500, 3.5, id="plain"),
        pytest.param(1000, 1000, 0.0, id="now"),
        pytest.param(WRAP - 500, 1500, 2.0, id="the count began anew"),
        pytest.param(WRAP - 1, 0, 0.001, id="just now"),
        pytest.param(2000, 1990, 0.0, id="an input that is of later"),
        pytest.param(5, WRAP - 5, 0.0, id="of later, and the count began anew"),
        pytest.param(0, 30 * DAY_MS, 30 * 86_400.0, id="longer than half of the count"),
        pytest.param(None, 7, None, id="not known"),
    ],
)
def test_the_idle_time_of_two_counts(last_ms: int | None, now_ms: int, idle_s: float | None) -> None:
    desktop, kernel = PaperDesktop(), PaperKernel()
    desktop.input_ms, kernel.ticks = last_ms, lambda: now_ms
    clock = Win32IdleClock(desktop, kernel)
    assert clock.idle_s() == idle_s
    clock.close()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline


class Desk:
    """A desktop and a lock key on it."""

    def __init__(self) -> None:
        self.desktop = PaperDesktop()
        self.pressed = threading.Semaphore(0)
        self.key = Win32LockKey(self.desktop, self.pressed.release)

    def press(self) -> bool:
        return self.desktop.press(VK_F12, MOD_WIN)


def test_each_press_locks_until_the_key_is_given_back() -> None:
    desk = Desk()
    assert not desk.press()
    desk.key.take()
    desk.key.take()
    for _ in range(3):
        until(desk.press)
        assert desk.pressed.acquire(timeout=20)
    desk.key.give_back()
    desk.key.give_back()
    until(lambda: not desk.desktop.keys_taken)
    assert not desk.press()
    desk.key.take()
    until(desk.press)
    assert desk.pressed.acquire(timeout=20)
    desk.key.give_back()


def test_a_key_of_anothers_is_said_once_and_taken_when_it_is_free(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(win32_keys, "AGAIN_MS", 1)
    desk = Desk()
    desk.desktop.keys_taken[VK_F12, MOD_WIN | MOD_NOREPEAT] = 0, 0
    desk.key.take()
    until(lambda: bool(caplog.messages))
    desk.desktop.keys_taken.clear()
    until(lambda: bool(desk.desktop.keys_taken))
    assert desk.press()
    assert desk.pressed.acquire(timeout=20)
    desk.key.give_back()
    until(lambda: not desk.desktop.keys_taken)
    assert caplog.messages == ["the lock key is another program's on this desktop"]


def test_a_key_that_is_not_to_be_had_is_given_up() -> None:
    desk = Desk()
    taken = desk.desktop.keys_taken[VK_F12, MOD_WIN | MOD_NOREPEAT] = 0, 0
    desk.key.take()
    until(lambda: bool(desk.desktop.queues))
    desk.key.give_back()
    until(lambda: "lock key" not in {thread.name for thread in threading.enumerate()})
    assert list(desk.desktop.keys_taken.values()) == [taken]
