"""Windows of one session are taken off a real X screen and brought back, with a window manager and without."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from Xlib import X

from launcher.display import x_server
from launcher.display.ports import NoWindows, UnreachableWindows
from launcher.display.windows import X11Windows
from tests.servers.x_programs import Eyes, Program
from tests.servers.xvfb import Screen
from tests.unit.display.conftest import Opened

pytestmark = pytest.mark.needs("xvfb")

RED, GREEN, BLUE = 0xD01010, 0x10D010, 0x1010D0
LEFT, RIGHT, OVER = (40, 60, 200, 150), (500, 60, 200, 150), (120, 120, 200, 150)

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
    event = display.next_event()
    if event.type == X.SelectionClear:
        print("lost", display.get_atom_name(event.atom), flush=True)
"""

STORM = """
import sys, time
from Xlib import X
from Xlib.display import Display
display = Display()
screen = display.screen()
colour, count = int(sys.argv[1], 0), int(sys.argv[2])
for nth in range(count):
    window = screen.root.create_window(10 * (nth % 50), 20, 60, 60, 0, screen.root_depth, background_pixel=colour,
                                       override_redirect=nth % 2)
    window.map()
    display.sync()
    if nth == 2:
        print("begun", flush=True)
print("done", flush=True)
display.next_event()
"""


def of(*programs: Program) -> Callable[[int], bool]:
    """The rule that these programs are the session's."""
    pids = {program.pid for program in programs}
    return lambda pid: pid in pids


@pytest.fixture
def windows(screen: Screen, eyes: Eyes) -> Iterator[X11Windows]:
    with closing(X11Windows(screen.display)) as made:
        yield made


def test_only_what_is_ours_goes_and_all_comes_back_in_its_place(
    eyes: Eyes, managed: bool, windows: X11Windows, opened: Opened
) -> None:
    ours, red = opened.window(RED, LEFT)
    _, green = opened.window(GREEN, RIGHT)
    eyes.until(lambda: eyes.sees(RED) and eyes.sees(GREEN))
    before = eyes.box(RED), eyes.box(GREEN)

    seen = windows.hide(of(ours))
    assert (seen.hidden, seen.left) == (1, "")
    assert not eyes.viewable(red)
    assert not eyes.sees(RED)
    assert eyes.viewable(green)
    eyes.until(lambda: eyes.box(GREEN) == before[1])
    assert windows.hide(of(ours)).hidden == 1, "looking again finds nothing new"

    windows.show()
    assert eyes.viewable(red)
    eyes.until(lambda: eyes.sees(RED))
    assert (eyes.box(RED), eyes.box(GREEN)) == before
    windows.show()


def test_a_menu_goes_too_and_ends_its_grab(eyes: Eyes, managed: bool, windows: X11Windows, opened: Opened) -> None:
    program, menu = opened.window(BLUE, OVER, popup=True)
    eyes.until(lambda: eyes.sees(BLUE))
    windows.hide(of(program))
    assert not eyes.viewable(menu)
    assert not eyes.sees(BLUE)
    windows.show()
    assert eyes.viewable(menu)
    windows.hide(of(program))
    windows.show(menus=False)
    assert not eyes.viewable(menu)


def test_what_is_below_and_above_stays_so(eyes: Eyes, managed: bool, windows: X11Windows, opened: Opened) -> None:
    ours, red = opened.window(RED, LEFT)
    _, green = opened.window(GREEN, OVER)
    eyes.until(lambda: eyes.sees(RED) and eyes.sees(GREEN))
    before = eyes.box(RED), eyes.box(GREEN), whole(eyes)
    windows.hide(of(ours))
    windows.show()
    eyes.until(lambda: (eyes.box(RED), eyes.box(GREEN), whole(eyes)) == before)
    assert red
    assert green


def whole(eyes: Eyes) -> int:
    """How many pixels are red: fewer where another window lies over it."""
    size = eyes.root.get_geometry()
    image = eyes.root.get_image(0, 0, size.width, size.height, X.ZPixmap, 0xFFFFFFFF)
    return bytes(image.data).count(RED.to_bytes(3, "little"))


@pytest.mark.needs("openbox")
@pytest.mark.parametrize("managed", ["openbox"], indirect=True)
def test_what_its_officer_had_put_away_stays_away(
    eyes: Eyes, managed: bool, windows: X11Windows, opened: Opened
) -> None:
    program, red = opened.window(RED, LEFT)
    state = eyes.display.intern_atom("WM_STATE")
    eyes.ask_manager(red, "WM_CHANGE_STATE", 3)  # iconify
    eyes.until(lambda: eyes.window(red).get_full_property(state, 0).value[0] == 3)
    frame = eyes.frame(red)
    eyes.until(lambda: not eyes.viewable(frame))  # its way to where it is put away is drawn
    assert windows.hide(of(program)).hidden == 0
    windows.show()
    assert not eyes.sees(RED)
    eyes.ask_manager(red, "_NET_ACTIVE_WINDOW", 2)
    eyes.until(lambda: eyes.sees(RED))


