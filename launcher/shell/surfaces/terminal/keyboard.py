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
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from launcher.terminal.engine import Family
from launcher.terminal.keys import Key, key_named

Act = Literal[
    "copy", "paste", "mark-all", "find", "print", "keys", "larger", "smaller", "usual-size",
    "page-up", "page-down", "row-up", "row-down", "to-top", "to-end",
]  # fmt: skip
"""What a key does in the view itself."""

Alone = Literal["left-ctrl", "right-ctrl"]


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


KEYS_3270: Final[tuple[tuple[str, str], ...]] = (
    *((f"F{n}", f"PF{n}") for n in range(1, 13)),
    *((f"Shift+F{n}", f"PF{n + 12}") for n in range(1, 13)),
    ("PgUp", "PF7"), ("PgDown", "PF8"),
    ("Alt+1", "PA1"), ("Alt+2", "PA2"), ("Alt+3", "PA3"),
    ("Return", "Enter"), ("Num+Enter", "Enter"), ("Shift+Return", "Newline"),
    ("Pause", "Clear"), ("Alt+C", "Clear"),
    ("Esc", "Reset"), ("Alt+R", "Reset"), ("Alt+A", "Attn"), ("Shift+Esc", "SysReq"),
    ("Tab", "Tab"), ("Shift+Tab", "BackTab"), ("Home", "Home"), ("End", "End"),
    ("Up", "Up"), ("Down", "Down"), ("Left", "Left"), ("Right", "Right"),
    ("Ins", "Insert"), ("Del", "Delete"), ("Backspace", "Backspace"), ("Shift+Backspace", "Backspace"),
    ("Shift+End", "EraseEOF"), ("Alt+End", "EraseInput"), ("Alt+D", "Dup"), ("Alt+F", "FieldMark"),
)  # fmt: skip
"""What x3270 and Personal Communications users know, where both agree; nothing that erases is on a plain key."""

KEYBOARDS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "": (),
    "pcomm": (("Return", "Newline"), ("Shift+Return", "Enter"), ("End", "EraseEOF"), ("Shift+End", "End")),
}
"""What an entry's ``keyboard`` lays over the 3270's keys; "pcomm" is Personal Communications' own."""

ALONE_3270: Final[dict[Alone, str]] = {"left-ctrl": "Reset", "right-ctrl": "Enter"}
"""The Ctrl keys pressed and let go by themselves, as on a 3270's own keyboard."""

ACTS: Final[tuple[tuple[str, Act], ...]] = (
    ("Ctrl+Shift+C", "copy"), ("Ctrl+Ins", "copy"), ("Ctrl+Shift+V", "paste"), ("Shift+Ins", "paste"),
    ("Ctrl+Shift+A", "mark-all"), ("Ctrl+Shift+P", "print"), ("Ctrl+Shift+K", "keys"),
    ("Ctrl++", "larger"), ("Ctrl+=", "larger"), ("Ctrl+Shift+=", "larger"), ("Ctrl+Shift++", "larger"),
    ("Ctrl+-", "smaller"), ("Ctrl+0", "usual-size"),
)  # fmt: skip
ACTS_3270: Final[tuple[tuple[str, Act], ...]] = (("Ctrl+C", "copy"), ("Ctrl+V", "paste"), ("Ctrl+A", "mark-all"))
ACTS_VT: Final[tuple[tuple[str, Act], ...]] = (
    ("Ctrl+Shift+F", "find"), ("Shift+PgUp", "page-up"), ("Shift+PgDown", "page-down"), ("Ctrl+Shift+Up", "row-up"),
    ("Ctrl+Shift+Down", "row-down"), ("Shift+Home", "to-top"), ("Shift+End", "to-end"),
)  # fmt: skip

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
_LEFT_CTRL, _RIGHT_CTRL = 0xFFE3, 0xFFE4  # keysyms of X11
_SCANNED: Final[dict[int, Alone]] = {0x1D: "left-ctrl", 0x11D: "right-ctrl"}  # scan codes of Windows


def keys_3270(keyboard: str = "") -> dict[str, str]:
    """Return the 3270's keys by their chords; a keyboard that nobody knows is the usual one."""
    return dict(KEYS_3270) | dict(KEYBOARDS.get(keyboard, ()))


def meaning(event: QKeyEvent, family: Family, keyboard: str = "") -> Meaning | None:
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


def alone(event: QKeyEvent) -> Alone | None:
    """Return which Ctrl key an event is of, where that can be told."""
    if event.key() != _K.Key_Control.value:
        return None
    if event.nativeVirtualKey() == _LEFT_CTRL:
        return "left-ctrl"
    if event.nativeVirtualKey() == _RIGHT_CTRL:
        return "right-ctrl"
    return _SCANNED.get(event.nativeScanCode())


def chord_of(chord: str) -> tuple[int, int]:
    """Return key and modifiers of a chord in Qt's own portable words."""
    combination = QKeySequence.fromString(chord, QKeySequence.SequenceFormat.PortableText)[0]  # type: ignore[index] # not declared
    return combination.key().value, combination.keyboardModifiers().value


@lru_cache(maxsize=8)
def _bound(family: Family, keyboard: str) -> dict[tuple[int, int], Key | Act]:
    bound: dict[tuple[int, int], Key | Act] = {}
    if family == "3270":
        for chord, name in keys_3270(keyboard).items():
            key = key_named(name)
            if key is not None:
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
