"""The chart's numbers as a table: one row a launch, one column a group."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from launcher.shell.look import Type, current, look, seconds, state_word, thin_bars, word
from launcher.shell.timings.bars import ORDER, Row
from launcher.shell.timings.chart import state_of


class TimingsTable(QTableWidget):
    """A plain table; a screen reader reads it cell by cell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        heads = [word(f"timings.column.{name}") for name in ("system", "state", "total", "usual")]
        heads += [word(f"timings.phase.{phase.value}_long") for phase in ORDER]
        super().__init__(0, len(heads), parent)
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
