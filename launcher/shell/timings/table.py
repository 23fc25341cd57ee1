"""The chart's numbers as a table: one row a launch, one column a group."""

from __future__ import annotations

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

from launcher.shell.look import Type, current, draw_line, look, seconds, state_word, thin_bars, word
from launcher.shell.timings.bars import ORDER, Row
from launcher.shell.timings.chart import state_of


class TimingsTable(QTableWidget):
    """A plain table; a screen reader reads it cell by cell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        heads = [word(f"timings.column.{name}") for name in ("system", "state", "total", "usual")]
        heads += [word(f"timings.phase.{phase.value}_long") for phase in ORDER]
        super().__init__(0, len(heads), parent)
        self.setHorizontalHeader(_Heads(self))
        self._cells = _Cells(self)
        self.setItemDelegate(self._cells)
        self.setHorizontalHeaderLabels(heads)
        self.setAccessibleName(word("timings.table"))
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

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Write these rows; the current cell stays."""
        self.setRowCount(len(rows))
        for at, row in enumerate(rows):
            usual = seconds(row.system.usual_ms) if row.system.usual_ms else ""
            texts = [row.system.name, state_word(state_of(row)), seconds(row.total_ms), usual]
            texts += [seconds(row.total_of(phase)) if row.total_of(phase) >= 1 else "" for phase in ORDER]
            for column, text in enumerate(texts):
                item = self.item(at, column)
                if item is None:
                    item = QTableWidgetItem()
                    if column >= 2:
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
        QPainter(self.viewport()).fillRect(event.rect(), look().colours.surface)
        super().paintEvent(event)

    def sectionSizeFromContents(self, logicalIndex: int) -> QSize:
        here = look()
        return QSize(here.width(Type.META, self._text(logicalIndex)) + here.space(28), here.touch(40))

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
