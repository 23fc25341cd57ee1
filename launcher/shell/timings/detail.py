"""What stands below the chart: the current row in a sentence, and the seconds of its groups."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from launcher.shell.look import (
    Phase,
    Plate,
    State,
    Text,
    Type,
    current,
    draw_line,
    group_of,
    look,
    seconds,
    text2,
    word,
)
from launcher.shell.timings.bars import ORDER, Row
from launcher.shell.timings.chart import state_of
from launcher.shell.timings.waterfall import paint_sample


class Detail(QWidget):
    """The current row: what it is, how long it took, and the totals of its groups."""

    def __init__(self) -> None:
        super().__init__()
        self._row: Row | None = None
        self.plate = Plate("", group_of("slate"), side=44)
        self.sentence = Text("", Type.SECTION)
        self.more = Text("", Type.BODY, text2)
        self._totals = _Totals()
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self.sentence)
        texts.addWidget(self.more)
        self._line = QHBoxLayout(self)
        self._line.addWidget(self.plate)
        self._line.addLayout(texts, 1)
        self._line.addWidget(self._totals)
        self._look_changed()
        current().changed.connect(self._look_changed)

    def tell(self, row: Row | None) -> None:
        """Say what is to be said of a row."""
        self._row = row
        if row is None:
            return
        self.plate.show_system(row.system.name, group_of(row.system.hue), row.system.icon)
        self.sentence.setText(sentence_of(row))
        usual = row.system.usual_ms
        parts = [word("timings.itself", seconds=seconds(row.system_ms))] if row.ended else []
        parts.append(word("timings.usually", seconds=seconds(usual)) if usual else word("timings.no_usual"))
        self.more.setText(" ".join(parts))
        self._totals.show_row(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(QRectF(0, 0, self.width(), 1), look().colours.line)

    def _look_changed(self) -> None:
        here = look()
        self._line.setContentsMargins(here.space(8), here.space(14), here.space(4), 0)
        self._line.setSpacing(here.space(14))


class _Totals(QWidget):
    """The seconds of each group of the current row, under its colour."""

    def __init__(self) -> None:
        super().__init__()
        self._totals: list[tuple[Phase, float]] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_row(self, row: Row) -> None:
        """Show the groups that the row has."""
        self._totals = [(phase, row.total_of(phase)) for phase in ORDER if row.total_of(phase) >= 1]
        said = [f"{word(f'timings.phase.{phase.value}')} {seconds(total)}" for phase, total in self._totals]
        self.setAccessibleName(", ".join(said))
        here = look()
        self.setFixedSize(sum(map(self._width, self._totals)), here.line(Type.META) + here.line(Type.STRONG))
        self.update()

    def _width(self, total: tuple[Phase, float]) -> int:
        here = look()
        label = here.width(Type.META, word(f"timings.phase.{total[0].value}"))
        return max(label, here.width(Type.STRONG, seconds(total[1]))) + here.grow(14) + here.space(30)

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        painter = QPainter(self)
        x = 0
        for total in self._totals:
            phase, spent = total
            px = here.grow(14)
            line = here.line(Type.META)
            paint_sample(painter, QRectF(x, (line - px) / 2, px, px), phase)
            left = x + px + here.space(8)
            label = word(f"timings.phase.{phase.value}")
            draw_line(painter, QRectF(left, 0, 200, line), label, Type.META, here.colours.text2, elide=False)
            second = QRectF(left, line, 200, here.line(Type.STRONG))
            draw_line(painter, second, seconds(spent), Type.STRONG, here.colours.text, elide=False)
            x += self._width(total)


def sentence_of(row: Row) -> str:
    """Return the sentence on a row, such as "12.0 s, half of it waiting for you."."""
    total = seconds(row.total_ms)
    if not row.ended:
        return word("timings.running", seconds=total)
    if state_of(row) is State.FAILED:
        return word("timings.failed", seconds=total)
    share = row.human_ms / row.total_ms if row.total_ms else 0.0
    if share > 0.6:
        return word("timings.took_most", seconds=total)
    if share > 0.4:
        return word("timings.took_half", seconds=total)
    if row.human_ms >= 100:
        return word("timings.took_you", seconds=total, you=seconds(row.human_ms))
    return word("timings.took", seconds=total)
