"""What a host is sent when it reads: the changed fields, the whole buffer, and what this display is able to do.

GA23-0059, "3270 Data Stream Programmer's Reference", chapters 3 (reads) and 6 (query replies).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from launcher.terminal.tn3270.codepages import CodePage
from launcher.terminal.tn3270.models import DEFAULT_SIZE, Display
from launcher.terminal.tn3270.planes import Form, Planes

NO_KEY: Final = 0x60
ENTER: Final = 0x7D
CLEAR: Final = 0x6D
SYSTEM_REQUEST: Final = 0xF0
STRUCTURED_FIELD: Final = 0x88
_READ_PARTITION: Final = 0x61
_TEST_REQUEST: Final = b"\x01\x6c\x61\x02"
_WITHOUT_FIELDS: Final = frozenset({0x6B, 0x6C, 0x6E, CLEAR})

KEYS: Final = {
    "Enter": ENTER,
    "Clear": CLEAR,
    "PA1": 0x6C,
    "PA2": 0x6E,
    "PA3": 0x6B,
    **{f"PF{number}": 0xF0 + number for number in range(1, 10)},
    **{f"PF{number}": 0x7A + number - 10 for number in range(10, 13)},
    **{f"PF{number}": 0xC0 + number - 12 for number in range(13, 22)},
    **{f"PF{number}": 0x4A + number - 22 for number in range(22, 25)},
}
"""The attention identifiers by the names of the keys."""

_SBA, _SF, _SFE, _SA, _GE = 0x11, 0x1D, 0x29, 0x28, 0x08
_FIELD, _HIGHLIGHT, _FOREGROUND, _CHARACTER_SET, _BACKGROUND = 0xC0, 0x41, 0x42, 0x43, 0x45
_GRAPHIC: Final = 0xF1
BY_FIELD, BY_EXTENDED_FIELD, BY_CHARACTER = 0, 1, 2


class ReplyMode:
    """How much of the attributes a host wants to read (set reply mode)."""

    def __init__(self, mode: int = BY_FIELD, attributes: bytes = b"") -> None:
        self.mode = mode
        self.attributes = attributes if mode == BY_CHARACTER else b""


class _Cells:
    """Turns cells into data, with the orders that say when an attribute of a character changes.

    A graphic character says by itself what it is: no order for the character set is needed besides.
    """

    def __init__(self, planes: Planes, reply: ReplyMode, field_sets: bytes | bytearray) -> None:
        wanted = reply.attributes
        self._planes = planes
        self._field_sets = field_sets
        self._graphics = planes.plane_cs.count(0) < len(planes.plane_cs)
        self._told = tuple(
            (kind, plane)
            for kind, plane in (
                (_FOREGROUND, planes.plane_fg),
                (_BACKGROUND, planes.plane_bg),
                (_HIGHLIGHT, planes.plane_eh),
            )
            if kind in wanted
        )
        self._before = dict.fromkeys(wanted, 0)

    def add(self, record: bytearray, start: int, stop: int, *, empty_too: bool) -> None:
        """Append cells to a record."""
        if self._told or self._graphics:
            for cell in range(start, stop):
                if empty_too or self._planes.plane_dc[cell]:
                    self._add_one(record, cell)
        else:
            data = self._planes.plane_dc[start:stop]
            record += data if empty_too else data.replace(b"\0", b"")

    def _add_one(self, record: bytearray, cell: int) -> None:
        for kind, plane in self._told:
            value = plane[cell]
            if kind == _HIGHLIGHT and value:
                value = 0xF0 | value & 0x0F
            if value != self._before[kind]:
                self._before[kind] = value
                record += bytes((_SA, kind, value))
        if _GRAPHIC in (self._planes.plane_cs[cell], self._field_sets[cell]):
            record.append(_GE)
        record.append(self._planes.plane_dc[cell])


def read_modified(planes: Planes, reply: ReplyMode, key: int, *, everything: bool = False) -> bytes:
    """Return what a key sends: itself, the cursor's place, and each changed field without its empty cells.

    ``everything``: a read modified all, in which even the keys that send no fields do.
    """
    record = bytearray((key,))
    if key in _WITHOUT_FIELDS and not everything:
        return bytes(record)
    if key == SYSTEM_REQUEST:
        record = bytearray(_TEST_REQUEST)
    else:
        record += planes.address_bytes(planes.curadd)
    form = planes.form
    cells = _Cells(planes, reply, field_sets(planes, form))
    for span in sorted(form.spans, key=lambda span: span.attribute_at or 0):
        if span.attribute_at is not None:
            if not span.modified:
                continue
            record.append(_SBA)
            record += planes.address_bytes(span.start)
        for part in form.range_of(span):
            cells.add(record, part.start, part.stop, empty_too=False)
    return bytes(record)


def read_buffer(planes: Planes, reply: ReplyMode, key: int) -> bytes:
    """Return the whole buffer, attributes and empty cells included."""
    record = bytearray((key,)) + planes.address_bytes(planes.curadd)
    form = planes.form
    cells = _Cells(planes, reply, field_sets(planes, form))
    before = 0
    for span in sorted(form.spans, key=lambda span: span.attribute_at or 0):
        if span.attribute_at is not None:
            cells.add(record, before, span.attribute_at, empty_too=True)
            _add_field(record, planes, reply, span.attribute_at)
            before = span.attribute_at + 1
    cells.add(record, before, form.cells, empty_too=True)
    return bytes(record)


def _add_field(record: bytearray, planes: Planes, reply: ReplyMode, at: int) -> None:
    """Append the start of a field, with as much of its attributes as the host wants."""
    if reply.mode == BY_FIELD:
        record += bytes((_SF, planes.plane_fa[at]))
        return
    pairs = [(_FIELD, planes.plane_fa[at])]
    for kind, plane in (
        (_FOREGROUND, planes.plane_fg),
        (_BACKGROUND, planes.plane_bg),
        (_HIGHLIGHT, planes.plane_eh),
        (_CHARACTER_SET, planes.plane_cs),
    ):
        if plane[at]:
            pairs.append((kind, plane[at]))
    record += bytes((_SFE, len(pairs))) + bytes(byte for pair in pairs for byte in pair)


def field_sets(planes: Planes, form: Form) -> bytearray:
    """Return for each cell the character set of its field, which counts where the cell has none of its own."""
    sets = bytearray(form.cells)
    if planes.plane_cs == sets:
        return sets
    for span in form.spans:
        if span.attribute_at is not None and planes.plane_cs[span.attribute_at]:
            for part in form.range_of(span):
                sets[part] = bytes((planes.plane_cs[span.attribute_at],)) * (part.stop - part.start)
    return sets


def read_partition(
    planes: Planes, reply: ReplyMode, field: bytes, display: Display, code_page: CodePage
) -> bytes | None:
    """Answer a read partition; None where the field is none that may be answered."""
    if len(field) < 5:
        return None
    partition, kind = field[3], field[4]
    if kind == 0x02 and partition == 0xFF:
        return _query(display, code_page)
    if kind == 0x03 and partition == 0xFF and len(field) > 5:
        return _query(display, code_page, field[6:] if field[5] == 0 else None)
    if partition != 0:
        return None
    if kind == 0x6E:
        return read_modified(planes, reply, _READ_PARTITION, everything=True)
    if kind == 0xF2:
        return read_buffer(planes, reply, _READ_PARTITION)
    if kind == 0xF6:
        return read_modified(planes, reply, _READ_PARTITION)
    return None


def _query(display: Display, code_page: CodePage, only: Collection[int] | None = None) -> bytes:
    """Say what the display can do. File transfer is not among it: a host may write no file here."""
    size = display.size
    both = size.columns.to_bytes(2) + size.rows.to_bytes(2)
    highlights = b"\x05\x00\xf0" + b"".join(bytes((value, value)) for value in (0xF1, 0xF2, 0xF4, 0xF8))
    colours = b"\x00\x10\x00\xf4" + b"".join(bytes((value, value)) for value in range(0xF1, 0x100))
    sets = (
        b"\x82\x00\x09\x0c\x00\x00\x00\x00\x07\x00\x10\x00"
        + code_page.character_set.to_bytes(2)
        + code_page.number.to_bytes(2)
        + b"\x01\x00\xf1\x03\xc3\x01\x36"
    )
    replies = {
        0x81: b"\x01\x00" + both + b"\x01\x00\x0a\x02\xe5\x00\x02\x00\x6f\x09\x0c" + size.cells.to_bytes(2),
        0x84: b"\x00" + size.cells.to_bytes(2) + b"\x00",
        0x85: sets,
        0x86: colours,
        0x87: highlights,
        0x88: bytes((BY_FIELD, BY_EXTENDED_FIELD, BY_CHARACTER)),
        0xA6: b"\x00\x00\x0b\x01\x00" + DEFAULT_SIZE.columns.to_bytes(2) + DEFAULT_SIZE.rows.to_bytes(2) + both,
    }
    replies = {0x80: bytes((0x80, *replies)), **replies}
    told = replies if only is None else {code: data for code, data in replies.items() if code in only}
    if not told:
        told = {0xFF: b""}
    parts = ((4 + len(data)).to_bytes(2) + bytes((0x81, code)) + data for code, data in told.items())
    return bytes((STRUCTURED_FIELD,)) + b"".join(parts)