@pytest.mark.needs("openbox")
@pytest.mark.parametrize("managed", ["openbox"], indirect=True)
def test_a_managers_lists_do_not_name_what_is_hidden(
    eyes: Eyes, managed: bool, windows: X11Windows, opened: Opened
) -> None:
    program, red = opened.window(RED, LEFT)

    def listed() -> bool:
        states = eyes.window(red).get_full_property(eyes.display.intern_atom("_NET_WM_STATE"), 0)
        return states is None or eyes.display.intern_atom("_NET_WM_STATE_SKIP_TASKBAR") not in states.value

    assert listed()
    windows.hide(of(program))
    eyes.until(lambda: not listed())
    windows.show()
    eyes.until(listed)


def test_what_is_mapped_while_hidden_is_hidden_as_it_comes(
    eyes: Eyes, managed: bool, windows: X11Windows, opened: Opened
) -> None:
    storm = opened.python(STORM, str(RED), "60")
    assert storm.line() == "begun"
    windows.hide(of(storm))
    assert storm.line() == "done"
    windows.hide(of(storm))
    eyes.until(lambda: not eyes.sees(RED))
    windows.show()
    eyes.until(lambda: eyes.sees(RED))


def test_a_window_of_another_is_not_taken_for_one_that_ended(eyes: Eyes, windows: X11Windows, opened: Opened) -> None:
    """The server gives a new client the number of one that has gone: the screen over a locked session went black."""
    before, _ = opened.window(GREEN, LEFT)
    gone = {before.pid: False}

    def ours(pid: int) -> bool:
        return gone.get(pid, False)  # who has ended is hidden rather than shown

    windows.hide(ours)
    before.end()
    gone[before.pid] = True
    eyes.until(lambda: not eyes.sees(GREEN))
    _, red = opened.window(RED, LEFT)
    windows.hide(ours)
    assert eyes.viewable(red)
    eyes.until(lambda: eyes.sees(RED))


def test_whose_a_window_is_says_the_kernel_and_not_the_program(eyes: Eyes, windows: X11Windows, opened: Opened) -> None:
    liar, red = opened.window(RED, LEFT, claims=os.getpid())
    windows.hide(of(liar))
    assert not eyes.viewable(red)
    windows.show()
    assert windows.hide(lambda pid: pid == os.getpid()).hidden == 0


def test_selections_of_ours_are_given_up_and_others_stay(eyes: Eyes, windows: X11Windows, opened: Opened) -> None:
    ours = opened.python(KEEPER, "PRIMARY", "CLIPBOARD")
    theirs = opened.python(KEEPER, "SECONDARY")
    assert (ours.line(), theirs.line()) == ("holds", "holds")
    windows.hide(of(ours))
    owner = {name: eyes.display.get_selection_owner(eyes.display.intern_atom(name)) for name in x_selections()}
    assert (owner["PRIMARY"], owner["CLIPBOARD"]) == (0, 0)
    assert owner["SECONDARY"] != 0
    assert {ours.line(), ours.line()} == {"lost PRIMARY", "lost CLIPBOARD"}
    windows.show()


def x_selections() -> tuple[str, ...]:
    return ("PRIMARY", "SECONDARY", "CLIPBOARD")


def test_the_focus_goes_back_to_the_window_that_had_it(
    eyes: Eyes, managed: bool, windows: X11Windows, opened: Opened
) -> None:
    program, red = opened.window(RED, LEFT)
    other, green = opened.window(GREEN, RIGHT)
    if managed:
        eyes.ask_manager(red, "_NET_ACTIVE_WINDOW", 2)
    else:
        eyes.window(red).set_input_focus(1, 0)
    eyes.until(lambda: eyes.focus() == red)
    windows.hide(of(program))
    eyes.until(lambda: eyes.focus() != red)
    windows.show()
    eyes.until(lambda: eyes.focus() == red)
    assert other.pid
    assert green


def test_what_has_ended_meanwhile_is_not_missed(eyes: Eyes, managed: bool, windows: X11Windows, opened: Opened) -> None:
    gone, _ = opened.window(RED, LEFT)
    stays, green = opened.window(GREEN, RIGHT)
    windows.hide(of(gone, stays))
    gone.end()
    windows.show()
    eyes.until(lambda: eyes.viewable(green))
    assert not eyes.sees(RED)


def test_a_display_that_does_not_answer_holds_nobody(
    screen: Screen, eyes: Eyes, windows: X11Windows, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, red = opened.window(RED, LEFT)
    windows.hide(of(program))
    monkeypatch.setattr(x_server, "ANSWER_WITHIN_S", 0.05)
    os.kill(screen.pid, signal.SIGSTOP)
    try:
        assert windows.hide(of(program)).left
    finally:
        os.kill(screen.pid, signal.SIGCONT)
    monkeypatch.undo()
    monkeypatch.setenv("XAUTHORITY", str(screen.authority))
    # What was hidden over the connection that is lost comes back over another.
    windows.show()
    eyes.until(lambda: eyes.viewable(red))


def test_where_nothing_can_be_hidden_that_is_said() -> None:
    assert NoWindows().hide(lambda _: True).left == ""
    there = UnreachableWindows("Wayland lets no program hide the windows of another")
    assert there.hide(lambda _: True).left == "Wayland lets no program hide the windows of another"
    missing = X11Windows(":9999")
    assert missing.hide(lambda _: True).left
    missing.show()
    missing.close()
