"""The tiles: a list view whose cells are all alike, painted by the delegate."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QRegion,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QScroller, QWidget

from launcher.shell.launchpad.forms import GAP, Form, grid
from launcher.shell.launchpad.model import TileModel
from launcher.shell.launchpad.tile_painter import TilePainter
from launcher.shell.launchpad.walked import Walked
from launcher.shell.look import current, look, thin_bars, word

AnyIndex = QModelIndex | QPersistentModelIndex

AHEAD_MS = 20
AHEAD = 3
"""So many tiles are made ready each time, one after another while nothing else is to do: 750 take some five seconds."""


class TileView(Walked, QListView):
    """The tiles. The current one is marked while the search field or the view itself has the focus."""

    opened = Signal(int)
    starred = Signal(int)
    menu_wanted = Signal(int, QPoint)
    painted = Signal()

    _marks: TilePainter

    def __init__(self, model: TileModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles = model
        self._marks = TilePainter(model)
        self._compact = False
        self.setModel(model)
        self.setAccessibleName(word("launchpad.systems"))
        thin_bars(self)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self._ahead = QTimer(self)
        self._ahead.setInterval(AHEAD_MS)
        self._ahead.timeout.connect(self._make_ahead)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self.entered.connect(lambda index: self._hover(index.row()))
        self.viewportEntered.connect(lambda: self._hover(-1))
        self.clicked.connect(lambda index: self.opened.emit(index.row()))
        current().changed.connect(self._look_changed)
        self._look_changed()

    @property
    def form(self) -> Form:
        """How the tiles are laid out now."""
        return self._marks.grid.form

    @property
    def columns(self) -> int:
        """How many tiles stand side by side."""
        return self._marks.grid.columns

    def line_height(self) -> int:
        """Return the height of a line of tiles in pixels."""
        return self._marks.grid.cell_height

    def set_compact(self, on: bool) -> None:
        """Show compact tiles."""
        self._compact = on
        self._fit()

    def make_ahead(self) -> None:
        """Make tiles ready before they are seen, from the first one on."""
        self._marks.begin_ahead()
        self._ahead.start()

    def repaint_row(self, row: int) -> None:
        """Repaint one tile."""
        if 0 <= row < self._tiles.rowCount():
            self.viewport().update(self.cell(row))

    def star_at(self, row: int, at: QPoint) -> bool:
        """Say whether ``at`` is where the tile's star is, seen or not."""
        return self._marks.star_at(self.cell(row), at)

    def rows_in_sight(self) -> range:
        """Return the rows of which something can be seen."""
        return self._rows_in(self.viewport().rect()) if self.isVisible() else range(0)

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index.isValid() and self._on_star(index.row(), event):
            self.starred.emit(index.row())
            return
        super().mousePressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.make_ahead()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        # By ourselves: the cells are all alike, and a style option for each tile costs more than its painting.
        painter = QPainter(self.viewport())
        area, cells = event.rect(), self._marks.grid
        first, last = area.left() // cells.cell_width, area.right() // cells.cell_width
        rows = [row for row in self._rows_in(area) if first <= row % cells.columns <= last]
        self._marks.paint(painter, rows, self.verticalScrollBar().value())
        painter.end()
        self.painted.emit()

    # Where the cells are is arithmetic, they are all alike; the list view's own layout asks the model twice for each of
    # 750 rows at every key.

    def cell(self, row: int) -> QRect:
        """Return where the cell of ``row`` is in the viewport."""
        cells = self._marks.grid
        line, column = divmod(row, cells.columns)
        top = line * cells.cell_height - self.verticalScrollBar().value()
        return QRect(column * cells.cell_width, top, cells.cell_width, cells.cell_height)

    def _make_ahead(self) -> None:
        if not self.isVisible() or not self._marks.make_ahead(self.devicePixelRatioF(), AHEAD):
            self._ahead.stop()

    def _on_star(self, row: int, event: QMouseEvent) -> bool:
        seen = self._tiles.tile(row).favourite or self._marks.hovered == row
        return seen and self.star_at(row, event.position().toPoint())

    def _rows_in(self, area: QRect) -> range:
        """Return the rows of the lines that reach into ``area``."""
        cells, scrolled = self._marks.grid, self.verticalScrollBar().value()
        first = max(0, (area.top() + scrolled) // cells.cell_height)
        last = (area.bottom() + scrolled) // cells.cell_height
        return range(first * cells.columns, min(self._tiles.rowCount(), (last + 1) * cells.columns))

    def doItemsLayout(self) -> None:
        QAbstractItemView.doItemsLayout(self)

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        # The list view's own asks its layout which child has the focus now: without one it names none.
        QAbstractItemView.currentChanged(self, current, previous)
        if current.isValid() and self.hasFocus() and QAccessible.isActive():
            event = QAccessibleEvent(self, QAccessible.Event.Focus)
            event.setChild(current.row())
            QAccessible.updateAccessibility(event)

    def updateGeometries(self) -> None:
        cells, page = self._marks.grid, self.viewport().height()
        lines = -(-self._tiles.rowCount() // cells.columns)
        bar = self.verticalScrollBar()
        bar.setSingleStep(max(1, cells.cell_height // 2))
        bar.setPageStep(page)
        bar.setRange(0, max(0, lines * cells.cell_height - page))
        QAbstractItemView.updateGeometries(self)

    def visualRect(self, index: AnyIndex) -> QRect:
        return self.cell(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        cells = self._marks.grid
        column = point.x() // cells.cell_width
        row = (point.y() + self.verticalScrollBar().value()) // cells.cell_height * cells.columns + column
        if 0 <= column < cells.columns and 0 <= row < self._tiles.rowCount():
            return self._tiles.index(row, 0)
        return QModelIndex()

    def scrollTo(
        self, index: AnyIndex, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if not index.isValid():
            return
        self.executeDelayedItemsLayout()
        place, bar = self.cell(index.row()), self.verticalScrollBar()
        above, below = place.top(), place.bottom() + 1 - self.viewport().height()
        if above < 0 or place.height() > self.viewport().height():
            bar.setValue(bar.value() + above)
        elif below > 0:
            bar.setValue(bar.value() + below)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        # Keys are the page's; Qt asks this for the first cell only, when the focus comes in.
        return self.currentIndex() if self.currentIndex().isValid() else self._tiles.index(0, 0)

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        return

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        return QRegion()

    def minimumSizeHint(self) -> QSize:
        return QSize(look().grow(120), look().grow(60))

    def _fit(self) -> None:
        cells = grid(self.viewport().width(), compact=self._compact)
        if cells != self._marks.grid:
            self._marks.grid = cells
            self.scheduleDelayedItemsLayout()
            self.make_ahead()

    def _look_changed(self) -> None:
        here = look()
        self.setViewportMargins(0, 0, 0, 0)
        self._fit()
        self.make_ahead()
        self.viewport().update()
        self.setIconSize(QSize(here.space(GAP), here.space(GAP)))
