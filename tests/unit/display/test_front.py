"""What is in front on a real X screen: a launcher that fills it, programs over it, real keys for the one in front."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from Xlib import XK, X, Xatom
from Xlib.display import Display
from Xlib.error import CatchError

from launcher.display.front import X11Fronts, bring_forward
from launcher.display.lock_key import X11LockKey
from launcher.display.windows import X11Windows
from launcher.display.x_server import XServer
from tests.servers.x_programs import Eyes, Program, type_keys
from tests.servers.xvfb import Screen
from tests.unit.display.conftest import Opened

pytestmark = pytest.mark.needs("xvfb", "xdotool")

RED, GREEN, INK = 0xD01010, 0x10D010, 0x101030
LEFT, OVER = (40, 60, 200, 150), (120, 120, 200, 150)


class Launcher:
    """A window of this process that fills the screen, as the launcher's does."""

    def __init__(self, eyes: Eyes) -> None:
        self._display = Display(eyes.display.get_display_name())
        self._eyes = eyes
        screen = self._display.screen()
        self._window = screen.root.create_window(
            *(0, 0, 800, 600, 0, screen.root_depth), background_pixel=INK, event_mask=X.KeyPressMask
        )
        states = self._display.intern_atom("_NET_WM_STATE")
        self._window.change_property(states, Xatom.ATOM, 32, [self._display.intern_atom("_NET_WM_STATE_FULLSCREEN")])
        self._window.set_wm_name("launcher")
        self.number = int(self._window.id)
        eyes.until(self._shown)
        with closing(XServer(eyes.display.get_display_name())) as server:
            bring_forward(server, lambda pid: pid == os.getpid())
        eyes.until(lambda: eyes.focus() == self.number)

    def _shown(self) -> bool:
        # Asked again: a manager that has just begun misses what comes before it listens.
        self._window.map()
        self._display.sync()
        return self._eyes.viewable(self.number)

    def has_heard(self, screen: Screen, key: str) -> bool:
        """Press a real key, and return once it has come here."""
        while self._display.pending_events():
            self._display.next_event()
        type_keys(screen, key)
        self._eyes.until(self._display.pending_events)
        return True

    def close(self) -> None:
        self._display.close()


@pytest.fixture
def launcher(eyes: Eyes, managed: bool) -> Iterator[Launcher]:
    with closing(Launcher(eyes)) as made:
        yield made


@contextmanager
def fronts(screen: Screen, *programs: Program) -> Iterator[X11Fronts]:
    with closing(X11Fronts(screen.display, of(*programs))) as made:
        yield made


def of(*programs: Program) -> Callable[[int], bool]:
    pids = {program.pid for program in programs}
    return lambda pid: pid in pids


def lie_so(eyes: Eyes, *numbers: int) -> Callable[[], bool]:
    """Say whether these windows lie upon each other so, the lowest first."""

    def so() -> bool:
        shown = eyes.shown()
        return [one for one in shown if one in {eyes.frame(number) for number in numbers}] == [
            eyes.frame(number) for number in numbers
        ]

    return so


def hears(screen: Screen, program: Program) -> bool:
    """Press a real key; say that the program hears it."""
    type_keys(screen, "a")
    return program.line().startswith("key ")


def test_who_was_in_front_at_the_lock_is_in_front_after_it(
    screen: Screen, eyes: Eyes, managed: bool, launcher: Launcher, opened: Opened
) -> None:
    one, red = opened.window(RED, LEFT)
    two, green = opened.window(GREEN, OVER)
    with fronts(screen, one, two) as front, closing(X11Windows(screen.display)) as windows:
        front.bring_forward(of(two))
        front.bring_forward(of(one))
        eyes.until(lambda: eyes.focus() == red)
        so = lie_so(eyes, launcher.number, green, red)
        eyes.until(so)
        assert hears(screen, one)

        windows.hide(of(one, two))
        eyes.until(lambda: eyes.focus() == launcher.number)
        assert launcher.has_heard(screen, "b"), "the lock face has the keys"
        windows.show()
        eyes.until(lambda: eyes.focus() == red)
        eyes.until(so)
        assert hears(screen, one)
        assert not two.said()


def test_the_launcher_in_front_at_the_lock_is_in_front_after_it(
    screen: Screen, eyes: Eyes, managed: bool, launcher: Launcher, opened: Opened
) -> None:
    one, red = opened.window(RED, LEFT)
    two, green = opened.window(GREEN, OVER)
    with fronts(screen, one, two) as front, closing(X11Windows(screen.display)) as windows:
        front.bring_forward(of(two))
        front.bring_forward(lambda pid: pid == os.getpid())
        eyes.until(lambda: eyes.focus() == launcher.number)
        so = lie_so(eyes, red, green, launcher.number)
        eyes.until(so)
        windows.hide(of(one, two))
        windows.show()
        eyes.until(lambda: eyes.viewable(red) and eyes.viewable(green))
        eyes.until(so)
        eyes.until(lambda: eyes.focus() == launcher.number)
        assert launcher.has_heard(screen, "b")
        assert not one.said()
        assert not two.said()


