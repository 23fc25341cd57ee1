"""The planes of a 3270's screen, a byte a cell each, and the fields that its attributes part it into."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

PROTECTED: Final = 0x20
NUMERIC: Final = 0x10
_DISPLAY: Final = 0x0C
_HIDDEN: Final = 0x0C
_INTENSE: Final = 0x08
MODIFIED: Final = 0x01
ATTRIBUTE: Final = re.compile(rb"[^\0]")
INPUT: Final = re.compile(rb"[\x01-\x1f\x40-\x5f\x80-\x9f\xc0-\xdf]\0")
"""The attribute of a field in which something may be typed, and the first cell of it."""


def printable(bits: int) -> int:
    """Return six bits as the byte that stands for them (GA23-0059, appendix C)."""
    bits &= 0x3F
    if bits == 0x30 or (0 < bits & 0x0F < 10 and bits != 0x21):
        return 0xC0 | bits
    return 0x40 | bits


def _of_attributes(value: Callable[[int], int]) -> bytes:
    return bytes((0, *map(value, range(1, 256))))


UNMODIFIED: Final = _of_attributes(lambda attribute: printable(attribute & ~MODIFIED))
UNMODIFIED_INPUT: Final = _of_attributes(
    lambda attribute: attribute if attribute & PROTECTED else printable(attribute & ~MODIFIED)
)
"""What becomes of each attribute when all fields, or those in which something may be typed, count as unchanged."""
_IS_ATTRIBUTE: Final = _of_attributes(lambda _attribute: 0xFF)
_IS_PROTECTED: Final = _of_attributes(lambda attribute: 0xFF if attribute & PROTECTED else 0)


def not_input(before: int, attributes: bytes | bytearray) -> int:
    """Return which cells nothing may be typed into, as a number with eight bits for each of them.

    ``before`` is the attribute that counts for the first of them. A host may ask for this hundreds of times in a
    record, so no cell is looked at by itself: in each round, as far again is filled from an attribute on.
    """
    sought = bytes((before or 0x40,)) + attributes
    at = known = int.from_bytes(sought.translate(_IS_ATTRIBUTE))
    protected = int.from_bytes(sought.translate(_IS_PROTECTED))
    every = (1 << 8 * len(sought)) - 1
    reach = 8
    while known != every:
        protected |= protected >> reach & (every ^ known)
        known |= known >> reach
        reach *= 2
    return (protected | at) & every >> 8


class Planes(Protocol):
    """What the parser fills: characters, field attributes and the extended attributes, all of the screen's length."""

    plane_dc: bytearray
    plane_fa: bytearray
    plane_eh: bytearray
    plane_cs: bytearray
    plane_fg: bytearray
    plane_bg: bytearray
    curadd: int
    maxrow: int
    maxcol: int

    @property
    def form(self) -> Form:
        """The fields as they are now."""
        ...

    def address_bytes(self, address: int) -> bytes:
        """Return an address as it is sent."""
        ...


@dataclass(frozen=True, slots=True)
class Span:
    """One field: where its attribute stands (None on a screen without any), the cells after it, what it is."""

    attribute_at: int | None
    start: int
    length: int
    attribute: int = 0

    @property
    def protected(self) -> bool:
        """Nothing may be typed there."""
        return bool(self.attribute & PROTECTED)

    @property
    def numeric(self) -> bool:
        """Only a number may be typed there."""
        return bool(self.attribute & NUMERIC)

    @property
    def hidden(self) -> bool:
        """What stands there is not shown."""
        return self.attribute & _DISPLAY == _HIDDEN

    @property
    def intense(self) -> bool:
        """It is shown brighter."""
        return self.attribute & _DISPLAY == _INTENSE

    @property
    def modified(self) -> bool:
        """It goes to the host with the next key."""
        return bool(self.attribute & MODIFIED)

    @property
    def skipped(self) -> bool:
        """The cursor goes over it by itself."""
        return self.protected and self.numeric


class Form:
    """The fields of a screen as they are now; made anew after each change of the attributes."""

    def __init__(self, plane_fa: bytearray) -> None:
        self.cells = len(plane_fa)
        self._at = [match.start() for match in ATTRIBUTE.finditer(plane_fa)]
        self.formatted = bool(self._at)
        if not self._at:
            self.spans: tuple[Span, ...] = (Span(None, 0, self.cells),)
            return
        following = [*self._at[1:], self._at[0] + self.cells]
        self.spans = tuple(
            Span(at, (at + 1) % self.cells, after - at - 1, plane_fa[at])
            for at, after in zip(self._at, following, strict=True)
        )

    def at(self, cell: int) -> Span:
        """Return the field that a cell is in; an attribute's own cell counts to the field that it begins."""
        return self.spans[bisect_right(self._at, cell) - 1] if self.formatted else self.spans[0]

    def is_attribute(self, cell: int) -> bool:
        """Say whether an attribute stands there."""
        return self.formatted and self.at(cell).attribute_at == cell

    def rest(self, cell: int) -> int:
        """Return how many cells of its field are left from a cell on, itself counted; 0 on an attribute."""
        if self.is_attribute(cell):
            return 0
        span = self.at(cell)
        return span.length - (cell - span.start) % self.cells if self.formatted else self.cells

    def next_input(self, cell: int) -> int | None:
        """Return the first cell of the next input field behind a cell, round the end; None where there is none."""
        if not self.formatted:
            return None
        begin = bisect_right(self._at, cell)
        for span in (*self.spans[begin:], *self.spans[:begin]):
            if not span.protected and span.length:
                return span.start
        return None

    def previous_input(self, cell: int) -> int | None:
        """Return the first cell of the input field before a cell, its own where it stands further in."""
        if not self.formatted:
            return None
        before = [span for span in self.spans if not span.protected and span.length]
        if not before:
            return None
        return min(before, key=lambda span: (cell - span.start - 1) % self.cells).start

    def range_of(self, span: Span) -> Iterator[slice]:
        """Give the cells of a field as slices: one, or two where it goes round the end."""
        end = span.start + span.length
        if span.length:
            yield slice(span.start, min(end, self.cells))
        if end > self.cells:
            yield slice(0, end - self.cells)
