"""Chords: a key with what is held, as the list of keys shows it; how one is read, and which are never a host's."""

from __future__ import annotations

import string
from typing import Final, Literal

from launcher.terminal.engine import Family

Act = Literal[
    "copy", "paste", "mark-all", "find", "print", "keys", "larger", "smaller", "usual-size",
    "page-up", "page-down", "row-up", "row-down", "to-top", "to-end", "mark-left", "mark-right", "mark-up", "mark-down",
]  # fmt: skip
"""What a key does in the terminal's own view."""

ACTS: Final[tuple[tuple[str, Act], ...]] = (
    ("Ctrl+Shift+C", "copy"), ("Ctrl+Ins", "copy"), ("Ctrl+Shift+V", "paste"), ("Shift+Ins", "paste"),
    ("Ctrl+Shift+A", "mark-all"), ("Ctrl+Shift+P", "print"), ("Ctrl+Shift+K", "keys"),
    ("Ctrl++", "larger"), ("Ctrl+=", "larger"), ("Ctrl+Shift+=", "larger"), ("Ctrl+Shift++", "larger"),
    ("Ctrl+-", "smaller"), ("Ctrl+0", "usual-size"),
)  # fmt: skip
ACTS_3270: Final[tuple[tuple[str, Act], ...]] = (
    ("Ctrl+C", "copy"), ("Ctrl+V", "paste"), ("Ctrl+A", "mark-all"), ("Shift+Left", "mark-left"),
    ("Shift+Right", "mark-right"), ("Shift+Up", "mark-up"), ("Shift+Down", "mark-down"),
)  # fmt: skip
ACTS_VT: Final[tuple[tuple[str, Act], ...]] = (
    ("Ctrl+Shift+F", "find"), ("Shift+PgUp", "page-up"), ("Shift+PgDown", "page-down"), ("Ctrl+Shift+Up", "row-up"),
    ("Ctrl+Shift+Down", "row-down"), ("Shift+Home", "to-top"), ("Shift+End", "to-end"),
    ("Alt+Shift+Left", "mark-left"), ("Alt+Shift+Right", "mark-right"), ("Alt+Shift+Up", "mark-up"),
    ("Alt+Shift+Down", "mark-down"),
)  # fmt: skip

ALONE: Final = ("left Ctrl", "right Ctrl")
"""3270: the Ctrl keys pressed and let go by themselves, as on its own keyboard."""


class ChordError(ValueError):
    """Why a text is no chord for a host: a sentence; where a name in it is not known, it and those that are."""

    def __init__(self, sentence: str, name: str = "", known: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.name = name
        self.known = known


_HELD: Final = ("Ctrl", "Alt", "Shift", "Num")
_WINDOWS: Final = frozenset({"meta", "win", "windows", "super", "windows key"})
NAMED: Final = (
    "Return", "Enter", "Esc", "Tab", "Backspace", "Ins", "Del", "Home", "End", "PgUp", "PgDown", "Up", "Down", "Left",
    "Right", "Pause", "Print", "ScrollLock", "Menu", "Help", "Space", *(f"F{n}" for n in range(1, 25)),
)  # fmt: skip
"""The keys that have a name and no sign, as the toolkit of the screens names them."""

_BY_LOWER: Final = {name.lower(): name for name in (*_HELD, *NAMED, *ALONE)}
_FUNCTION: Final = frozenset(f"F{n}" for n in range(1, 13))


def read_chord(text: str, family: Family) -> str:
    """Return a chord in the one way it is written here, e.g. ``Alt+Shift+F5``.

    Raises :class:`ChordError`: there is no such chord, or it is never a host's in this family.
    """
    written = text.strip()
    if written.lower() in map(str.lower, ALONE):
        if family == "vt":
            raise ChordError("a Ctrl key by itself is a key of a 3270 only")
        return _BY_LOWER[written.lower()]
    *before, key = [*written[:-2].split("+"), "+"] if written.endswith("++") else _parts(written)
    held = [_held(one) for one in before]
    if len(set(held)) != len(held):
        raise ChordError(f"{text!r} holds a key twice")
    key = _key(key, text, "Num" in held)
    chord = "+".join([*(one for one in _HELD if one in held), key])
    refusal = _refusal(frozenset(held), key, chord, family)
    if refusal:
        raise ChordError(f"{chord} {refusal}")
    return chord


def _parts(written: str) -> list[str]:
    return written.split("+") if written != "+" else ["+"]


def _held(name: str) -> str:
    name = name.strip()
    if name.lower() in _WINDOWS:
        raise ChordError("the Windows key is the launcher's own")
    found = _BY_LOWER.get(name.lower(), "")
    if found not in _HELD:
        raise ChordError("key to hold", name, _HELD)
    return found


def _key(name: str, text: str, pad: bool) -> str:
    name = name.strip()
    if len(name) == 1 and name in string.printable and not name.isspace():
        return name.upper()
    found = _BY_LOWER.get(name.lower(), "")
    if not name or found in _HELD:
        raise ChordError(f"{text!r} has no key beside what is held")
    if found not in NAMED:
        raise ChordError("key", name, NAMED)
    if (found == "Enter") != pad and found in {"Enter", "Return"}:
        raise ChordError("the large key is 'Return', and that of the number pad 'Num+Enter'")
    return found


def _refusal(held: frozenset[str], key: str, chord: str, family: Family) -> str:
    """Say why a chord is not for a host; nothing where it may be."""
    types = len(key) == 1 or key == "Space"
    if {"Ctrl", "Alt"} <= held:
        return "is not for a host: Ctrl with Alt types signs on Windows, as AltGr"
    if types and not held & {"Ctrl", "Alt", "Num"}:
        return "is typed: hold Alt with it"
    if len(key) == 1 and not key.isalpha() and "Shift" in held:
        return "is not for a host: which sign Shift makes differs from keyboard to keyboard"
    if chord in {written for written, _ in (*ACTS, *(ACTS_3270 if family == "3270" else ACTS_VT))}:
        return "is the terminal's own: the list of keys says what it does"
    ctrl = "Ctrl" in held
    letter = key.isalpha() and len(key) == 1
    launchers = (
        (ctrl and (key in _FUNCTION or key in {"Tab", "Return", "Enter"} or key.isdigit()))
        or (key == "Home" and held == {"Alt"})
        or (ctrl and letter and (family == "3270" or "Shift" in held))
    )
    return "is the launcher's own" if launchers else ""