def test_a_key_leads_back_to_the_launcher_and_does_not_lock(
    screen: Screen, eyes: Eyes, managed: bool, launcher: Launcher, opened: Opened
) -> None:
    pressed: list[str] = []
    of_session: set[int] = set()
    key = X11LockKey(screen.display, lambda: pressed.append("lock"), lambda pid: pid in of_session)
    one, red = opened.window(RED, LEFT)
    with fronts(screen, one) as front:
        front.bring_forward(of(one))
        eyes.until(lambda: eyes.focus() == red)
        key.take()
        try:
            eyes.until(lambda: _is_taken(eyes, "Home"))
            type_keys(screen, "super+Home", "F12")  # from another session's screen it leads nowhere
            eyes.until(lambda: pressed == ["lock"])
            assert eyes.focus() == red
            of_session.add(one.pid)
            type_keys(screen, "super+Home")
            eyes.until(lambda: eyes.focus() == launcher.number)
            eyes.until(lie_so(eyes, red, launcher.number))
        finally:
            key.give_back()
    assert pressed == ["lock"]
    assert not [said for said in one.said() if said.endswith(str(_key(eyes, "Home")))]
    eyes.until(lambda: not _is_taken(eyes, "Home"))


def test_a_program_that_has_just_opened_has_the_keys_and_gives_them_back_when_it_ends(
    screen: Screen, eyes: Eyes, managed: bool, launcher: Launcher, opened: Opened
) -> None:
    pids: set[int] = set()
    with closing(X11Fronts(screen.display, lambda pid: pid in pids)) as front:
        front.bring_forward(lambda pid: pid in pids)  # it has been started, and shows nothing yet
        one, red = opened.window(RED, LEFT)
        pids.add(one.pid)
        if not managed:
            # Started as the officer's program: whose it is was known before its window came.
            eyes.window(red).unmap()
            eyes.window(red).map()
            eyes.display.sync()
        eyes.until(lambda: eyes.focus() == red)
        assert hears(screen, one)
        one.end()
        eyes.until(lambda: eyes.focus() == launcher.number)
        assert launcher.has_heard(screen, "b")


@pytest.mark.parametrize("managed", ["plain"], indirect=True)
def test_what_the_officer_has_not_turned_to_takes_no_keys(
    screen: Screen, eyes: Eyes, managed: bool, launcher: Launcher, opened: Opened
) -> None:
    pids: set[int] = set()
    with closing(X11Fronts(screen.display, lambda pid: pid in pids)) as front:
        front.bring_forward(lambda pid: pid in pids)
        front.let_be()  # another tab
        one, red = opened.window(RED, LEFT)
        pids.add(one.pid)
        eyes.window(red).unmap()
        eyes.window(red).map()
        eyes.display.sync()
        eyes.until(lambda: eyes.viewable(red))
        assert launcher.has_heard(screen, "b")
        assert not one.said()


@pytest.mark.needs("openbox")
@pytest.mark.parametrize("managed", ["openbox"], indirect=True)
def test_what_was_put_away_comes_back_with_its_tab(
    screen: Screen, eyes: Eyes, managed: bool, launcher: Launcher, opened: Opened
) -> None:
    one, red = opened.window(RED, LEFT)
    eyes.ask_manager(red, "WM_CHANGE_STATE", 3)  # iconify
    eyes.until(lambda: not eyes.viewable(red))
    with fronts(screen, one) as front:
        front.bring_forward(of(one))
        eyes.until(lambda: eyes.focus() == red)
        assert hears(screen, one)


def test_a_display_that_is_not_there_is_no_fault() -> None:
    with closing(X11Fronts(":9999", lambda _: True)) as front:
        front.bring_forward(lambda _: True)


def _key(eyes: Eyes, symbol: str) -> int:
    return int(eyes.display.keysym_to_keycode(XK.string_to_keysym(symbol)))


def _is_taken(eyes: Eyes, symbol: str) -> bool:
    """Whether a client has a key with Super; looked at in one go, so that nobody is refused it for that."""
    refused = CatchError()
    eyes.display.grab_server()
    eyes.root.grab_key(_key(eyes, symbol), X.Mod4Mask, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
    eyes.root.ungrab_key(_key(eyes, symbol), X.Mod4Mask)
    eyes.display.ungrab_server()
    eyes.display.sync()
    return refused.get_error() is not None
