"""What a terminal's view holds: the newest picture of each row, rows above the screen as they were asked for.

Rows count from the oldest kept one, as ``find`` has them: a VT's screen begins at ``scroll_back``, a 3270's at 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from launcher.terminal.grid import Cursor, Field, GridPicture, RowPicture, StatusLine

_KEPT_ABOVE: Final = 2000
"""So many rows above the screen are kept here before they are asked for anew."""


class Shown:
    """The rows of one terminal, and which of them are in view."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns = 0
        self.cursor = Cursor(visible=False)
        self.status = StatusLine()
        self.fields: tuple[Field, ...] = ()
        self.scroll_back = 0
        self.title = ""
        self.bell = 0
        self.mouse = False
        """The program has asked for what the mouse does."""
        self.alternate = False
        self.top: int | None = None
        """The first row in view; None: the screen itself."""
        self._live: list[RowPicture] = []
        self._above: dict[int, RowPicture] = {}
        self._stale: set[int] = set()

    @property
    def first(self) -> int:
        """The first row in view."""
        return self.scroll_back if self.top is None else self.top

    @property
    def last(self) -> int:
        """The row behind the last one that there is."""
        return self.scroll_back + self.rows

    def take(self, picture: GridPicture) -> tuple[int, ...] | None:
        """Take a picture; return the rows in view that are to be drawn again, None for all."""
        whole = (picture.rows, picture.columns) != (self.rows, self.columns)
        if whole:
            self.rows, self.columns = picture.rows, picture.columns
            self._live = [RowPicture(row, ()) for row in range(picture.rows)]
            self._above.clear()
        for row in picture.changed:
            self._live[row.row] = row
        if picture.scroll_back != self.scroll_back or 2 * len(picture.changed) >= self.rows:
            # At their most, new rows take the oldest away, and all the others are other rows then, which no number
            # tells. They are shown as they were until they have been asked for again.
            self._stale = set(self._above)
        moved = picture.scroll_back != self.scroll_back
        if picture.scroll_back < self.scroll_back and self.top is not None and self.top >= picture.scroll_back:
            self.top = None
        before, self.cursor = self.cursor, picture.cursor
        self.status, self.fields = picture.status, picture.fields
        self.scroll_back, self.title, self.bell = picture.scroll_back, picture.title, picture.bell
        self.mouse, self.alternate = picture.mouse, picture.alternate
        if whole or (self.top is not None and (moved or picture.changed)):
            return None
        rows = {row.row for row in picture.changed}
        if before != picture.cursor:
            rows |= {before.row, picture.cursor.row}
        below = self.scroll_back - self.first
        return tuple(row + below for row in sorted(rows) if row + below < self.rows)

    def scroll_to(self, top: int) -> bool:
        """Bring this row to the top of the view; False where it is there."""
        wanted = None if top >= self.scroll_back else max(0, top)
        if wanted == self.top:
            return False
        self.top = wanted
        return True

    def row(self, row: int) -> RowPicture | None:
        """Return a row; None where it is not here."""
        live = row - self.scroll_back
        if 0 <= live < self.rows:
            return self._live[live]
        return self._above.get(row)

    def missing(self, first: int, stop: int) -> tuple[int, int] | None:
        """Return from where to where rows above the screen are to be asked for, to have these."""
        above, stale = self._above, self._stale
        wanted = range(max(0, first), min(stop, self.scroll_back))
        lacking = [row for row in wanted if row not in above or row in stale]
        return (lacking[0], lacking[-1] + 1) if lacking else None

    def take_above(self, rows: tuple[RowPicture, ...]) -> None:
        """Take rows above the screen that were asked for."""
        if len(self._above) > _KEPT_ABOVE:
            self._above.clear()
            self._stale.clear()
        self._above.update({row.row: row for row in rows})
        self._stale.difference_update(row.row for row in rows)

    def cells(self, row: int) -> list[str]:
        """Return what is in each cell of a row, with an empty text behind a wide character."""
        picture = self.row(row)
        return [] if picture is None else cells_of(picture)

    def text(self, row: int) -> str:
        """Return a row's text without the blanks at its end."""
        return "".join(self.cells(row)).rstrip()

    def in_view(self) -> Iterator[tuple[int, RowPicture]]:
        """Step through the rows in view that are here, by their place in the view."""
        for place in range(self.rows):
            picture = self.row(self.first + place)
            if picture is not None:
                yield place, picture

    def blank(self) -> bool:
        """Say whether nothing is on the screen."""
        return all(run.text.isspace() for row in self._live for run in row.runs)

    def formatted(self) -> bool:
        """Say whether the screen has fields of its own: without any it is one field as large as it is."""
        return len(self.fields) > 1 or any(field.length < self.rows * self.columns for field in self.fields)

    def in_hidden_field(self) -> bool:
        """Say whether what is typed now will not be shown (a 3270's field for a password)."""
        cells = max(1, self.rows * self.columns)
        at = self.cursor.row * self.columns + self.cursor.column
        return any(field.hidden and (at - field.start) % cells < field.length for field in self.fields)


def cells_of(picture: RowPicture) -> list[str]:
    """Return what is in each cell of a row, with an empty text behind a wide character."""
    cells: list[str] = []
    for run in picture.runs:
        cells += run.text if run.plain else (run.text, *[""] * (run.width - 1))
    return cells
