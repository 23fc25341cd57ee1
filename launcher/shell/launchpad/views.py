"""The ways to show the systems, one at a time: tiles, the list, or what stands there when there are none."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from launcher.shell.launchpad.choice import Column, Filter
from launcher.shell.launchpad.empty import Empty
from launcher.shell.launchpad.forms import GAP
from launcher.shell.launchpad.model import TileModel
from launcher.shell.launchpad.table import TileTable
from launcher.shell.launchpad.tile import Tile
from launcher.shell.launchpad.tile_view import TileView
from launcher.shell.look import look, scrolling, word

_NONE_OF = {Filter.MINE: "none_mine", Filter.OPEN: "none_open", Filter.NEEDS: "none_needs"}


class Views(QStackedWidget):
    """The stack of them. ``in_list`` says that the list is chosen and not the tiles."""

    def __init__(self, model: TileModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.in_list = False
        self.tiles = TileView(model)
        self.table = TileTable(model)
        self.empty = Empty()
        self._pages = [self._add(view) for view in (self.tiles, self.table, scrolling(self.empty))]

    def _add(self, view: QWidget) -> QVBoxLayout:
        page = QWidget()
        column = QVBoxLayout(page)
        column.addWidget(view)
        self.addWidget(page)
        return column

    @property
    def view(self) -> TileView | TileTable:
        """The one that is chosen: tiles, compact tiles or the list."""
        return self.table if self.in_list else self.tiles

    @property
    def current_tile(self) -> Tile | None:
        """The tile an officer is at."""
        row = self.view.current_row
        return self.model.tile(row) if row >= 0 else None

    @property
    def current_id(self) -> str:
        """The system an officer is at, in the view that is chosen or in the one that was until now."""
        row = max(self.tiles.current_row, self.table.current_row)
        return self.model.tile(row).id if 0 <= row < self.model.rowCount() else ""

    def choose(self, *, in_list: bool, compact: bool) -> None:
        """Take tiles, compact tiles or the list from now on, each in its own order."""
        self.in_list = in_list
        self.tiles.set_compact(compact)
        column, descending = self.table.header.sorted if in_list else (None, False)
        self.model.sort_by(column, descending=descending)

    def sort(self, column: Column) -> bool:
        """Sort the list by a column, or the other way round where it is sorted by it; say whether it goes down now."""
        before, descending = self.table.header.sorted
        self.table.show_sorted(column, descending=column is before and not descending)
        self.model.sort_by(column, descending=self.table.header.sorted[1])
        return self.table.header.sorted[1]

    def show_chosen(self) -> None:
        """Show the view that is chosen."""
        self.setCurrentIndex(1 if self.in_list else 0)

    def show_empty(self, *, searched: str, chosen: Filter, any_at_all: bool) -> None:
        """Say instead of a view why there are no systems in it."""
        if not any_at_all:
            self.empty.say(word("launchpad.no_systems"), word("launchpad.no_systems_hint"))
        elif searched:
            self.empty.say(
                none_found(searched),
                word("launchpad.none_found_hint"),
                word("launchpad.clear"),
            )
        else:
            name = _NONE_OF.get(chosen, "no_systems")
            self.empty.say(word(f"launchpad.{name}"), word(f"launchpad.{name}_hint"), word("launchpad.show_all"))
        self.setCurrentIndex(2)

    def mark_current(self, on: bool) -> None:
        """Mark the current row because the search field has the focus."""
        self.tiles.mark_current(on)
        self.table.mark_current(on)

    def rows_changed(self, *, keep: str, first: bool) -> None:
        """Stand at the system ``keep`` or at the ``first`` one, now that the rows are others; lay out at once."""
        row = self.model.row_of(keep) if keep else None
        if row is None and (first or self.view.hasFocus()) and self.model.rowCount():
            row = 0
        if row is not None:
            self.view.set_current(row)
        elif self.model.rowCount():
            self.view.scrollToTop()
        self.view.lay_out()

    def forget_current(self) -> None:
        """The rows are others now: none is current."""
        self.tiles.forget_current()
        self.table.forget_current()

    def keep_margins(self, margin: int) -> None:
        """Let tiles and rows end ``margin`` pixels from the page's edges; the scroll bar stands in that margin."""
        # The cells reach half a gap beyond their tiles.
        half = look().space(GAP) // 2
        bar = self.tiles.verticalScrollBar().sizeHint().width()
        right = max(0, margin - half - bar - 1)
        tiles, table, empty = self._pages
        tiles.setContentsMargins(margin - half, 0, right, 0)
        table.setContentsMargins(margin, 0, right, 0)
        empty.setContentsMargins(margin, 0, margin, 0)
        self.table.set_spare(max(0, margin - right - bar))


def none_found(typed: str) -> str:
    """Return what is said where no system matches."""
    return word("launchpad.none_found", text=typed.strip())
