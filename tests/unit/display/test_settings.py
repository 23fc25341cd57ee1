"""What a program set on a whole display is put back as it was, on a real X server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.display.settings import note_settings, put_settings_back
from launcher.display.x_server import DisplayGoneError
from tests.servers.x_programs import Eyes, python
from tests.servers.xvfb import Screen, running_xvfb

pytestmark = pytest.mark.needs("xvfb", "windows")

SETS_ALL = """
import subprocess
from Xlib import X
from Xlib.display import Display
subprocess.run(["setxkbmap", "de"], check=True)
display = Display()
root = display.screen().root
root.change_property(display.intern_atom("RESOURCE_MANAGER"), 31, 8, b"XTerm*vt100.translations: #override\\n")
root.change_property(display.intern_atom("A_NOTE"), 6, 32, [1, 2, 3])
root.change_property(display.intern_atom("_NET_DESKTOP_NAMES"), 31, 8, b"whose manager keeps it")
display.set_pointer_mapping([3, 2, 1, *range(4, 1 + len(display.get_pointer_mapping()))])
display.change_pointer_control((9, 1), 2)
display.change_keyboard_control(auto_repeat_mode=X.AutoRepeatModeOff)
display.set_screen_saver(1, 1, 0, 0)
display.change_hosts(X.HostInsert, X.FamilyInternet, [127, 0, 0, 1])
display.set_access_control(X.DisableAccess)
display.sync()
print("set", flush=True)
"""


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    # A server without clients begins anew.
    with running_xvfb() as display, Eyes(display):
        monkeypatch.setenv("XAUTHORITY", str(display.authority))
        yield display


def test_what_one_officers_program_set_the_next_one_does_not_meet(screen: Screen) -> None:
    before = note_settings(screen.display)
    program = python(screen, SETS_ALL)
    try:
        assert program.line() == "set"
    finally:
        program.end()
    changed = note_settings(screen.display)
    assert {name for name in before.__slots__ if getattr(before, name) != getattr(changed, name)} == {
        *("properties", "keys", "modifiers", "buttons", "pointer", "repeats"),
        *("keyboard", "saver", "closed", "hosts"),
    }
    assert put_settings_back(screen.display, before) == ()
    after = note_settings(screen.display)
    assert {name for name in before.__slots__ if getattr(before, name) != getattr(after, name)} <= {"keyboard"}


def test_where_the_compiler_of_keyboards_is_missing_the_keys_are_put_back_alone(
    screen: Screen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = python(screen, SETS_ALL)
    try:
        assert program.line() == "set"
    finally:
        program.end()
    monkeypatch.setenv("PATH", str(tmp_path))
    german = note_settings(screen.display)
    assert german.keyboard == b""
    assert put_settings_back(screen.display, german) == ()


def test_a_display_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(DisplayGoneError):
        note_settings(":4711")
