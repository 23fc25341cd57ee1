"""The tiles: a list view whose cells are all alike, painted by the delegate."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
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
from launcher.shell.launchpad.walked import Walked
from launcher.shell.look import current, look, thin_bars, word


class TileView(Walked, QListView):
    """The tiles. The current one is marked while the search field or the view itself has the focus."""

    opened = Signal(int)
    starred = Signal(int)
    menu_wanted = Signal(int, QPoint)
    painted = Signal()

    _delegate: TileDelegate

    def __init__(self, model: TileModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles = model
        self._delegate = TileDelegate(model, self)
        self._compact = False
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

    def line_height(self) -> int:
        """Return the height of a line of tiles in pixels."""
        return self.gridSize().height()

    def set_compact(self, on: bool) -> None:
        """Show compact tiles."""
        self._compact = on
        self._fit()

    def repaint_row(self, row: int) -> None:
        """Repaint one tile."""
        if 0 <= row < self._tiles.rowCount():
            self.viewport().update(self.cell(row))

    def in_sight(self, row: int) -> bool:
        """Say whether some of the tile can be seen."""
        return self.isVisible() and self.cell(row).intersects(self.viewport().rect())

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index.isValid() and self._on_star(index, event):
            self.starred.emit(index.row())
            return
        super().mousePressEvent(event)

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

    def _on_star(self, index: QModelIndex, event: QMouseEvent) -> bool:
        place = self.cell(index.row())
        seen = self._tiles.tile(index.row()).favourite or self._delegate.hovered == index.row()
        return seen and self._delegate.star_at(place, event.position().toPoint())

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
