"""Which key does what in a terminal that has the focus, as data; and what a key press comes to.

Who wins where the launcher has the same key:

============================  =========================  ==========================================================
Key                           Terminal with the focus    How the other is reached
============================  =========================  ==========================================================
F1 to F12, Shift+F1 …         the host                   Ctrl+F1 … and Ctrl+Shift+F1 … are the launcher's
F12 (lock)                    the host (PF12)            Super+L, or Ctrl+F12
Ctrl+letter, VT               the host                   Alt+Home, then the launchpad's own keys
Ctrl+letter, 3270             copy, paste, mark all (C, V, A); the launcher's for all other letters
Ctrl+1 …, Ctrl+Tab            the launcher               a host has no such key
Super+…, Alt+Home             the launcher               PA2 is Alt+2
Tab, Shift+Tab, Escape        the host (3270: Reset)     Ctrl+F6 goes on to the next part of the window
============================  =========================  ==========================================================

A force's own keyboard map can take what the host has, and nothing of the launcher's: see
:mod:`launcher.terminal.chords`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from launcher.shell.look import word
from launcher.terminal.chords import ACTS, ACTS_3270, ACTS_VT, ALONE, Act
from launcher.terminal.engine import Family
from launcher.terminal.keyboards import USUAL, KeyboardMap, keys_of
from launcher.terminal.keys import Key, key_named


@dataclass(frozen=True, slots=True)
class LauncherKey:
    """A key that is the launcher's though it was pressed with Ctrl, because the plain one is the host's."""

    chord: str


@dataclass(frozen=True, slots=True)
class TypedText:
    """A text to type."""

    text: str


Meaning = Key | Act | LauncherKey | TypedText
"""A key of the host's, an act of the view's, a key of the launcher's, or a text to type."""


_K = Qt.Key
_NAMED_VT: Final[dict[int, str]] = {
    _K.Key_Return.value: "Enter", _K.Key_Tab.value: "Tab", _K.Key_Backspace.value: "Backspace",
    _K.Key_Escape.value: "Escape", _K.Key_Up.value: "Up", _K.Key_Down.value: "Down", _K.Key_Left.value: "Left",
    _K.Key_Right.value: "Right", _K.Key_Home.value: "Home", _K.Key_End.value: "End", _K.Key_Insert.value: "Insert",
    _K.Key_Delete.value: "Delete", _K.Key_PageUp.value: "PageUp", _K.Key_PageDown.value: "PageDown",
    _K.Key_Help.value: "Help",
    **{_K.Key_F1.value + n: f"F{n + 1}" for n in range(20)},
}  # fmt: skip
_PAD_VT: Final[dict[int, str]] = {
    **{_K.Key_0.value + n: f"Pad{n}" for n in range(10)},
    _K.Key_Enter.value: "PadEnter", _K.Key_Plus.value: "PadPlus", _K.Key_Minus.value: "PadMinus",
    _K.Key_Asterisk.value: "PadMultiply", _K.Key_Slash.value: "PadDivide", _K.Key_Period.value: "PadDecimal",
    _K.Key_Comma.value: "PadDecimal",
}  # fmt: skip
_CTRL = Qt.KeyboardModifier.ControlModifier.value
_SHIFT = Qt.KeyboardModifier.ShiftModifier.value
_ALT = Qt.KeyboardModifier.AltModifier.value
_META = Qt.KeyboardModifier.MetaModifier.value
_PAD = Qt.KeyboardModifier.KeypadModifier.value
_NAMED_BY_X: Final[dict[int, str]] = dict(zip((0xFFE3, 0xFFE4), ALONE, strict=True))  # keysyms of X11
_SCANNED: Final[dict[int, str]] = dict(zip((0x1D, 0x11D), ALONE, strict=True))  # scan codes of Windows


