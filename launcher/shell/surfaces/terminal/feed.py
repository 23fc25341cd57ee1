"""What a terminal's screen asks of its engine: calls that do not wait, and answers that come later.

Free of Qt. Every method is called on the main thread and returns at once; an answer is given by calling ``take`` on the
main thread again. Pictures come by :meth:`launcher.shell.surfaces.terminal.view.TerminalView.take`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from launcher.terminal.engine import Family
from launcher.terminal.grid import CellGrid, RowPicture
from launcher.terminal.keys import Key
from launcher.terminal.mouse import MouseAct

Found = tuple[tuple[int, int], ...]
"""Row (0 is the oldest kept, the screen's own come last) and column of each place."""


class TerminalFeed(Protocol):
    """The way from one terminal's view to its engine."""

    @property
    def family(self) -> Family:
        """Which keys there are, and how a text is marked."""
        ...

    def press(self, key: Key) -> None:
        """Press a key."""
        ...

    def type(self, text: str) -> None:
        """Type a text at the cursor."""
        ...

    def paste(self, text: str) -> None:
        """Paste a text, perhaps of several lines."""
        ...

    def point(self, row: int, column: int) -> None:
        """3270: put the cursor into this cell; both count from 0. A VT does nothing."""
        ...

    def mouse(self, act: MouseAct) -> None:
        """VT: tell the program what the mouse has done."""
        ...

    def resize(self, rows: int, columns: int) -> None:
        """VT: take another size. A 3270 does nothing."""
        ...

    def above(self, first: int, rows: int, take: Callable[[tuple[RowPicture, ...]], None]) -> None:
        """VT: ask for rows above the screen, 0 being the oldest kept; ``row`` of each counts likewise."""
        ...

    def find(self, text: str, take: Callable[[Found], None]) -> None:
        """VT: ask for every place with a text, whatever its case, in the rows above the screen and in the screen."""
        ...


def rows_of(grid: CellGrid, first: int) -> tuple[RowPicture, ...]:
    """Return the rows of a grid of rows above the screen as a feed answers them; ``first`` is what was asked for."""
    return tuple(RowPicture(first + row, grid.runs(row), grid.wrapped[row]) for row in range(grid.rows))
