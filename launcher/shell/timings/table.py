"""The chart's numbers as a table: one row a launch, one column a group."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from launcher.shell.look import seconds, state_word, word
from launcher.shell.timings.bars import ORDER, Row
from launcher.shell.timings.chart import state_of
from launcher.shell.timings.figure_table import FigureTable


class TimingsTable(FigureTable):
    """What the chart shows, in numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        heads = [word(f"timings.column.{name}") for name in ("system", "state", "total", "usual")]
        heads += [word(f"timings.phase.{phase.value}_long") for phase in ORDER]
        super().__init__(word("timings.table"), heads, parent)

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Write these rows; the current cell stays."""
        self.write(_texts_of(row) for row in rows)


def _texts_of(row: Row) -> list[str]:
    usual = seconds(row.system.usual_ms) if row.system.usual_ms else ""
    texts = [row.system.name, state_word(state_of(row)), seconds(row.total_ms), usual]
    return texts + [seconds(row.total_of(phase)) if row.total_of(phase) >= 1 else "" for phase in ORDER]
