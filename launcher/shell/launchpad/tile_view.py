"""The tiles: a list view whose cells are all alike, painted by the delegate."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QScroller, QWidget

from launcher.shell.launchpad.delegate import TileDelegate
from launcher.shell.launchpad.forms import GAP, Form, grid
from launcher.shell.launchpad.model import TileModel
from launcher.shell.launchpad.steps import stepped
from launcher.shell.look import current, look, thin_bars, word


class TileView(QListView):
    """The tiles. The current one is marked while the search field or the view itself has the focus."""

    opened = Signal(int)
    starred = Signal(int)
    menu_wanted = Signal(int, QPoint)
    painted = Signal()

    def __init__(self, model: TileModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles = model
        self._delegate = TileDelegate(model, self)
        self._compact = False
        self._marked = False
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(word("launchpad.systems"))
        thin_bars(self)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        # The cells follow the width in _fit; Adjust would lay everything out again at each change of height.
        self.setResizeMode(QListView.ResizeMode.Fixed)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self.entered.connect(lambda index: self._hover(index.row()))
        self.viewportEntered.connect(lambda: self._hover(-1))
        self.clicked.connect(lambda index: self.opened.emit(index.row()))
        current().changed.connect(self._look_changed)
        self._look_changed()

    @property
    def form(self) -> Form:
        """How the tiles are laid out now."""
        return self._delegate.grid.form

    @property
    def columns(self) -> int:
        """How many tiles stand side by side."""
        return self._delegate.grid.columns

    def set_compact(self, on: bool) -> None:
        """Show compact tiles."""
        self._compact = on
        self._fit()

    # The current tile

    @property
    def current_row(self) -> int:
        """The current tile's row, -1 when there is none."""
        return self._delegate.current

    def set_current(self, row: int) -> None:
        """Make the tile of ``row`` the current one and scroll it into view; -1 for none."""
        before, self._delegate.current = self._delegate.current, row
        for each in (before, row):
            self.repaint_row(each)
        if row >= 0:
            index = self._tiles.index(row, 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)
        elif before >= 0:
            self.setCurrentIndex(QModelIndex())

    def forget_current(self) -> None:
        """The rows are others now: there is no current tile, and the view stands at its top."""
        self._delegate.current = self._delegate.hovered = -1

    def lay_out(self) -> None:
        """Lay out now what would be laid out a turn later, and then painted a second time."""
        self.executeDelayedItemsLayout()

    def mark_current(self, on: bool) -> None:
        """Mark the current tile because the search field has the focus."""
        self._marked = on
        self._show_marks()

    def step(self, key: int) -> bool:
        """Move the current tile by an arrow or a page key; return whether the key meant that."""
        page = max(1, self.viewport().height() // max(1, self.gridSize().height()))
        goal = stepped(self.current_row, self._tiles.rowCount(), self.columns, page, key)
        if goal is None:
            return False
        if goal != self.current_row:
            self.set_current(goal)
        return True

    def repaint_row(self, row: int) -> None:
        """Repaint one tile."""
        if 0 <= row < self._tiles.rowCount():
            self.viewport().update(self.cell(row))

    def in_sight(self, row: int) -> bool:
        """Say whether some of the tile can be seen."""
        return self.isVisible() and self.cell(row).intersects(self.viewport().rect())

    def ring_shape(self) -> None:
        """The view paints the focus itself, around the current tile."""
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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index.isValid() and self._on_star(index, event):
            self.starred.emit(index.row())
            return
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            row = self.current_row
            at = self.visualRect(self._tiles.index(row, 0)).center() if row >= 0 else QPoint()
        else:
            row = self.indexAt(event.pos()).row()
            at = event.pos()
        if row >= 0:
            self.menu_wanted.emit(row, self.viewport().mapToGlobal(at))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        # By ourselves: the cells are all alike, and a style option for each tile costs more than its painting.
        painter = QPainter(self.viewport())
        area = event.rect()
        count, columns = self._tiles.rowCount(), self.columns
        high = self._delegate.grid.cell_height
        top = self.verticalOffset()
        first = max(0, (area.top() + top) // high)
        last = (area.bottom() + top) // high
        for row in range(first * columns, min(count, (last + 1) * columns)):
            place = self.cell(row)
            if place.intersects(area):
                self._delegate.paint_cell(painter, place, row)
        painter.end()
        self.painted.emit()

    def cell(self, row: int) -> QRect:
        """Return where the cell of ``row`` is in the viewport."""
        cells = self._delegate.grid
        line, column = divmod(row, cells.columns)
        top = line * cells.cell_height - self.verticalOffset()
        return QRect(column * cells.cell_width, top, cells.cell_width, cells.cell_height)

    def minimumSizeHint(self) -> QSize:
        return QSize(look().grow(120), look().grow(60))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        before, self._delegate.hovered = self._delegate.hovered, row
        for each in {before, row}:
            self.repaint_row(each)

    def _on_star(self, index: QModelIndex, event: QMouseEvent) -> bool:
        place = self.cell(index.row())
        seen = self._tiles.tile(index.row()).favourite or self._delegate.hovered == index.row()
        return seen and self._delegate.star_at(place, event.position().toPoint())

    def _show_marks(self) -> None:
        self._delegate.ringed = self.hasFocus()
        self._delegate.current_shown = self._marked or self.hasFocus()
        self.repaint_row(self.current_row)

    def _fit(self) -> None:
        cells = grid(self.viewport().width(), compact=self._compact)
        if cells != self._delegate.grid:
            self._delegate.grid = cells
            self.setGridSize(QSize(cells.cell_width, cells.cell_height))
            self.verticalScrollBar().setSingleStep(max(1, cells.cell_height // 2))

    def _look_changed(self) -> None:
        here = look()
        self.setViewportMargins(0, 0, 0, 0)
        self._fit()
        self.viewport().update()
        self.setIconSize(QSize(here.space(GAP), here.space(GAP)))
