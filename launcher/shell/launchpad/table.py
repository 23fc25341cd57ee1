"""The list: a sortable table of the same rows."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QScroller,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from launcher.shell.launchpad.choice import Column
from launcher.shell.launchpad.kit import kit
from launcher.shell.launchpad.model import TileModel, cell_text
from launcher.shell.launchpad.names import draw_found
from launcher.shell.launchpad.plates import draw_plate
from launcher.shell.launchpad.spots import KIND_ICON
from launcher.shell.launchpad.state_line import paint_state_line
from launcher.shell.launchpad.tile import beside, detail, kind_icon, share_of
from launcher.shell.launchpad.walked import Walked
from launcher.shell.look import (
    State,
    Type,
    current,
    draw_line,
    look,
    paint_bar,
    paint_icon,
    state_word,
    thin_bars,
    word,
)

AnyIndex = QModelIndex | QPersistentModelIndex
ROW = 44
PLATE = 28


def row_height() -> int:
    """Return the height of a row in pixels."""
    here = look()
    return max(ROW, here.line(Type.BODY) + here.space(12), here.grow(PLATE) + here.space(8))


class RowDelegate(QStyledItemDelegate):
    """Paints one cell of the list."""

    def __init__(self, model: TileModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.current = -1
        self.current_shown = False
        self.ringed = False
        self.hovered = -1
        self.right = 0
        self.time_with_state = False

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        here = look()
        colours = here.colours
        rect = QRectF(option.rect)
        row, column = index.row(), Column(index.column())
        tile = self._model.tile(row)
        current = self.current_shown and row == self.current
        fill: QColor = colours.surface
        if tile.state is State.NEEDS:
            fill = colours.states[tile.state].bg
        elif tile.state in (State.OFFLINE, State.UNKNOWN):
            fill = colours.sunken
        if row == self.hovered:
            fill = colours.hover
        if current:
            fill = colours.accent_soft
        painter.fillRect(rect, fill)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), colours.line)
        if current:
            self._paint_current(painter, rect, column)
        ink = colours.text2 if tile.state in (State.OFFLINE, State.UNKNOWN) else colours.text
        inside = rect.adjusted(here.space(12), 0, -here.space(6), 0)
        middle = rect.center().y()
        match column:
            case Column.NAME:
                side = here.grow(PLATE)
                plate = QRectF(inside.left(), round(middle - side / 2), side, side)
                muted = tile.state in (State.OFFLINE, State.UNKNOWN)
                draw_plate(painter, plate, tile.system, muted=muted)
                left = plate.right() + here.space(12)
                draw_found(painter, left, inside.right(), middle, tile.system.name, self._model.hit(row), ink)
                if tile.moving and tile.state is not None:
                    high = here.space(4)
                    bar = QRectF(rect.left(), rect.bottom() - 1 - high, rect.width(), high)
                    paint_bar(painter, bar, tile.state, share_of(tile))
            case Column.KIND:
                side = here.grow(KIND_ICON)
                box = QRectF(inside.left(), round(middle - side / 2), side, side)
                paint_icon(painter, box, kind_icon(tile.system.kind), colours.text2)
                kit().meta.write(painter, box.right() + here.space(8), middle, cell_text(tile, column), colours.text2)
            case Column.STATE:
                words = beside(tile) if self.time_with_state else detail(tile)
                paint_state_line(painter, inside.left(), inside.right(), middle, tile, words)
            case Column.FAVOURITE:
                if tile.favourite or row == self.hovered:
                    side = here.grow(KIND_ICON + 2)
                    box = QRectF(round(rect.center().x() - side / 2), round(middle - side / 2), side, side)
                    paint_icon(painter, box, "star", colours.text2, "fill" if tile.favourite else "bold")
            case _:
                text = kit().meta.cut(cell_text(tile, column), inside.width())
                kit().meta.write(painter, inside.left(), middle, text, colours.text2)

    def _paint_current(self, painter: QPainter, rect: QRectF, column: Column) -> None:
        here = look()
        colour = here.colours.ring if self.ringed else here.colours.accent
        width = 3.0 if self.ringed else 2.0
        painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), width), colour)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - width, rect.width(), width), colour)
        if column is Column.NAME:
            painter.fillRect(QRectF(rect.left(), rect.top(), width, rect.height()), colour)
        if rect.right() >= self.right - 1:
            painter.fillRect(QRectF(rect.right() - width, rect.top(), width, rect.height()), colour)


class ListHeader(QHeaderView):
    """The names of the columns; a click sorts, another turns the order round."""

    sort_wanted = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.sorted: tuple[Column, bool] = (Column.NAME, False)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.sectionClicked.connect(self.sort_wanted)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), look().touch(ROW))

    def paintSection(self, painter: QPainter, rect: QRect, logical_index: int) -> None:
        here = look()
        column = Column(logical_index)
        box = QRectF(rect)
        painter.fillRect(box, here.colours.surface)
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), here.colours.edge)
        inside = box.adjusted(here.space(12), 0, -here.space(4), 0)
        chosen, descending = self.sorted
        ink = here.colours.text if column is chosen else here.colours.text2
        if column is Column.FAVOURITE:
            side = here.grow(KIND_ICON)
            place = QRectF(round(box.center().x() - side / 2), round(box.center().y() - side / 2), side, side)
            paint_icon(painter, place, "star", ink)
            return
        text = word(f"launchpad.column.{column.name.lower()}")
        width = draw_line(painter, inside, text, Type.STRONG, ink)
        if column is chosen:
            side = here.grow(16)
            left = min(inside.left() + width + here.space(4), box.right() - side)
            place = QRectF(round(left), round(box.center().y() - side / 2), side, side)
            paint_icon(painter, place, "caret-down" if descending else "caret-up", ink)


class TileTable(Walked, QTableView):
    """The list. It behaves as the tiles do; its header sorts."""

    opened = Signal(int)
    starred = Signal(int)
    menu_wanted = Signal(int, QPoint)
    sort_wanted = Signal(int)
    painted = Signal()

    _marks: RowDelegate

    def __init__(self, model: TileModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles = model
        self._marks = RowDelegate(model, self)
        self._spare = 0
        self.setModel(model)
        self.setItemDelegate(self._marks)
        self.setAccessibleName(word("launchpad.systems"))
        thin_bars(self)
        self.header = ListHeader(self)
        self.setHorizontalHeader(self.header)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setMouseTracking(True)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self.header.sort_wanted.connect(self.sort_wanted)
        self.entered.connect(lambda index: self._hover(index.row()))
        self.viewportEntered.connect(lambda: self._hover(-1))
        current().changed.connect(self._look_changed)
        self._look_changed()

    def set_spare(self, width: int) -> None:
        """Leave ``width`` pixels free at the right, so that rows end where the page's other parts end."""
        self._spare = width
        self._fit()

    def show_sorted(self, column: Column, *, descending: bool) -> None:
        """Show in the header what the list is sorted by."""
        self.header.sorted = (column, descending)
        self.header.viewport().update()

    def line_height(self) -> int:
        """Return the height of a row in pixels."""
        return row_height()

    def repaint_row(self, row: int) -> None:
        """Repaint one row."""
        if 0 <= row < self._tiles.rowCount():
            top = self.rowViewportPosition(row)
            self.viewport().update(0, top, self.viewport().width(), row_height())

    def rows_in_sight(self) -> range:
        """Return the rows of which something can be seen."""
        if not self.isVisible() or not self._tiles.rowCount():
            return range(0)
        last = self.rowAt(self.viewport().height() - 1)
        return range(max(0, self.rowAt(0)), last + 1 if last >= 0 else self._tiles.rowCount())

    # Events

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() is not Qt.MouseButton.LeftButton or not index.isValid():
            return
        if index.column() == Column.FAVOURITE:
            self.starred.emit(index.row())
        else:
            self.opened.emit(index.row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted.emit()

    def minimumSizeHint(self) -> QSize:
        return QSize(look().grow(120), look().grow(60))

    def _fit(self) -> None:
        """Give the columns their widths; group and kind go where there is no room for them."""
        here = look()
        room = max(1, self.viewport().width() - self._spare)
        state = max(here.width(Type.STATE, state_word(each)) for each in State) + here.grow(20)
        widths = {
            Column.FAVOURITE: here.touch(ROW),
            Column.STATE: state + here.width(Type.META, word("launchpad.needs.credential")) + here.space(60),
            Column.KIND: here.grow(KIND_ICON) + here.width(Type.META, "Remote desktop") + here.space(30),
            Column.GROUP: here.width(Type.META, "Public protection") + here.space(40),
            Column.TIME: here.width(Type.META, "0 min 00 s so far") + here.space(20),
        }
        left = room - here.grow(260)
        for column in (Column.FAVOURITE, Column.STATE, Column.KIND, Column.GROUP, Column.TIME):
            shown = widths[column] <= left
            self.setColumnHidden(column, not shown)
            if shown:
                self.setColumnWidth(column, widths[column])
                left -= widths[column]
        self.setColumnWidth(Column.NAME, max(here.grow(120), here.grow(260) + left))
        self._marks.right = room
        self._marks.time_with_state = self.isColumnHidden(Column.TIME)

    def _look_changed(self) -> None:
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(row_height())
        self.header.setFixedHeight(look().touch(ROW))
        self._fit()
        self.viewport().update()
        self.header.viewport().update()
