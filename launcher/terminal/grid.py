"""The one grid that every engine fills: what stands in each cell, how it looks, and which rows have changed.

Rows and columns count from 0 here; recipes and the status line count from 1, as a host's manuals do.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from enum import IntFlag
from itertools import groupby
from typing import Final, Literal

DEFAULT: Final = 0
"""The colour that a screen has where the host names none: the theme's own text or ground."""

_PALETTE: Final = 1 << 24
_RGB: Final = 2 << 24


def palette(index: int) -> int:
    """Return the colour of a number 0–255 of the xterm palette; 3270 colours are among the first sixteen."""
    return _PALETTE | index


def rgb(red: int, green: int, blue: int) -> int:
    """Return a colour that the host has mixed itself; each part is 0–255."""
    return _RGB | red << 16 | green << 8 | blue


def palette_index(colour: int) -> int | None:
    """Return the palette's number of a colour, or None where it is the default or mixed."""
    return colour & 0xFF if colour >> 24 == 1 else None


def rgb_parts(colour: int) -> tuple[int, int, int] | None:
    """Return red, green and blue of a mixed colour, or None where it is the default or of the palette."""
    return (colour >> 16 & 0xFF, colour >> 8 & 0xFF, colour & 0xFF) if colour >> 24 == 2 else None


class Flag(IntFlag):
    """How a cell is drawn beside its colours. Hidden cells hold a space in the grid, whatever the host has there."""

    BOLD = 1
    FAINT = 2
    ITALIC = 4
    UNDERLINE = 8
    BLINK = 16
    REVERSE = 32
    STRIKE = 64
    HIDDEN = 128
    WIDE = 256
    """The character takes this cell and the next, which holds an empty text."""
    INPUT = 512
    """3270: the officer may type here."""


_WIDE: Final = int(Flag.WIDE)


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring cells of one row that look the same: one character for each cell.

    A character that is wide (``Flag.WIDE``) or has combining marks is a run of its own: ``width`` is 2 or 1 cells.
    """

    column: int
    width: int
    text: str
    foreground: int = DEFAULT
    background: int = DEFAULT
    flags: int = 0

    @property
    def plain(self) -> bool:
        """Whether there is one character for each cell."""
        return len(self.text) == self.width and not self.flags & _WIDE


CursorShape = Literal["block", "underline", "bar"]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next character goes."""

    row: int = 0
    column: int = 0
    visible: bool = True
    shape: CursorShape = "block"


@dataclass(frozen=True, slots=True)
class Field:
    """One 3270 field: the cells after its attribute, on to the next one; it may go round the end of the screen."""

    start: int
    """The first cell after the attribute: row × columns + column."""
    length: int
    protected: bool = False
    hidden: bool = False
    numeric: bool = False
    modified: bool = False


KeyboardLock = Literal["", "system", "not-connected", "clock", "not-here", "numeric", "overflow", "program"]
"""Why the keyboard takes nothing; "" when it does. ``not-here``: that cell is protected; ``clock``: the host works."""


@dataclass(frozen=True, slots=True)
class StatusLine:
    """What the operator information line says; a VT has only the cursor's place."""

    lock: KeyboardLock = ""
    insert: bool = False
    lu_name: str = ""
    message: str = ""
    """What the host or the line last said for a person, e.g. a program check number."""


@dataclass(frozen=True, slots=True)
class RowPicture:
    """One row as it is drawn."""

    row: int
    runs: tuple[Run, ...]
    wrapped: bool = False
    """VT: the row goes on in the next one; copying joins them."""


@dataclass(frozen=True, slots=True)
class GridPicture:
    """What has changed since the last picture, for whoever draws; ``whole`` when every row is in it."""

    rows: int
    columns: int
    changed: tuple[RowPicture, ...]
    cursor: Cursor
    status: StatusLine
    fields: tuple[Field, ...] = ()
    whole: bool = False
    scroll_back: int = 0
    """VT: so many rows lie above the screen."""
    title: str = ""
    bell: int = 0
    """Grows with each bell that is to be heard."""
    mouse: bool = False
    """VT: the program has asked for what the mouse does."""
    alternate: bool = False
    """VT: it is a full screen of a program's, which nothing scrolls off."""


