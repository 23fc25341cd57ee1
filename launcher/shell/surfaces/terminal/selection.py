"""What is marked, as places on rows, and the text that it comes to: pure rules.

A 3270 is marked by a block, as its screens are forms. A VT is marked along its lines, and a line that went on in the
next row is one line again when it is copied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Shape = Literal["block", "lines"]

_WORD: Final = re.compile(r"[\w./:@~%+\-]+")
_NOT_WORD: Final = re.compile(r"\s+|[^\s\w./:@~%+\-]+")


class Place(NamedTuple):
    """A cell's left edge; rows count from the oldest kept."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Selection:
    """From where it was begun to where it is; the cell at the later of both ends is not part of it."""

    anchor: Place
    head: Place
    shape: Shape

    @property
    def empty(self) -> bool:
        """Whether no cell is marked."""
        if self.shape == "block":
            return self.anchor.column == self.head.column
        return self.anchor == self.head

    @property
    def rows(self) -> range:
        """The rows that it touches."""
        low, high = sorted((self.anchor.row, self.head.row))
        return range(low, high + 1)

    def part(self, row: int, columns: int) -> tuple[int, int]:
        """Return from where to where the cells of a row are marked; an empty range where none are."""
        low, high = sorted((self.anchor, self.head))
        if self.empty or not low.row <= row <= high.row:
            return 0, 0
        if self.shape == "block":
            first, last = sorted((self.anchor.column, self.head.column))
            return first, min(last, columns)
        return low.column if row == low.row else 0, high.column if row == high.row else columns


def copied(selection: Selection, cells: Callable[[int], Sequence[str]], goes_on: Callable[[int], bool]) -> str:
    """Return the marked text; ``goes_on`` says of a row whether its line goes on in the next."""
    rows = selection.rows
    text = ""
    for row in rows:
        held = cells(row)
        start, stop = selection.part(row, len(held))
        piece = "".join(held[start:stop])
        if selection.shape == "lines" and goes_on(row) and row != rows[-1]:
            text += piece
            continue
        text += piece.rstrip() + ("\n" if row != rows[-1] else "")
    return text


def word_around(cells: Sequence[str], column: int) -> tuple[int, int]:
    """Return from where to where the word goes that this cell is in: letters, figures, paths and addresses."""
    text = "".join(cell[:1] or "\u2060" for cell in cells)  # one for each cell; nothing stands behind a wide one
    joined = text.replace("\u2060", "x")
    for kind in (_WORD, _NOT_WORD):
        for match in kind.finditer(joined):
            if match.start() <= column < match.end():
                return match.span()
    return column, min(column + 1, len(cells))
