"""The code pages of 3270 hosts: which byte is which character, for one host and both ways.

The only importer of ``ebcdic``. Where Python has a table of its own, Python's counts.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import ebcdic

DEFAULT_CODE_PAGE: Final = "cp285"
"""The United Kingdom's."""

NULL: Final = 0x00
SPACE: Final = 0x40
DUP: Final = 0x1C
FIELD_MARK: Final = 0x1E
_SHOWN: Final = {DUP: "*", FIELD_MARK: ";"}
"""What a 3270 shows for the control characters that it shows at all."""

_SEEN_AS: Final = {"\xa0": " ", "\xad": "-"}
"""What would not be seen, or not be found by whoever looks for a text on the screen."""

_OF_PYTHON: Final = ("cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140")
_CHARACTER_SETS: Final = {
    "cp870": 959, "cp875": 925, "cp420": 235, "cp424": 941, "cp1025": 1150, "cp1026": 1152, "cp838": 1176,
    "cp290": 1172, "cp833": 1173, "cp1112": 1305, "cp1122": 1307, "cp1123": 1326, "cp1097": 1219,
    **{f"cp{number}": 695 for number in range(1140, 1150)},
}  # fmt: skip
_LATIN_1_SET: Final = 697


@dataclass(frozen=True, slots=True)
class CodePage:
    """One host's table. ``shown`` has the character of each byte, a space for what is not shown.

    ``bytes_of`` has the byte of each character that can be typed.
    """

    name: str
    shown: tuple[str, ...]
    character_set: int
    """The number of its graphic character set, as hosts ask for it with the code page's own."""
    bytes_of: Mapping[str, int] = field(repr=False, default_factory=dict)

    @property
    def number(self) -> int:
        """The number, e.g. 285."""
        return int(self.name.removeprefix("cp"))

    def byte_of(self, character: str) -> int | None:
        """Return the byte of a character that can be typed, or None where the table lacks it."""
        return self.bytes_of.get(character)

    def lacks(self, text: str) -> str:
        """Return the first character of a text that the table lacks; empty: it has them all."""
        return next((one for one in text if one not in self.bytes_of), "")

    def text_of(self, data: bytes) -> str:
        """Return the text of bytes as they are shown."""
        return "".join(map(self.shown.__getitem__, data))


def code_page_names() -> tuple[str, ...]:
    """Return the names of all that are known, in order of their numbers."""
    packed = [name for name in ebcdic.codec_names if name.removeprefix("cp").isdigit()]
    return tuple(sorted({*packed, *_OF_PYTHON}, key=lambda name: int(name.removeprefix("cp"))))


def known_code_page(name: str) -> bool:
    """Say whether a catalogue may name it, e.g. ``cp285``."""
    return name in code_page_names()


@cache
def code_page(name: str) -> CodePage:
    """Return the table of that name. Raises LookupError where there is none."""
    if not known_code_page(name):
        raise LookupError(f"there is no code page {name}")
    characters = [codecs.decode(bytes((byte,)), name, "replace") for byte in range(256)]
    shown = [
        _SEEN_AS.get(character, character) if _is_graphic(character) else _SHOWN.get(byte, " ")
        for byte, character in enumerate(characters)
    ]
    typed = {character: byte for byte, character in reversed(list(enumerate(characters))) if _is_graphic(character)}
    return CodePage(name, tuple(shown), _CHARACTER_SETS.get(name, _LATIN_1_SET), typed)


def _is_graphic(character: str) -> bool:
    return character == "\xad" or (character != "\ufffd" and (character.isprintable() or character in " \xa0"))
