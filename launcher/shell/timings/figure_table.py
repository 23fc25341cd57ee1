"""A table of figures in the shell's look: words at the left, figures at the right, nothing to change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from launcher.shell.look import Type, current, draw_line, look, thin_bars


class FigureTable(QTableWidget):
    """A plain table; a screen reader reads it cell by cell."""

    def __init__(self, name: str, heads: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(0, len(heads), parent)
        self.setHorizontalHeader(_Heads(self))
        self._cells = _Cells(self)
        self.setItemDelegate(self._cells)
        self.setHorizontalHeaderLabels(list(heads))
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setHighlightSections(False)
        thin_bars(self)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def write(self, lines: Iterable[Sequence[str]]) -> None:
        """Write these lines; the current cell stays."""
        lines = tuple(lines)
        self.setRowCount(len(lines))
        for at, texts in enumerate(lines):
            for column, text in enumerate(texts):
                item = self.item(at, column)
                if item is None:
                    item = QTableWidgetItem()
                    if column >= _TEXT_COLUMNS:
                        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                    self.setItem(at, column, item)
                if item.text() != text:
                    item.setText(text)

    def _look_changed(self) -> None:
        here = look()
        self.setFont(here.font(Type.BODY))
        self.horizontalHeader().setFont(here.font(Type.STRONG))
        self.verticalHeader().setDefaultSectionSize(max(44, here.line(Type.BODY) + here.space(16)))
        palette = QPalette(self.palette())
        for role, colour in (
            (QPalette.ColorRole.Base, here.colours.surface),
            (QPalette.ColorRole.Text, here.colours.text),
            (QPalette.ColorRole.Highlight, here.colours.accent_soft),
            (QPalette.ColorRole.HighlightedText, here.colours.text),
            (QPalette.ColorRole.Button, here.colours.surface),
            (QPalette.ColorRole.ButtonText, here.colours.text2),
        ):
            palette.setColor(role, colour)
        self.setPalette(palette)


_TEXT_COLUMNS = 2
"""The first columns hold words and begin at the left; figures end at the right."""


class _Cells(QStyledItemDelegate):
    """A cell with room around its text."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        here = look()
        role = Type.STRONG if index.column() == 0 else Type.BODY
        return QSize(here.width(role, str(index.data() or "")) + here.space(28), here.touch(44))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        here = look()
        colours = here.colours
        rect = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(rect, colours.accent_soft if chosen else colours.surface)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), colours.line)
        inset = here.space(14)
        words = index.column() < _TEXT_COLUMNS
        role = Type.STRONG if index.column() == 0 else Type.BODY
        align = Qt.AlignmentFlag.AlignLeft if words else Qt.AlignmentFlag.AlignRight
        place = rect.adjusted(inset, 0, -inset, 0)
        draw_line(painter, place, str(index.data() or ""), role, colours.text, align, elide=index.column() > 0)


class _Heads(QHeaderView):
    """The column heads, aligned with their cells."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        # What lies beyond the last head is drawn by the style, in a colour of its own.
        beyond = event.rect().adjusted(self.length() - self.offset() - event.rect().left(), 0, 0, 0)
        QPainter(self.viewport()).fillRect(beyond, look().colours.surface)

    def sectionSizeFromContents(self, logicalIndex: int) -> QSize:
        here = look()
        return QSize(here.width(Type.META, self._text(logicalIndex)) + here.space(28), here.touch(40))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, look().touch(40))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        here = look()
        painter.fillRect(rect, here.colours.surface)
        painter.fillRect(QRectF(rect.left(), rect.bottom(), rect.width(), 1), here.colours.edge)
        inset = here.space(14)
        words = logicalIndex < _TEXT_COLUMNS
        align = Qt.AlignmentFlag.AlignLeft if words else Qt.AlignmentFlag.AlignRight
        place = QRectF(rect).adjusted(inset, 0, -inset, 0)
        draw_line(painter, place, self._text(logicalIndex), Type.META, here.colours.text2, align, elide=False)

    def _text(self, section: int) -> str:
        return str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
