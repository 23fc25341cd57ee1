"""The names of keys, the same for every engine, recipe and keyboard map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

AID_KEYS: Final = frozenset(
    {"Enter", "Clear", "Attn", "SysReq", *(f"PF{n}" for n in range(1, 25)), "PA1", "PA2", "PA3"}
)
"""3270: what sends the screen or a signal to the host (GA23-0059, attention identifiers)."""

EDIT_KEYS_3270: Final = frozenset(
    {
        "Reset", "Insert", "Delete", "Backspace", "EraseEOF", "EraseInput", "Tab", "BackTab", "Newline", "Home", "End",
        "Up", "Down", "Left", "Right", "FieldMark", "Dup",
    }
)  # fmt: skip
"""3270: what changes the screen here, before anything is sent."""

VT_KEYS: Final = frozenset(
    {
        "Enter", "Tab", "Backspace", "Escape", "Up", "Down", "Left", "Right", "Home", "End", "Insert", "Delete",
        "PageUp", "PageDown", "Find", "Select", "Do", "Help", *(f"F{n}" for n in range(1, 21)),
        *(f"Pad{n}" for n in range(10)), "PadEnter", "PadPlus", "PadMinus", "PadMultiply", "PadDivide", "PadDecimal",
    }
)  # fmt: skip
"""VT: keys that the engine's encoder turns into what the application's modes ask for; Ctrl+A … Ctrl+Z besides."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key with what was held with it. ``name`` is of the lists above, or one character where Ctrl or Alt is held."""

    name: str
    ctrl: bool = False
    alt: bool = False
    shift: bool = False


def key_named(text: str) -> Key | None:
    """Return the key that a recipe or a keyboard map names, e.g. ``PF3``, ``Ctrl+C``; None where there is none."""
    *held, name = text.split("+")
    if not set(held) <= {"Ctrl", "Alt", "Shift"} or len(set(held)) != len(held):
        return None
    if len(name) == 1:
        return Key(name, "Ctrl" in held, "Alt" in held, "Shift" in held) if held else None
    if name not in AID_KEYS | EDIT_KEYS_3270 | VT_KEYS:
        return None
    return Key(name, "Ctrl" in held, "Alt" in held, "Shift" in held)
