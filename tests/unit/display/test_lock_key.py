"""The lock keys on a real X display, by real keys while a real xterm has the focus; given back, taken by the next."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from Xlib import XK, X
from Xlib.error import CatchError

from launcher.display import lock_key
from launcher.display.lock_key import X11LockKey, lock_key_of
from launcher.display.ports import NoLockKey
from tests.servers.x_programs import Eyes, start
from tests.servers.xvfb import Screen
from tests.unit.display.conftest import Opened

pytestmark = pytest.mark.needs("xvfb", "xdotool")

RED, PLACE = 0xD01010, (40, 60, 200, 150)
REFUSED = "a lock key is another program's on this display"
GONE = "the display does not answer: no lock key while another program has the focus"

HOLDER = """
from Xlib import X, XK
from Xlib.display import Display
display = Display()
key = display.keysym_to_keycode(XK.XK_F12)
display.screen().root.grab_key(key, X.AnyModifier, False, X.GrabModeAsync, X.GrabModeAsync)
display.sync()
print("holds", flush=True)
display.next_event()
"""


class Desk:
    """A session that counts the presses, and hands that press real keys."""

    def __init__(self, screen: Screen, eyes: Eyes, caplog: pytest.LogCaptureFixture, opened: Opened) -> None:
        self.screen, self.eyes, self.opened, self._log = screen, eyes, opened, caplog
        self.presses: list[str] = []
        self.taken: list[X11LockKey] = []

    def lock_key(self, name: str = "", display: str = "") -> X11LockKey:
        """The lock key of a session, not taken yet."""
        self.taken.append(X11LockKey(display or self.screen.display, lambda: self.presses.append(name), lambda _: True))
        return self.taken[-1]

    def free(self, mask: int = 0, symbol: int = XK.XK_F12) -> bool:
        """Whether another client could have a key now."""
        return not self.held(self.eyes.display.keysym_to_keycode(symbol), mask)

    def held(self, key: int, mask: int = 0) -> bool:
        """Whether a client has a key now; looked at in one go, so that nobody is refused it for that."""
        refused, display = CatchError(), self.eyes.display
        display.grab_server()
        self.eyes.root.grab_key(key, mask, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
        self.eyes.root.ungrab_key(key, mask)
        display.ungrab_server()
        display.sync()
        return refused.get_error() is not None

    def take(self, key: X11LockKey) -> None:
        """Take it and wait until all of it is had."""
        key.take()
        self.eyes.until(lambda: not self.free() and not self.free(X.Mod4Mask, XK.XK_l))

    def press(self, *words: str) -> None:
        """Real keys, with whatever lock is on: "F12", or a verb of xdotool's and its key."""
        argv = ["xdotool", *(words if words[0].startswith("key") else ("key", *words))]
        subprocess.run(argv, env={"PATH": os.environ["PATH"], **self.screen.environment}, check=True, timeout=20)

    def pressed(self, count: int) -> bool:
        self.eyes.until(lambda: len(self.presses) >= count)
        return len(self.presses) == count

    def said(self) -> list[str]:
        """What the log says of lock keys."""
        return [record.message for record in self._log.records if record.name == lock_key.__name__]

    def focus(self, number: int) -> None:
        if self.eyes.managed():
            self.eyes.ask_manager(number, "_NET_ACTIVE_WINDOW", 2)
        else:
            self.eyes.window(number).set_input_focus(X.RevertToParent, X.CurrentTime)
        self.eyes.until(lambda: self.eyes.focus() == number)


@pytest.fixture
def desk(screen: Screen, eyes: Eyes, opened: Opened, caplog: pytest.LogCaptureFixture) -> Iterator[Desk]:
    desk = Desk(screen, eyes, caplog, opened)
    yield desk
    for key in desk.taken:
        key.give_back()
    eyes.until(lambda: desk.free() and desk.free(X.Mod4Mask, XK.XK_l))


@contextmanager
def switched_on(desk: Desk, locks: tuple[str, ...]) -> Iterator[None]:
    """Num Lock and the like, by their own keys."""
    masks = {"Num_Lock": X.Mod2Mask, "Caps_Lock": X.LockMask}

    def on(lock: str) -> bool:
        return bool(desk.eyes.root.query_pointer().mask & masks[lock])

    for lock in locks:
        desk.press(lock)
        desk.eyes.until(lambda lock=lock: on(lock))  # type: ignore[misc] # a default of a lambda
    yield
    for lock in locks:
        desk.press(lock)
        desk.eyes.until(lambda lock=lock: not on(lock))  # type: ignore[misc] # a default of a lambda


