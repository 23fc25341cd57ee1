"""Who holds the keyboard or the pointer for itself when a session is locked lets go, or is ended for it."""

from __future__ import annotations

import asyncio
import signal

import pytest

from launcher.session.outside import OutsidePrograms, OutsideStillSeenError
from tests.servers.x_programs import Eyes, python
from tests.servers.xvfb import Screen
from tests.unit.session.outside.bench import RED, begin, begin_window, play, start, xdotool

HOLDER = """
from Xlib import X
from Xlib.display import Display
display = Display()
root = display.screen().root
assert root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime) == X.GrabSuccess
assert root.grab_pointer(False, 0, X.GrabModeAsync, X.GrabModeAsync, X.NONE, X.NONE, X.CurrentTime) == X.GrabSuccess
print("holds", flush=True)
while True:
    display.next_event()
"""


@pytest.mark.needs("xvfb")
def test_who_holds_keyboard_and_pointer_for_itself_is_ended_and_no_other(
    screen: Screen, eyes: Eyes, spared: frozenset[int], caplog: pytest.LogCaptureFixture
) -> None:
    """Such a grab is of no window that could be hidden: nobody could type at the screen that comes next."""
    window = begin_window()
    holder = begin(HOLDER, first="holds")
    assert not eyes.may_take_the_pointer()

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()
        assert outside.seen.left == ""
        assert eyes.may_take_the_pointer()
        assert holder.wait(20) == -signal.SIGKILL
        assert window.poll() is None
        await outside.show()
        eyes.until(lambda: eyes.sees(RED))

    play(OutsidePrograms(spared=spared), walk)
    assert "held the keyboard" in caplog.text


HOLDS_POINTER = """
from Xlib import X
from Xlib.display import Display
display = Display()
root = display.screen().root
assert root.grab_pointer(False, 0, X.GrabModeAsync, X.GrabModeAsync, X.NONE, X.NONE, X.CurrentTime) == X.GrabSuccess
print("holds", flush=True)
while True:
    display.next_event()
"""


@pytest.mark.needs("xvfb")
@pytest.mark.parametrize("whose", ["the session's", "another's"])
def test_nobody_is_ended_for_the_pointer_alone(screen: Screen, eyes: Eyes, spared: frozenset[int], whose: str) -> None:
    holder = begin(HOLDS_POINTER, first="holds")
    if whose == "another's":
        spared |= {holder.pid}
    window = begin_window()
    assert not eyes.may_take_the_pointer()

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()  # with a PIN it can be unlocked by the keys
        assert outside.seen.left == ""
        assert (holder.poll(), window.poll()) == (None, None)

    play(OutsidePrograms(spared=spared), walk)
    holder.kill()
    eyes.until(eyes.may_take_the_pointer)


@pytest.mark.needs("xvfb")
def test_where_another_holds_the_keyboard_two_programs_are_ended_and_it_is_said(
    screen: Screen, eyes: Eyes, spared: frozenset[int]
) -> None:
    holder = begin(HOLDER, first="holds")
    spared |= {holder.pid}
    windows = [begin_window() for _ in range(4)]

    async def walk(outside: OutsidePrograms) -> None:
        with pytest.raises(OutsideStillSeenError, match="a program holds the keyboard"):
            await outside.hide()
        assert [window.poll() for window in windows].count(None) == 2

    play(OutsidePrograms(spared=spared), walk)
    holder.kill()
    eyes.until(eyes.may_take_the_pointer)


@pytest.mark.needs("xvfb", "xdotool")
@pytest.mark.parametrize("down", ["key", "mouse"])
def test_who_holds_the_keyboard_while_something_is_down_is_looked_for_again(
    screen: Screen, eyes: Eyes, spared: frozenset[int], monkeypatch: pytest.MonkeyPatch, down: str
) -> None:
    monkeypatch.setattr("launcher.session.outside.AGAIN_S", 0.01)
    holder = begin(HOLDER, first="holds")
    what = "a" if down == "key" else "1"
    xdotool(screen, f"{down}down", what)

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()
        assert holder.poll() is None, "it may be the key that is held"
        xdotool(screen, f"{down}up", what)
        assert await asyncio.to_thread(holder.wait, 20) == -signal.SIGKILL

    try:
        play(OutsidePrograms(spared=spared), walk)
    finally:
        xdotool(screen, f"{down}up", what)


MENU_OF_A_SCREEN = """
from Xlib import X
from Xlib.display import Display
display = Display()
screen = display.screen()
window = screen.root.create_window(0, 0, 800, 600, 0, screen.root_depth, event_mask=X.StructureNotifyMask)
window.map()
while display.next_event().type != X.MapNotify:
    pass
window.set_input_focus(X.RevertToParent, X.CurrentTime)
assert window.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime) == X.GrabSuccess
print("holds", flush=True)
while True:
    display.next_event()
"""


@pytest.mark.needs("xvfb")
def test_what_the_screen_of_another_holds_for_its_menu_ends_nobody(
    screen: Screen, eyes: Eyes, spared: frozenset[int]
) -> None:
    theirs = python(screen, MENU_OF_A_SCREEN)
    assert theirs.line() == "holds"
    spared |= {theirs.pid}
    program = begin_window(popup=True)

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()
        assert program.poll() is None

    try:
        play(OutsidePrograms(spared=spared), walk)
    finally:
        theirs.end()


@pytest.mark.needs("xvfb", "xterm", "xdotool")
def test_a_menu_that_holds_pointer_and_keys_lets_go(screen: Screen, eyes: Eyes, spared: frozenset[int]) -> None:
    terminal = start("xterm", "-geometry", "40x10+50+60", "-e", "cat")
    eyes.until(lambda: len(eyes.shown()) == 1)
    xdotool(screen, "mousemove", "100", "120", "keydown", "ctrl", "mousedown", "1")
    eyes.until(lambda: len(eyes.shown()) == 2)
    assert not eyes.may_take_the_pointer()

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()
        assert outside.seen.windows == 2
        assert eyes.shown() == []
        assert eyes.may_take_the_pointer()
        await outside.show()
        eyes.until(lambda: len(eyes.shown()) == 2)

    play(OutsidePrograms(spared=spared), walk)
    xdotool(screen, "mouseup", "1", "keyup", "ctrl")
    assert terminal.poll() is None
