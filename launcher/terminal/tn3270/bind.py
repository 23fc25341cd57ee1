"""The sizes that a BIND image names: what the application that takes the screen over holds it for."""

from __future__ import annotations

from typing import Final

from launcher.terminal.tn3270.models import DEFAULT_SIZE, Size

_BIND: Final = 0x31
_DEFAULT_AT, _ALTERNATE_AT, _SIZE_AT = 20, 22, 24


def sizes_of(untrusted: bytes, largest: Size) -> tuple[Size, Size] | None:
    """Return the default and the alternate size, or None where it names none that this display has."""
    if len(untrusted) <= _SIZE_AT or untrusted[0] != _BIND:
        return None
    code = untrusted[_SIZE_AT]
    if code in (0x00, 0x02):
        return DEFAULT_SIZE, DEFAULT_SIZE
    if code == 0x03:
        return DEFAULT_SIZE, largest
    if code not in (0x7E, 0x7F):
        return None
    default = Size(untrusted[_DEFAULT_AT], untrusted[_DEFAULT_AT + 1])
    alternate = Size(untrusted[_ALTERNATE_AT], untrusted[_ALTERNATE_AT + 1]) if code == 0x7F else default
    if all(_fits(size, largest) for size in (default, alternate)):
        return default, alternate
    return None


def _fits(size: Size, largest: Size) -> bool:
    return 24 <= size.rows <= largest.rows and 80 <= size.columns <= largest.columns
