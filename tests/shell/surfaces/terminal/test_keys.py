"""What each key comes to, on a 3270 and on a VT, and which are left to the launcher."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from launcher.shell.surfaces.terminal.keyboard import KEYS_3270, LauncherKey, Meaning, TypedText, chord_of, meaning
from launcher.shell.surfaces.terminal.keys_panel import key_lines
from launcher.terminal.engine import Family
from launcher.terminal.keys import Key, key_named


def pressed(chord: str, text: str = "") -> QKeyEvent:
    """Return the press of a chord such as ``Ctrl+Shift+C``."""
    key, held = chord_of(chord)
    return QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier(held), text)


@pytest.mark.parametrize(
    ("chord", "text", "comes_to"),
    [
        ("F12", "", Key("PF12")),
        ("Shift+F1", "", Key("PF13")),
        ("Shift+F12", "", Key("PF24")),
        ("PgDown", "", Key("PF8")),
        ("Alt+2", "", Key("PA2")),
        ("Return", "\r", Key("Enter")),
        ("Num+Enter", "\r", Key("Enter")),
        ("Shift+Return", "\r", Key("Newline")),
        ("Pause", "", Key("Clear")),
        ("Esc", "\x1b", Key("Reset")),
        ("Shift+Tab", "", Key("BackTab")),
        ("Num+7", "7", TypedText("7")),
        ("A", "a", TypedText("a")),
        ("Ctrl+F12", "", LauncherKey("F12")),
        ("Ctrl+Shift+F12", "", LauncherKey("Shift+F12")),
        ("Ctrl+C", "\x03", "copy"),
        ("Shift+Ins", "", "paste"),
        ("Ctrl+Shift++", "+", "larger"),
        ("Ctrl+K", "\x0b", None),
        ("Ctrl+Tab", "\t", None),
        ("Ctrl+3", "3", None),
        ("Alt+Home", "", None),
        ("Meta+L", "l", None),
        ("Meta+Home", "", None),
        ("F13", "", None),
    ],
)
def test_on_a_3270(chord: str, text: str, comes_to: Meaning | None) -> None:
    assert meaning(pressed(chord, text), "3270") == comes_to


@pytest.mark.parametrize(
    ("chord", "text", "comes_to"),
    [
        ("F12", "", Key("F12")),
        ("Shift+F5", "", Key("F5", shift=True)),
        ("Ctrl+F6", "", LauncherKey("F6")),
        ("Ctrl+C", "\x03", Key("C", ctrl=True)),
        ("Ctrl+W", "\x17", Key("W", ctrl=True)),
        ("Ctrl+Shift+C", "\x03", "copy"),
        ("Ctrl+Shift+F", "\x06", "find"),
        ("Alt+B", "b", Key("b", alt=True)),
        ("Tab", "\t", Key("Tab")),
        ("Shift+Tab", "", Key("Tab", shift=True)),
        ("Ctrl+Left", "", Key("Left", ctrl=True)),
        ("Shift+PgUp", "", "page-up"),
        ("Num+5", "5", Key("Pad5")),
        ("Num+Enter", "\r", Key("PadEnter")),
        ("Esc", "\x1b", Key("Escape")),
        ("E", "€", TypedText("€")),
        ("Ctrl+Alt+Q", "@", TypedText("@")),  # AltGr on Windows
        ("Ctrl+Tab", "\t", None),
        ("Ctrl+1", "1", None),
        ("Alt+Home", "", None),
        ("Meta+L", "l", None),
    ],
)
def test_on_a_vt(chord: str, text: str, comes_to: Meaning | None) -> None:
    assert meaning(pressed(chord, text), "vt") == comes_to


def test_an_entrys_keyboard_is_laid_over_the_usual_keys() -> None:
    assert meaning(pressed("Return", "\r"), "3270", "pcomm") == Key("Newline")
    assert meaning(pressed("End"), "3270", "pcomm") == Key("EraseEOF")
    assert meaning(pressed("F3"), "3270", "pcomm") == Key("PF3")
    assert meaning(pressed("Return", "\r"), "3270", "no such keyboard") == Key("Enter")


def test_every_key_of_the_map_is_one_that_engines_know() -> None:
    assert [name for _, name in KEYS_3270 if key_named(name) is None] == []
    assert len({chord_of(chord) for chord, _ in KEYS_3270}) == len(KEYS_3270)


@pytest.mark.parametrize("family", ["3270", "vt"])
def test_the_list_says_each_thing_once(family: Family) -> None:
    said = [line.split(":")[0] for line in key_lines(family)]
    assert len(set(said)) == len(said)
    assert any(line.startswith("Lock: ") for line in key_lines(family))
