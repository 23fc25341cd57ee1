"""The cells of a terminal as a widget: draws the rows in view, takes keys, the input method and the mouse.

It is a text edit by birth, read-only and drawn by us, because a screen reader then meets a text with lines and a caret.
The text is kept up only while something asks for it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QPlainTextEdit, QWidget

from launcher.shell.look import current, look, word
from launcher.shell.surfaces.terminal.cells import Cells, cells_for, font_for, panned
from launcher.shell.surfaces.terminal.colours import colours_for
from launcher.shell.surfaces.terminal.cursor import draw_cursor, draw_preedit, input_hints
from launcher.shell.surfaces.terminal.feed import Found
from launcher.shell.surfaces.terminal.keyboard import LauncherKey, Meaning, TypedText, alone, meaning, meaning_alone
from launcher.shell.surfaces.terminal.marking import Marking
from launcher.shell.surfaces.terminal.mirror import ScreenText
from launcher.shell.surfaces.terminal.painting import KeptTexts, Mark, RowPainter, marks_on
from launcher.shell.surfaces.terminal.pointer import Pointer
from launcher.shell.surfaces.terminal.selection import Place
from launcher.shell.surfaces.terminal.shown import Shown
from launcher.shell.surfaces.terminal.sizing import LEAST_VT, ZOOM_STEP, cells_of_3270, cells_of_vt, zoomed
from launcher.terminal.engine import Family
from launcher.terminal.grid import GridPicture
from launcher.terminal.keyboards import USUAL
from launcher.terminal.keys import Key

_MOST_STEPS: Final = 10
_MODIFIERS: Final = frozenset(
    {Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock}
)


class CellScreen(QPlainTextEdit):
    """Rows and columns of one terminal; says what keys mean and where the mouse was, and does nothing about it."""

    meant = Signal(object)
    """A :class:`launcher.shell.surfaces.terminal.keyboard.Meaning`."""
    pointed = Signal(int, int)
    """Row and column of the screen that was clicked."""
    rolled = Signal(int)
    """So many rows the wheel or a drag wants to go down; less than 0: up."""
    pasted_middle = Signal()
    room_changed = Signal()
    view_panned = Signal()
    _resized = Signal()
    focus_changed = Signal(bool)
    moused = Signal(object)
    """A :class:`launcher.terminal.mouse.MouseAct` that the program has asked for."""
    painted = Signal()
    """What was to be drawn has been, or is out of sight."""
    menu_wanted = Signal(QPoint)

    def __init__(self, shown: Shown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = shown
        self.family: Family = "3270"
        self.keyboard = USUAL
        self.marking = Marking(shown)
        self._found: dict[int, list[tuple[int, int, bool]]] = {}
        self.zoom = 0
        self.cells: Cells = cells_for(16)
        self._text = ScreenText(self, shown)
        self._kept = KeptTexts()
        self._pan = QPoint(0, 0)
        self._preedit = ""
        self._alone: str | None = None
        self._pointer = Pointer(self)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        for policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setInputMethodHints(input_hints(hidden=False))
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(word("terminal.screen_nameless"))
        self._resized.connect(self.room_changed, Qt.ConnectionType.QueuedConnection)
        current().changed.connect(self.fit)

    # --- what is shown

    @property
    def connected(self) -> bool:
        """Whether keys go anywhere."""
        return self.shown.status.lock != "not-connected"

    def take(self, picture: GridPicture) -> bool:
        """Draw what has changed; return whether it will be painted."""
        shown = self.shown
        size = (shown.rows, shown.columns)
        hidden, cursor = shown.in_hidden_field(), shown.cursor
        rows = shown.take(picture)
        if self.marking.written_over():
            rows = None
        if size != (shown.rows, shown.columns):
            self.fit()
        elif cursor != shown.cursor:
            self.follow_cursor()
        in_sight = self.redraw(rows)
        self._text.follow(rows)
        if self.viewport().hasMouseTracking() != shown.mouse:
            self.viewport().setMouseTracking(shown.mouse)
            shape = Qt.CursorShape.ArrowCursor if shown.mouse else Qt.CursorShape.IBeamCursor
            self.viewport().setCursor(shape)
        if hidden != shown.in_hidden_field():
            self.setInputMethodHints(input_hints(hidden=not hidden))
        if self.hasFocus():
            QApplication.inputMethod().update(Qt.InputMethodQuery.ImCursorRectangle)
        return in_sight

    def redraw(self, rows: Collection[int] | None = None) -> bool:
        """Draw these rows of the view again, or all; return whether any of them is in sight."""
        viewport = self.viewport()
        whole = rows is None or len(rows) >= self.shown.rows
        places = [viewport.rect()] if whole else [self._row_place(row) for row in rows or ()]
        for place in places:
            viewport.update(place)
        return self.isVisible() and any(viewport.rect().intersects(place) for place in places)

    def view_changed(self) -> None:
        """Draw and read out another part of what there is."""
        self.redraw()
        self._text.follow(None)

    def show_found(self, found: Found, width: int, at: int) -> None:
        """Mark the places where a text was found, ``width`` cells each; the one that is number ``at`` stands out."""
        self._found = {}
        for number, (row, column) in enumerate(found):
            self._found.setdefault(row, []).append((column, column + width, number == at))
        self.redraw()

    def fit(self) -> None:
        """Choose the size of the cells: a 3270's so that all of it is in view, a VT's as large as the text is."""
        self._choose_cells()
        self.room_changed.emit()

    def _choose_cells(self) -> None:
        room = self._room()
        if self.family == "3270":
            cells = cells_of_3270(self.shown.rows or 24, self.shown.columns or 80, room)
        else:
            cells = cells_of_vt(room)
        self.cells = zoomed(cells, self.zoom)
        self._pan = QPoint(0, 0)
        self.follow_cursor()
        self.redraw()

    def zoom_by(self, steps: int) -> None:
        """Make the text larger or smaller; 0 makes it as large as it usually is."""
        self.zoom = max(-_MOST_STEPS, min(_MOST_STEPS, self.zoom + steps)) if steps else 0
        self.fit()

    @property
    def percent(self) -> int:
        """How large the text is, beside its usual size."""
        return round(100 * ZOOM_STEP**self.zoom)

    def size_wanted(self) -> tuple[int, int]:
        """Return how many rows and columns have room; never less than programs are made for."""
        room, (rows, columns) = self._room(), LEAST_VT
        return max(rows, room.height() // self.cells.height), max(columns, room.width() // self.cells.width)

    def cursor_place(self) -> QRect:
        """Return where the cursor's cell is, in this widget."""
        shown = self.shown
        row = shown.scroll_back + shown.cursor.row - shown.first
        return self._cell_place(row, shown.cursor.column)

    # --- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, shown, cells = colours_for(look().theme), self.shown, self.cells
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), colours.ground)
        region = event.region()
        left, top = self._origin()
        lines = self.family == "3270" and shown.formatted()
        rows = RowPainter(painter, colours, cells, left, input_lines=lines, kept=self._kept)
        for place, picture in shown.in_view():
            if region.intersects(self._row_place(place)):
                rows.paint(top + place * cells.height, picture.runs, self._marks(place))
        self._draw_cursor(painter)
        self.painted.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._text.follow(None)
        self.painted.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._text.follow(None)

    def _marks(self, place: int) -> tuple[Mark, ...]:
        shown = self.shown
        row = shown.first + place
        under_cursor = self._cursor_filled() and row == shown.scroll_back + shown.cursor.row
        part = self.marking.selection.part(row, shown.columns) if self.marking.selection is not None else (0, 0)
        return marks_on(self._found.get(row, ()), part, shown.cursor.column if under_cursor else None)

    def _cursor_filled(self) -> bool:
        cursor = self.shown.cursor
        return cursor.visible and cursor.shape == "block" and self.hasFocus() and self.connected and not self._preedit

    def _draw_cursor(self, painter: QPainter) -> None:
        if self._preedit:
            draw_preedit(painter, self.cursor_place(), self.cells, self._preedit)
        elif self.shown.cursor.visible and not self._cursor_filled():
            shape = self.shown.cursor.shape if self.hasFocus() and self.connected else "hollow"
            draw_cursor(painter, self.cursor_place(), shape, colours_for(look().theme).text)

    # --- where things are

    def _inset(self) -> int:
        return look().space(12)

    def _room(self) -> QSize:
        inset = 2 * self._inset()
        return (self.viewport().size() - QSize(inset, inset)).expandedTo(QSize(0, 0))

    def _origin(self) -> tuple[int, int]:
        inset = self._inset()
        return inset - self._pan.x(), inset - self._pan.y()

    def _row_place(self, row: int) -> QRect:
        return QRect(0, self._origin()[1] + row * self.cells.height, self.viewport().width(), self.cells.height)

    def _cell_place(self, row: int, column: int) -> QRect:
        (left, top), size = self._origin(), self.cells
        return QRect(left + column * size.width, top + row * size.height, size.width, size.height)

    def follow_cursor(self) -> None:
        """Move a screen that is larger than its room so that the cursor is in view, unless the host hides it."""
        cells, cursor, room = self.cells, self.shown.cursor, self._room()
        if not cursor.visible:
            return  # where it was left says nothing of what is looked at
        wide, high = cells.room(self.shown.rows, self.shown.columns)
        pan = QPoint(
            panned(self._pan.x(), wide, room.width(), cursor.column * cells.width, cells.width),
            panned(self._pan.y(), high, room.height(), cursor.row * cells.height, cells.height),
        )
        if pan != self._pan and self.shown.top is None:
            self._pan = pan
            self.view_panned.emit()
            self.redraw()

    @property
    def panned_rows(self) -> tuple[int, int]:
        """How far down a screen is moved that is larger than its room, and how far it can be, in rows."""
        over = self.cells.height * self.shown.rows - self._room().height()
        return -(-self._pan.y() // self.cells.height), max(0, -(-over // self.cells.height))

    def pan_to(self, row: int) -> None:
        """Show what is further down, or up, of a screen that is larger than its room."""
        wanted = max(0, min(row, self.panned_rows[1])) * self.cells.height
        if wanted == self._pan.y():
            return
        self._pan.setY(wanted)
        self.view_panned.emit()
        self.redraw()

    def place_at(self, position: QPoint, *, edge: bool) -> Place:
        """Return the cell at a point, or with ``edge`` the nearest edge between two cells."""
        left, top = self._origin()
        cells, shown = self.cells, self.shown
        row = max(0, min((position.y() - top) // cells.height, max(0, shown.rows - 1)))
        across = position.x() - left + (cells.width // 2 if edge else 0)
        most = shown.columns if edge else max(0, shown.columns - 1)
        return Place(shown.first + row, max(0, min(across // cells.width, most)))

    # --- keys

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() != Qt.Key.Key_Control:
                self._alone = None
            event.setAccepted(self.meaning_of(event) is not None)
            return True
        return super().event(event)

    def meaning_of(self, event: QKeyEvent) -> Meaning | None:
        """Return what a key does here; without a line only what needs none."""
        found = meaning(event, self.family, self.keyboard)
        if not self.connected and isinstance(found, Key | TypedText | LauncherKey):
            return None
        return found

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _MODIFIERS:
            self._alone = alone(event) if not event.isAutoRepeat() else self._alone
            return
        self._alone = None
        found = self.meaning_of(event)
        event.setAccepted(found is not None)
        if found is not None:
            self.meant.emit(found)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        side, self._alone = self._alone, None
        if self.connected and (key := meaning_alone(event, side, self.family, self.keyboard)) is not None:
            self.meant.emit(key)

    def focusNextPrevChild(self, forward: bool) -> bool:
        # Tab is a key of the host's; without a line it is the window's.
        return False if self.connected else QWidget.focusNextPrevChild(self, forward)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._preedit = event.preeditString()
        if event.commitString() and self.connected:
            self.meant.emit(TypedText(event.commitString()))
        self.redraw((self.shown.scroll_back + self.shown.cursor.row - self.shown.first,))
        event.accept()

    def inputMethodQuery(self, query: Qt.InputMethodQuery, argument: object = None, /) -> object:
        if query == Qt.InputMethodQuery.ImEnabled:
            return True
        if query == Qt.InputMethodQuery.ImCursorRectangle:
            return self.cursor_place()
        if query == Qt.InputMethodQuery.ImHints:
            return self.inputMethodHints()
        if query == Qt.InputMethodQuery.ImFont:
            return font_for(self.cells.font_px, False, False)
        return None

    def focusInEvent(self, event: QFocusEvent) -> None:
        QWidget.focusInEvent(self, event)
        self._text.follow(None)
        self._focus_moved()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        QWidget.focusOutEvent(self, event)
        self._alone = None
        self._focus_moved()

    def _focus_moved(self) -> None:
        self.redraw((self.shown.scroll_back + self.shown.cursor.row - self.shown.first,))
        self.focus_changed.emit(self.hasFocus())

    # --- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._alone = None
        self._pointer.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pointer.double_press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._alone = None
        self._pointer.roll(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keys = event.reason() == QContextMenuEvent.Reason.Keyboard
        if not by_keys and self._pointer.is_told(event):
            return  # the program has the right button
        self.menu_wanted.emit(
            self.viewport().mapToGlobal(self.cursor_place().bottomLeft()) if by_keys else event.globalPos()
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_cells()
        # Later: what is shown while the parents are being laid out lays them out within, and the outer layout, which
        # goes on with what it had worked out before, then leaves parts of the view at places of another size.
        self._resized.emit()

    def sizeHint(self) -> QSize:
        return QSize(look().grow(640), look().grow(400))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().grow(160), look().space(80))
