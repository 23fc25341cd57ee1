"""What the tiles and the list share: the current row, how it is walked by keys, and the menu that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QModelIndex, QPoint
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView

from launcher.shell.launchpad.model import TileModel
from launcher.shell.launchpad.steps import stepped

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

    _View = QAbstractItemView
else:
    # Two classes of Qt cannot be parents of one: at run time the view itself brings the only one.
    _View = object


class Marks(Protocol):
    """Which row a delegate paints as the current one, and how."""

    current: int
    hovered: int
    current_shown: bool
    ringed: bool


class Walked(_View):
    """A view whose rows are walked by keys while the search field or the view itself has the focus.

    It goes in front of the view of Qt among the parents. The view makes ``_tiles`` and ``_marks`` before anything
    else, and says how many tiles stand side by side, how high a line is, and how a row is repainted.
    """

    _tiles: TileModel
    _marks: Marks
    _marked = False

    if TYPE_CHECKING:
        # What the view itself brings.

        @property
        def menu_wanted(self) -> SignalInstance: ...

        def line_height(self) -> int: ...

        def repaint_row(self, row: int) -> None: ...

        def rows_in_sight(self) -> range: ...

    @property
    def columns(self) -> int:
        """How many tiles stand side by side."""
        return 1

    def in_sight(self, row: int) -> bool:
        """Say whether some of the row can be seen."""
        return row in self.rows_in_sight()

    # The current row

    @property
    def current_row(self) -> int:
        """The current row, -1 when there is none."""
        return self._marks.current

    def set_current(self, row: int) -> None:
        """Make ``row`` the current one and scroll it into view; -1 for none."""
        before, self._marks.current = self._marks.current, row
        for each in (before, row):
            self.repaint_row(each)
        if row >= 0:
            index = self._tiles.index(row, 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)
        elif before >= 0:
            self.setCurrentIndex(QModelIndex())

    def forget_current(self) -> None:
        """The rows are others now: none is current."""
        self._marks.current = self._marks.hovered = -1

    def lay_out(self) -> None:
        """Lay out now what would be laid out a turn later, and then painted a second time."""
        self.executeDelayedItemsLayout()

    def mark_current(self, on: bool) -> None:
        """Mark the current row because the search field has the focus."""
        self._marked = on
        self._show_marks()

    def step(self, key: int) -> bool:
        """Move by an arrow or a page key; return whether the key meant that."""
        page = max(1, self.viewport().height() // max(1, self.line_height()))
        goal = stepped(self.current_row, self._tiles.rowCount(), self.columns, page, key)
        if goal is None:
            return False
        if goal != self.current_row:
            self.set_current(goal)
        return True

    def ring_shape(self) -> None:
        """The view paints the focus itself, around the current row."""
        return

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The page decides about keys; the view's own type-ahead search would swallow letters.
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.current_row < 0 and self._tiles.rowCount():
            self.set_current(0)
        self._show_marks()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_marks()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            row = self.current_row
            at = self.visualRect(self._tiles.index(row, 0)).center() if row >= 0 else QPoint()
        else:
            row = self.indexAt(event.pos()).row()
            at = event.pos()
        if row >= 0:
            self.menu_wanted.emit(row, self.viewport().mapToGlobal(at))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        before, self._marks.hovered = self._marks.hovered, row
        for each in {before, row}:
            self.repaint_row(each)

    def _show_marks(self) -> None:
        self._marks.ringed = self.hasFocus()
        self._marks.current_shown = self._marked or self.hasFocus()
        self.repaint_row(self.current_row)
