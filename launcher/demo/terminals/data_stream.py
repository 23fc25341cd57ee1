"""The 3270 data stream as a host writes and reads it (GA23-0059): a whole screen out, a key and its fields in."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import ebcdic

ROWS: Final = 24
COLUMNS: Final = 80
CODE_PAGE: Final = "cp285"
"""The United Kingdom's: a pound sign stands where others have a dollar's."""

BLUE, RED, PINK, GREEN, TURQUOISE, YELLOW, WHITE = range(0xF1, 0xF8)

_ERASE_WRITE: Final = 0xF5
_RESTORE_KEYBOARD: Final = 0xC3
_SET_ADDRESS, _FIELD_EXTENDED, _CURSOR_HERE = 0x11, 0x29, 0x13
_PROTECTED, _HIDDEN = 0x20, 0x0C
_ATTRIBUTE, _COLOUR = 0xC0, 0x42

_SIX_BITS: Final = bytes.fromhex(
    "40c1c2c3c4c5c6c7c8c94a4b4c4d4e4f50d1d2d3d4d5d6d7d8d95a5b5c5d5e5f"
    "6061e2e3e4e5e6e7e8e96a6b6c6d6e6ff0f1f2f3f4f5f6f7f8f97a7b7c7d7e7f"
)
"""Six bits as a byte that every line lets through."""

_KEYS: Final[Mapping[int, str]] = MappingProxyType(
    {0x7D: "Enter", 0x6D: "Clear", 0x6C: "PA1", 0x6E: "PA2", 0x6B: "PA3"}
    | {0xF0 + number: f"PF{number}" for number in range(1, 10)}
    | {0x7A: "PF10", 0x7B: "PF11", 0x7C: "PF12"}
)

if CODE_PAGE not in ebcdic.codec_names:  # it is loading the package that makes Python know the table
    raise ImportError(f"the package ebcdic has no {CODE_PAGE}")


@dataclass(frozen=True, slots=True)
class Text:
    """A text that stays as it is; row and column count from 1 and are its first character's."""

    row: int
    column: int
    text: str
    colour: int = GREEN


@dataclass(frozen=True, slots=True)
class Input:
    """A field to type into, with a name for the dialogue."""

    name: str
    row: int
    column: int
    length: int
    hidden: bool = False
    value: str = ""


@dataclass(frozen=True, slots=True)
class HostScreen:
    """One whole screen; the cursor waits in the first field."""

    items: tuple[Text | Input, ...]

    def written(self) -> bytes:
        """Return the record that draws it."""
        out = bytearray((_ERASE_WRITE, _RESTORE_KEYBOARD))
        first = next((item for item in self.items if isinstance(item, Input)), None)
        for item in sorted(self.items, key=lambda one: (one.row, one.column)):
            out.append(_SET_ADDRESS)
            out += _address(_place(item) - 1)  # the attribute takes the cell before
            if isinstance(item, Text):
                out += _field(_PROTECTED, item.colour) + _encoded(item.text)
                continue
            out += _field(_HIDDEN if item.hidden else 0, TURQUOISE)
            if item is first:
                out.append(_CURSOR_HERE)
            out += _encoded(item.value)
            out.append(_SET_ADDRESS)
            out += _address(_place(item) + item.length)
            out += _field(_PROTECTED, GREEN)
        return bytes(out)

    def read(self, untrusted: bytes) -> Pressed:
        """Return what a record from the terminal says: the key, and what was typed into the fields."""
        key = _KEYS.get(untrusted[0], "") if untrusted else ""
        by_place = {_place(item): item for item in self.items if isinstance(item, Input)}
        typed: dict[str, str] = {}
        for piece in untrusted[3:].split(bytes((_SET_ADDRESS,)))[1:]:
            item = by_place.get(_number(piece[:2]))
            if item is not None:
                text = codecs.decode(piece[2:].replace(b"\0", b""), CODE_PAGE, "replace")
                typed[item.name] = text[: item.length].rstrip()
        return Pressed(key, typed)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key with what had been typed into the fields; a field that nobody touched is not there."""

    key: str
    typed: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        """Return what was typed into a field."""
        return self.typed.get(name, "")


def _place(item: Text | Input) -> int:
    return (item.row - 1) * COLUMNS + item.column - 1


def _address(cell: int) -> bytes:
    cell %= ROWS * COLUMNS
    return bytes((_SIX_BITS[cell >> 6], _SIX_BITS[cell & 0x3F]))


def _number(address: bytes) -> int:
    if len(address) != 2:
        return -1
    high, low = address
    # Two bits of zero at the top: an address of 14 bits; else one of 12 bits in two coded bytes.
    return (high << 8 | low) if not high & 0xC0 else (high & 0x3F) << 6 | low & 0x3F


def _field(attribute: int, colour: int) -> bytes:
    return bytes((_FIELD_EXTENDED, 2, _ATTRIBUTE, _SIX_BITS[attribute], _COLOUR, colour))


def _encoded(text: str) -> bytes:
    return codecs.encode(text, CODE_PAGE, "replace")
