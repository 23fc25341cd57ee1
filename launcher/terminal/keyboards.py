"""Which key of the keyboard is which key of the host: our own tables, and what a force's own map lays over them."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from launcher.terminal.chords import ALONE
from launcher.terminal.engine import Family
from launcher.terminal.keys import AID_KEYS, EDIT_KEYS_3270, VT_KEYS, key_named

Over = Literal["usual", "pcomm"]

_USUAL_3270: Final[tuple[tuple[str, str], ...]] = (
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
    *zip(ALONE, ("Reset", "Enter"), strict=True),
)  # fmt: skip
"""What x3270 and Personal Communications users know, where both agree; nothing that erases is on a plain key."""

_OVER: Final[dict[Over, tuple[tuple[str, str], ...]]] = {
    "usual": (),
    "pcomm": (("Return", "Newline"), ("Shift+Return", "Enter"), ("End", "EraseEOF"), ("Shift+End", "End")),
}
"""What each of ours lays over the usual keys of a 3270; "pcomm" is Personal Communications' own."""

NEEDED: Final = ("Enter", "Reset", "Clear", "Tab")
"""3270: keys without which a host cannot be worked with."""


@dataclass(frozen=True, slots=True)
class KeyboardMap:
    """A keyboard map: one of ours, and the chords and keys that are laid over it.

    Chords are as :func:`launcher.terminal.chords.read_chord` returns them, keys have the names of
    :mod:`launcher.terminal.keys`.
    """

    name: str = "usual"
    family: Family | None = None
    """Whose keys it has; None: it fits both."""
    over: Over = "usual"
    keys: tuple[tuple[str, str], ...] = ()


USUAL: Final = KeyboardMap()
OURS: Final = MappingProxyType({"usual": USUAL, "pcomm": KeyboardMap("pcomm", "3270", "pcomm")})
"""The maps that every catalogue has, by the names that an entry gives them."""


def keys_of(family: Family, keyboard: KeyboardMap = USUAL) -> dict[str, str]:
    """Return the host's keys by their chords; of a VT those that the map adds to what its engine encodes."""
    own = dict(keyboard.keys) if keyboard.family in {None, family} else {}
    return dict(_USUAL_3270) | dict(_OVER[keyboard.over]) | own if family == "3270" else own


def lost_keys(keyboard: KeyboardMap) -> tuple[str, ...]:
    """Return which keys of a 3270 can be pressed without this map, and cannot with it."""
    left = set(keys_of("3270", keyboard).values())
    before = keys_of("3270", KeyboardMap(over=keyboard.over)).values()
    return tuple(name for name in dict.fromkeys(before) if name not in left)


def host_keys(family: Family) -> frozenset[str]:
    """Return the names of the keys that a map may give."""
    return AID_KEYS | EDIT_KEYS_3270 if family == "3270" else VT_KEYS


def is_host_key(name: str, family: Family) -> bool:
    """Say whether a map may give this key: a VT's with Ctrl, Alt or Shift too, and a character with Ctrl or Alt."""
    key = key_named(name)
    if key is None:
        return False
    if len(key.name) == 1:
        return family == "vt" and (key.ctrl or key.alt) and key.name.isprintable()
    return key.name in host_keys(family) and (family == "vt" or not (key.ctrl or key.alt or key.shift))
