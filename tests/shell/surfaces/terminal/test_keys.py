"""What each key comes to, on a 3270 and on a VT, and which are left to the launcher."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from launcher.shell.surfaces.terminal.keyboard import LauncherKey, Meaning, TypedText, chord_of, meaning
from launcher.shell.surfaces.terminal.keys_panel import key_lines
from launcher.terminal.chords import ALONE, NAMED, read_chord
from launcher.terminal.engine import Family
from launcher.terminal.keyboards import OURS, KeyboardMap, keys_of
from launcher.terminal.keys import Key, key_named

PCOMM = OURS["pcomm"]
DESK = KeyboardMap(
    "desk",
    "3270",
    "pcomm",
    (("Alt+Q", "PA1"), ("F1", "PF24"), ("Num++", "Enter"), ("Esc", "Attn"), ("right Ctrl", "Reset"), ("Pause", "Up")),
)
SHELL = KeyboardMap("shell", "vt", keys=(("Pause", "Ctrl+C"), ("Alt+1", "F13"), ("F12", "Shift+F2")))


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
        ("Shift+Down", "", "mark-down"),
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
        ("Shift+Left", "", Key("Left", shift=True)),
        ("Alt+Shift+Left", "", "mark-left"),
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
    assert meaning(pressed("Return", "\r"), "3270", PCOMM) == Key("Newline")
    assert meaning(pressed("End"), "3270", PCOMM) == Key("EraseEOF")
    assert meaning(pressed("F3"), "3270", PCOMM) == Key("PF3")


def test_every_key_of_the_map_is_one_that_engines_know() -> None:
    for keyboard in OURS.values():
        keys = keys_of("3270", keyboard)
        assert [name for name in keys.values() if key_named(name) is None] == []
        assert [chord for chord in keys if read_chord(chord, "3270") != chord] == []
        assert len({chord_of(chord) for chord in keys if chord not in ALONE}) == len(keys) - len(ALONE)


def test_a_forces_own_map_is_laid_over_those_it_names() -> None:
    for chord, text, key in (
        ("Alt+Q", "q", Key("PA1")), ("F1", "", Key("PF24")), ("Num++", "+", Key("Enter")), ("Esc", "\x1b", Key("Attn")),
        ("Return", "\r", Key("Newline")), ("F2", "", Key("PF2")),
    ):  # fmt: skip
        assert meaning(pressed(chord, text), "3270", DESK) == key
    assert meaning(pressed("+", "+"), "3270", DESK) == TypedText("+")
    assert meaning(pressed("Ctrl+F1"), "3270", DESK) == LauncherKey("F1")
    assert meaning(pressed("Pause"), "vt", SHELL) == Key("C", ctrl=True)
    assert meaning(pressed("Alt+1", "1"), "vt", SHELL) == Key("F13")
    assert meaning(pressed("F12"), "vt", SHELL) == Key("F2", shift=True)
    assert meaning(pressed("F11"), "vt", SHELL) == Key("F11")


def test_every_key_that_a_chord_may_have_is_one_of_qts() -> None:
    for name in NAMED:
        chord = f"Num+{name}" if name == "Enter" else name
        assert QKeySequence(chord_of(chord)[0]).toString(QKeySequence.SequenceFormat.PortableText) == name
    for sign in "!\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`{|}~":
        assert chord_of(f"Alt+{sign}") == (ord(sign), Qt.KeyboardModifier.AltModifier.value)


def test_the_list_is_of_the_officers_own_map() -> None:
    lines = key_lines("3270", DESK)
    assert {"PA1: Alt+1 or Alt+Q", "PF24: F1", "PF2: F2", "Attention: Esc or Alt+A"} <= set(lines)
    assert {"Up: Pause", "Reset: Alt+R or left Ctrl by itself or right Ctrl by itself"} <= set(lines)
    assert not [line for line in lines if line.startswith(("PF1:", "PF1 to"))]
    assert {"F13 of the host: Alt+1", "Ctrl+C of the host: Pause"} <= set(key_lines("vt", SHELL))


@pytest.mark.parametrize("family", ["3270", "vt"])
def test_the_list_says_each_thing_once(family: Family) -> None:
    said = [line.split(":")[0] for line in key_lines(family)]
    assert len(set(said)) == len(said)
    assert any(line.startswith("Lock: ") for line in key_lines(family))