@pytest.fixture
def xterm(desk: Desk, tmp_path: Path) -> Callable[[], str]:
    """An xterm with the focus; asked, it returns what has been typed into it up to a full stop, which it types."""
    number, typed = tmp_path / "number", tmp_path / "typed"
    number.touch()
    typed.touch()
    run = f'stty raw -echo; echo "$WINDOWID" >"{number}"; exec cat >"{typed}"'
    desk.opened.programs.append(start(desk.screen, "xterm", "-e", "sh", "-c", run))
    desk.eyes.until(lambda: number.read_text().endswith("\n"))
    window = int(number.read_text())
    desk.eyes.until(lambda: desk.eyes.viewable(window))
    desk.focus(window)

    def read() -> str:
        stops = typed.read_text().count(".")
        desk.press("period")
        desk.eyes.until(lambda: typed.read_text().count(".") > stops)
        return typed.read_text()

    return read


@pytest.mark.needs("xterm")
@pytest.mark.parametrize("locks", [(), ("Num_Lock",), ("Num_Lock", "Caps_Lock")], ids=["plain", "num", "num-caps"])
def test_both_keys_lock_while_an_xterm_has_the_focus(
    managed: bool, desk: Desk, xterm: Callable[[], str], locks: tuple[str, ...]
) -> None:
    desk.take(key := desk.lock_key())
    with switched_on(desk, locks):
        desk.press("F12")
        assert desk.pressed(1)
        desk.press("super+l")
        assert desk.pressed(2)
        assert xterm() == ".", "neither was typed into it"
        for other in ("F11", "shift+F12", "ctrl+F12", "alt+F12"):
            desk.press(other)
        assert "\x1b[23~" in xterm()
        assert len(desk.presses) == 2, "Shift F12 logs off, and the others are the program's"
        key.give_back()
        desk.eyes.until(lambda: desk.free() and desk.free(X.Mod4Mask, XK.XK_l))
        desk.press("F12")
        assert xterm().endswith("\x1b[24~.")
        assert len(desk.presses) == 2


def test_a_key_that_is_still_down_at_the_lock_is_typed_into_nothing(desk: Desk, eyes: Eyes) -> None:
    program, window = desk.opened.window(RED, PLACE)
    desk.focus(window)
    desk.take(key := desk.lock_key())
    desk.press("keydown", "super")
    desk.press("keydown", "l")
    desk.eyes.until(lambda: desk.presses)
    key.give_back()
    eyes.until(lambda: desk.free(X.Mod4Mask, XK.XK_l))
    desk.press("a")  # as a repeat would
    desk.press("keyup", "l")
    desk.press("keyup", "super")
    desk.press("b")
    supers = {eyes.display.keysym_to_keycode(symbol) for symbol in (XK.XK_Super_L, XK.XK_Super_R)}
    while (told := int(program.line().split()[1])) in supers:
        pass
    assert told == eyes.display.keysym_to_keycode(XK.XK_b)


def test_taken_twice_and_given_back_twice(desk: Desk) -> None:
    desk.take(key := desk.lock_key())
    key.take()
    desk.press("F12")
    assert desk.pressed(1)
    key.give_back()
    key.give_back()
    desk.eyes.until(desk.free)
    desk.take(key)
    desk.press("F12")
    assert desk.pressed(2)
    assert desk.said() == []


def test_f12_is_left_to_a_terminal_in_front_and_taken_again_and_the_others_stay(desk: Desk) -> None:
    desk.take(key := desk.lock_key())
    key.spare_f12(True)
    desk.eyes.until(desk.free)
    desk.press("super+l")
    assert desk.pressed(1)
    key.spare_f12(False)
    desk.eyes.until(lambda: not desk.free())
    desk.press("F12")
    assert desk.pressed(2)
    key.spare_f12(True)
    desk.eyes.until(desk.free)
    key.give_back()
    desk.eyes.until(lambda: desk.free(X.Mod4Mask, XK.XK_l))
    desk.take(key)  # whoever comes back from a lock has F12 lock again
    desk.press("F12")
    assert desk.pressed(3)
    assert desk.said() == []


def test_the_next_session_has_it_once_the_one_before_has_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_key, "AGAIN_S", 0.01)
    before, after = desk.lock_key("before"), desk.lock_key("after")
    desk.take(before)
    after.take()
    desk.eyes.until(desk.said)
    desk.press("F12")
    assert desk.pressed(1)
    before.give_back()
    desk.eyes.until(lambda: desk.press("F12") or "after" in desk.presses)
    assert desk.said() == [REFUSED], "said once, however often it is tried"


