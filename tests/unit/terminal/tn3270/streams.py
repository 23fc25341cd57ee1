"""Small 3270 streams for tests: a host that asks for plain TN3270 or TN3270E, and records as it sends them."""

from __future__ import annotations

from launcher.terminal.keys import Key
from launcher.terminal.tn3270.codepages import code_page
from launcher.terminal.tn3270.engine import Tn3270Engine
from launcher.terminal.tn3270.models import Display

TN3270 = b"\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0\xff\xfd\x19\xff\xfb\x19\xff\xfd\x00\xff\xfb\x00"
"""DO TERMINAL-TYPE, SEND, then records and binary both ways."""

TN3270E = b"\xff\xfd\x28\xff\xfa\x28\x08\x02\xff\xf0"
"""DO TN3270E, SEND DEVICE-TYPE."""

UNPROTECTED, PROTECTED, HIDDEN, NUMERIC, SKIPPED = 0x40, 0x60, 0x4C, 0x50, 0x70


def device_is(lu_name: bytes) -> bytes:
    """DEVICE-TYPE IS a model 2, CONNECT that LU."""
    return b"\xff\xfa\x28\x02\x04IBM-3278-2-E\x01" + lu_name + b"\xff\xf0"


def functions_are(*functions: int) -> bytes:
    """FUNCTIONS IS."""
    return b"\xff\xfa\x28\x03\x04" + bytes(functions) + b"\xff\xf0"


def record(data: bytes, header: bytes = b"") -> bytes:
    """One record, with a TN3270E header or without."""
    return (header + data).replace(b"\xff", b"\xff\xff") + b"\xff\xef"


def at(row: int, column: int, columns: int = 80) -> bytes:
    """Set buffer address; row and column from 0."""
    return b"\x11" + (row * columns + column).to_bytes(2)


def field(attribute: int) -> bytes:
    """Start field."""
    return bytes((0x1D, attribute))


def text(characters: str, name: str = "cp285") -> bytes:
    """Characters in the host's code page."""
    return bytes(code_page(name).byte_of(character) or 0 for character in characters)


def written(*parts: bytes, control: int = 0xC3) -> bytes:
    """An erase/write with the keyboard restored."""
    return record(b"\xf5" + bytes((control,)) + b"".join(parts))


def engine(*parts: bytes, model: int = 2, **options: object) -> Tn3270Engine:
    """An engine on plain TN3270 that shows a screen of these parts, its answers sent."""
    made = Tn3270Engine(Display(model), **options)  # type: ignore[arg-type]
    made.feed(TN3270)
    if parts:
        made.feed(written(*parts))
    made.to_send()
    return made


def form(**options: object) -> Tn3270Engine:
    """A logon form: USERID of 8 at (1, 10), PASSWORD of 8, hidden, at (2, 10), CODE of 4, numeric, at (3, 10)."""
    rows = (("USERID", UNPROTECTED, 8), ("PASSWORD", HIDDEN, 8), ("CODE", NUMERIC, 4))
    parts = [at(0, 0), field(PROTECTED), text("STATION LOGON")]
    for row, (label, attribute, length) in enumerate(rows, 1):
        parts += [at(row, 0), field(PROTECTED), text(label), at(row, 9), field(attribute)]
        parts += [at(row, 10 + length), field(SKIPPED)]
    return engine(*parts, at(1, 10), b"\x13", **options)


def press(made: Tn3270Engine, *names: str) -> list[bool]:
    """Press keys one after another."""
    return [made.press(Key(name)) for name in names]


def line(made: Tn3270Engine, row: int) -> str:
    """A row without the blanks at its end."""
    return made.grid.line(row).rstrip()
