"""Looks at a terminal's grid for a recipe: is this screen shown, and which field does a fill name.

Rows and columns count from 1 in recipes and from 0 in a grid. Cells that are hidden hold a space in a grid: nothing
here can see them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from launcher.recipes.screens import Screen, ScreenFill, TextAt
from launcher.terminal.errors import FieldRefusedError
from launcher.terminal.grid import CellGrid, Field, KeyboardLock

OFFICERS_LOCKS: Final[frozenset[KeyboardLock]] = frozenset({"not-here", "numeric", "overflow"})
"""Locks that Reset takes away: a key was pressed where it is not taken."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was on a screen at one moment."""

    rows: int
    columns: int
    text: tuple[str, ...]
    cursor: int  # row * columns + column
    fields: tuple[Field, ...]
    lock: KeyboardLock = ""

    @property
    def locked(self) -> bool:
        """Whether the host keeps the keyboard locked; what the officer has locked by a wrong key does not count."""
        return bool(self.lock) and self.lock not in OFFICERS_LOCKS

    @property
    def inputs(self) -> tuple[Field, ...]:
        """The fields that may be typed into, in the order of the screen."""
        return tuple(field for field in self.fields if not field.protected and field.length)

    def line(self, row: int) -> str:
        """Return a row's text."""
        return "".join(self.text[row * self.columns : (row + 1) * self.columns])

    def lines(self) -> tuple[str, ...]:
        """Return the text of every row."""
        return tuple(map(self.line, range(self.rows)))


def sight_of(grid: CellGrid) -> Sight:
    """Return what is on the screen now."""
    cursor = grid.cursor.row * grid.columns + grid.cursor.column
    return Sight(grid.rows, grid.columns, tuple(grid.text), cursor, grid.fields, grid.status.lock)


def is_shown(screen: Screen, sight: Sight) -> bool:
    """Say whether all holds by which a screen is recognised."""
    # A host may refuse and hang up: a line that has gone takes nothing from what the host has said last.
    refused = screen.means == "failed" and sight.lock == "not-connected"
    if screen.unlocked and sight.locked and not refused:
        return False
    if screen.inputs is not None and len(sight.inputs) != screen.inputs:
        return False
    if screen.hidden_inputs is not None and sum(field.hidden for field in sight.inputs) != screen.hidden_inputs:
        return False
    if not all(_stands(one, sight) for one in screen.at):
        return False
    if screen.before_cursor and not _before_cursor(sight).endswith(screen.before_cursor):
        return False
    if not (screen.text or screen.absent):
        return True
    whole = "\n".join(sight.lines())
    return all(text in whole for text in screen.text) and not any(text in whole for text in screen.absent)


def field_of(fill: ScreenFill, sight: Sight) -> Field:
    """Return the 3270 field that a fill names. Raises :class:`FieldRefusedError` for none, and for more than one."""
    inputs = [field for field in sight.inputs if field.hidden or not fill.hidden]
    kind = "hidden input field" if fill.hidden else "input field"
    if fill.label:
        return _behind(fill.label, inputs, sight, kind)
    if fill.row is not None and fill.column is not None:
        cell = (fill.row - 1) * sight.columns + fill.column - 1
        for field in inputs:
            if fill.row <= sight.rows and (cell - field.start) % len(sight.text) < field.length:
                return field
        raise FieldRefusedError(f"There is no {kind} at row {fill.row}, column {fill.column}.")
    if fill.input is not None:
        if fill.input > len(inputs):
            raise FieldRefusedError(f"The screen has no {kind} {fill.input}, but {len(inputs)} of them.")
        return inputs[fill.input - 1]
    if len(inputs) != 1:
        raise FieldRefusedError(f"The screen has not one {kind}, but {len(inputs) or 'none'}.")
    return inputs[0]


def words_of(row: int | None, lines: Sequence[str]) -> str:
    """Return the host's own words in a row that counts from 1, or nothing."""
    return " ".join(lines[row - 1].split()) if row is not None and row <= len(lines) else ""


def _stands(at: TextAt, sight: Sight) -> bool:
    if at.row is None:
        return any(at.text in line for line in sight.lines())
    if at.row > sight.rows:
        return False
    begin, end = (at.row - 1) * sight.columns, at.row * sight.columns
    if at.column is None:
        return at.text in sight.line(at.row - 1)
    return "".join(sight.text[min(begin + at.column - 1, end) : end]).startswith(at.text)


def _before_cursor(sight: Sight) -> str:
    begin = min(sight.cursor // sight.columns, sight.rows - 1) * sight.columns
    return "".join(sight.text[begin : sight.cursor]).rstrip()


def _behind(label: str, inputs: Sequence[Field], sight: Sight, kind: str) -> Field:
    """Return the first of the fields behind the label; a label that leads to two is no label."""
    starts = _found(label, sight)
    if not starts:
        raise FieldRefusedError(f"The text {label!r} is not on the screen.")
    behind = {next((field for field in inputs if field.start >= end), None) for end in starts} - {None}
    if len(behind) != 1:
        how_many = "more than one" if behind else "no"
        raise FieldRefusedError(f"There is {how_many} {kind} behind the text {label!r}.")
    (field,) = behind
    assert field is not None  # noqa: S101 - taken out above
    return field


def _found(text: str, sight: Sight) -> list[int]:
    """Return the cell behind each place of a text; a text does not go on in the next row."""
    ends: list[int] = []
    for row in range(sight.rows):
        cells = sight.text[row * sight.columns : (row + 1) * sight.columns]
        line = "".join(cells)
        at = line.find(text)
        while at >= 0:
            # Cells and characters part where a cell holds none (behind a wide one) or several (combining marks).
            length, cell = 0, 0
            while cell < len(cells) and length < at + len(text):
                length += len(cells[cell])
                cell += 1
            ends.append(row * sight.columns + cell)
            at = line.find(text, at + 1)
    return ends