def test_what_another_program_has_costs_the_other_key_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_key, "AGAIN_S", 0.01)
    holder = desk.opened.python(HOLDER)
    assert holder.line() == "holds"
    desk.take(desk.lock_key())
    desk.press("super+l")
    assert desk.pressed(1)
    holder.end()
    desk.eyes.until(lambda: desk.press("F12") or len(desk.presses) > 1)
    assert desk.said() == [REFUSED]


def test_a_keyboard_that_is_laid_out_anew(desk: Desk, eyes: Eyes) -> None:
    """The symbols of F11 and F12 change places, as they do where a keyboard with another layout is plugged in."""
    desk.take(desk.lock_key())
    first, second = (eyes.display.keysym_to_keycode(symbol) for symbol in (XK.XK_F11, XK.XK_F12))
    symbols = eyes.display.get_keyboard_mapping(first, 1)[0], eyes.display.get_keyboard_mapping(second, 1)[0]

    def lay_out(one: object, other: object) -> None:
        for key, row in ((first, one), (second, other)):
            eyes.display.change_keyboard_mapping(key, [row])
        eyes.display.sync()

    lay_out(symbols[1], symbols[0])
    try:
        eyes.until(lambda: desk.held(first) and not desk.held(second))
    finally:
        lay_out(*symbols)
    eyes.until(lambda: desk.held(second) and not desk.held(first))


class Cable:
    """A display of its own number, which passes all on to another until it is cut."""

    def __init__(self, screen: Screen) -> None:
        self._end = f"/tmp/.X11-unix/X{screen.display.removeprefix(':')}"
        number = 20000 + os.getpid() % 40000
        self.display = f":{number}"
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(f"\0/tmp/.X11-unix/X{number}")
        self._listening.listen()
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self._listening.accept()
            except OSError:
                return
            there = socket.socket(socket.AF_UNIX)
            there.connect(self._end)
            self._ends += [here, there]
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for end in (one, other):
            _shut(end)

    def cut(self) -> None:
        """End every connection; new ones are taken."""
        for end in self._ends:
            _shut(end)

    def close(self) -> None:
        _shut(self._listening)
        self._listening.close()
        self.cut()
        for end in self._ends:
            end.close()


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


def test_a_connection_that_breaks_holds_no_key_and_is_made_anew(
    screen: Screen, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_key, "AGAIN_S", 0.01)
    with ExitStack() as stack:
        cable = Cable(screen)
        stack.callback(cable.close)
        _also_for(cable.display, screen, tmp_path / "authority", monkeypatch)
        key = desk.lock_key(display=cable.display)
        stack.callback(key.give_back)
        desk.take(key)
        for nth in range(1, 3):
            cable.cut()
            desk.eyes.until(lambda nth=nth: desk.press("F12") or len(desk.presses) >= nth)  # type: ignore[misc]
        assert desk.said()[0] == GONE
        assert desk.said().count(GONE) == 1
        key.give_back()
        desk.eyes.until(desk.free)


def _also_for(display: str, screen: Screen, authority: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the product the screen's cookie under another display's number too."""
    env = {"PATH": os.environ["PATH"], "HOME": str(authority.parent), "XAUTHORITY": str(screen.authority)}
    listed = subprocess.run(["xauth", "list"], env=env, check=True, capture_output=True, text=True, timeout=20).stdout
    cookie = listed.splitlines()[0].split()[-1]
    monkeypatch.setenv("XAUTHORITY", str(authority))
    subprocess.run(
        ["xauth", "-q", "-f", str(authority), "source", "-"],
        input=f"add {display} . {cookie}\n",
        text=True,
        check=True,
        capture_output=True,
        timeout=20,
    )


def test_where_no_key_can_be_taken_nothing_is() -> None:
    def pressed() -> None:
        raise AssertionError

    for environment in (
        {},
        {"DISPLAY": ":1", "WAYLAND_DISPLAY": "wayland-0"},
        {"DISPLAY": ":1", "QT_QPA_PLATFORM": "offscreen"},
    ):
        nothing = lock_key_of(environment, pressed, lambda _: True)
        assert isinstance(nothing, NoLockKey)
        nothing.take()
        nothing.give_back()
    assert isinstance(lock_key_of({"DISPLAY": ":1"}, pressed, lambda _: True), X11LockKey)


def test_a_display_that_never_was(desk: Desk) -> None:
    key = desk.lock_key(display=":9999")
    key.take()
    desk.eyes.until(desk.said)
    key.give_back()
    assert desk.said() == [GONE]