def meaning(event: QKeyEvent, family: Family, keyboard: KeyboardMap = USUAL) -> Meaning | None:
    """Return what a key press comes to in a terminal; None where it is the launcher's or nobody's."""
    held = event.modifiers().value
    if held & _META:
        return None
    key = _K.Key_Tab.value if event.key() == _K.Key_Backtab.value else event.key()
    plain = held & (_CTRL | _SHIFT | _ALT)
    if _K.Key_F1.value <= key <= _K.Key_F12.value and held & _CTRL and not held & _ALT:
        return LauncherKey(f"{'Shift+' if held & _SHIFT else ''}F{key - _K.Key_F1.value + 1}")
    bound = _bound(family, keyboard)
    found = bound.get((key, plain | held & _PAD)) or bound.get((key, plain))
    if found is not None:
        return found
    text = _text(event, held)
    if family == "vt":
        return _vt(key, held, event) or text
    return text


def alone(event: QKeyEvent) -> str | None:
    """Return which Ctrl key an event is of, one of :data:`ALONE`, where that can be told."""
    if event.key() != _K.Key_Control.value:
        return None
    return _NAMED_BY_X.get(event.nativeVirtualKey()) or _SCANNED.get(event.nativeScanCode())


def meaning_alone(let_go: QKeyEvent, pressed: str | None, family: Family, keyboard: KeyboardMap = USUAL) -> Key | None:
    """Return what a Ctrl key comes to that was pressed and is let go by itself."""
    if pressed is None or alone(let_go) != pressed:
        return None
    return key_named(keys_of(family, keyboard).get(pressed, ""))


def chords_of(name: str, family: Family, keyboard: KeyboardMap = USUAL) -> tuple[str, ...]:
    """Return the chords of a host's key as a person reads them."""
    return tuple(native(chord) for chord, key in keys_of(family, keyboard).items() if key == name)


def native(chord: str) -> str:
    """Return a chord as a person reads it."""
    if chord in ALONE:
        return word("terminal.keys.alone", side=word(f"terminal.keys.{chord.replace(' ', '_').lower()}"))
    return QKeySequence.fromString(chord).toString(QKeySequence.SequenceFormat.NativeText)


def chord_of(chord: str) -> tuple[int, int]:
    """Return key and modifiers of a chord in Qt's own portable words."""
    combination = QKeySequence.fromString(chord, QKeySequence.SequenceFormat.PortableText)[0]  # type: ignore[index] # not declared
    return combination.key().value, combination.keyboardModifiers().value


@lru_cache(maxsize=8)
def _bound(family: Family, keyboard: KeyboardMap) -> dict[tuple[int, int], Key | Act]:
    bound: dict[tuple[int, int], Key | Act] = {}
    for chord, name in keys_of(family, keyboard).items():
        key = key_named(name)
        if key is not None and chord not in ALONE:
            bound[chord_of(chord)] = key
    for chord, act in (*ACTS, *(ACTS_3270 if family == "3270" else ACTS_VT)):
        bound[chord_of(chord)] = act
    return bound


def _text(event: QKeyEvent, held: int) -> TypedText | None:
    """Return the text of a key; AltGr is Ctrl and Alt together on Windows."""
    text = event.text()
    if not text or not text.isprintable():
        return None
    both = held & _CTRL and held & _ALT
    return TypedText(text) if both or not held & (_CTRL | _ALT) else None


def _vt(key: int, held: int, event: QKeyEvent) -> Key | None:
    ctrl, alt, shift = bool(held & _CTRL), bool(held & _ALT), bool(held & _SHIFT)
    name = _PAD_VT.get(key) if held & _PAD else None
    name = name or _NAMED_VT.get(key) or ("Enter" if key == _K.Key_Enter.value else None)
    if name is not None:
        launchers = (alt and name == "Home") or (ctrl and name == "Tab")
        return None if launchers else Key(name, ctrl, alt, shift)
    both_with_text = ctrl and alt and event.text().isprintable() and event.text() != ""
    if both_with_text or not (ctrl or alt) or not 0x20 <= key < 0x7F:
        return None
    character = chr(key)
    if ctrl:
        # The digits are the launcher's tabs, the letters with Shift the view's own keys.
        letter = character.isalpha()
        return None if character.isdigit() or (letter and shift) else Key(character, ctrl=True, alt=alt)
    return Key(event.text() if event.text().isprintable() and event.text() else character.lower(), alt=True)