class CellGrid:
    """Rows × columns of cells, filled by one engine and read by the recipes' driver and the widget's feed.

    ``text`` is one string a cell: a character with its combining marks, a space where there is nothing or where it is
    hidden, empty behind a wide one.
    """

    def __init__(self, rows: int, columns: int) -> None:
        self.cursor = Cursor()
        self.status = StatusLine()
        self.fields: tuple[Field, ...] = ()
        self.scroll_back = 0
        self.title = ""
        self.bell = 0
        self.mouse = self.alternate = False
        self.resize(rows, columns)

    def resize(self, rows: int, columns: int) -> None:
        """Begin anew with an empty grid of another size; everything counts as changed."""
        self.rows = rows
        self.columns = columns
        cells = rows * columns
        self.text: list[str] = [" "] * cells
        self.foreground = array("L", [DEFAULT]) * cells
        self.background = array("L", [DEFAULT]) * cells
        self.flags = array("H", [0]) * cells
        self.wrapped = [False] * rows
        self.dirty = set(range(rows))

    def line(self, row: int) -> str:
        """Return the text of a row, one entry a cell (shorter only by what wide characters cover)."""
        return "".join(self.text[row * self.columns : (row + 1) * self.columns])

    def lines(self) -> tuple[str, ...]:
        """Return the text of every row."""
        return tuple(self.line(row) for row in range(self.rows))

    def runs(self, row: int) -> tuple[Run, ...]:
        """Return a row as runs of cells that look the same."""
        begin, end = row * self.columns, (row + 1) * self.columns
        runs: list[Run] = []
        foreground, background, flags, text = self.foreground, self.background, self.flags, self.text
        cells = text[begin:end]
        if "" not in cells:
            column = 0
            for look, group in groupby(
                zip(foreground[begin:end], background[begin:end], flags[begin:end], strict=True)
            ):
                stop = column + len([*group])
                same = "".join(cells[column:stop])
                if len(same) == stop - column:
                    runs.append(Run(column, len(same), same, *look))
                else:
                    _add_run(runs, column, cells[column:stop], look)
                column = stop
            return tuple(runs)
        start = begin
        wide = ~_WIDE
        look = (foreground[begin], background[begin], flags[begin] & wide)
        for cell in range(begin + 1, end):
            if text[cell] == "":
                continue
            here = (foreground[cell], background[cell], flags[cell] & wide)
            if here != look:
                _add_run(runs, start - begin, text[start:cell], look)
                start, look = cell, here
        _add_run(runs, start - begin, text[start:end], look)
        return tuple(runs)

    def picture(self, *, whole: bool = False) -> GridPicture:
        """Return what has changed since the last time, and begin to count anew."""
        rows = range(self.rows) if whole else sorted(self.dirty)
        self.dirty.clear()
        return GridPicture(
            rows=self.rows,
            columns=self.columns,
            changed=tuple(RowPicture(row, self.runs(row), self.wrapped[row]) for row in rows),
            cursor=self.cursor,
            status=self.status,
            fields=self.fields,
            whole=len(rows) == self.rows,
            scroll_back=self.scroll_back,
            title=self.title,
            bell=self.bell,
            mouse=self.mouse,
            alternate=self.alternate,
        )


def _add_run(runs: list[Run], column: int, cells: list[str], look: tuple[int, int, int]) -> None:
    """Add cells that look the same, those that hold no plain character apart."""
    text = "".join(cells)
    if len(text) == len(cells) and "" not in cells:
        runs.append(Run(column, len(cells), text, *look))
        return
    start, width = 0, len(cells)
    for cell in range(width):
        plain = len(cells[cell]) == 1 and (cell + 1 == width or cells[cell + 1] != "")
        if plain or cells[cell] == "":
            continue
        if start < cell:
            runs.append(Run(column + start, cell - start, "".join(cells[start:cell]), *look))
        wide = cell + 1 < width and cells[cell + 1] == ""
        start = cell + (2 if wide else 1)
        runs.append(Run(column + cell, start - cell, cells[cell], look[0], look[1], look[2] | (_WIDE if wide else 0)))
    if start < width:
        runs.append(Run(column + start, width - start, "".join(cells[start:]), *look))
