"""The page that shows where the seconds of this shift went: four figures, the chart, and its numbers as a table."""

from __future__ import annotations

import time
from datetime import datetime

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from launcher.session.snapshot import Snapshot
from launcher.shell.look import (
    Button,
    Card,
    Ground,
    Kind,
    Phase,
    Plate,
    Segmented,
    State,
    Text,
    Type,
    current,
    draw_line,
    group_of,
    look,
    scrolling,
    seconds,
    text2,
    word,
)
from launcher.shell.timings.bars import ORDER, Row, covered_ms, rows_of
from launcher.shell.timings.chart import Axis, Chart, state_of
from launcher.shell.timings.table import TimingsTable
from launcher.shell.timings.waterfall import paint_sample


class TimingsPage(Ground):
    """Draws the launches of a snapshot; decides nothing."""

    closed = Signal()
    """The officer goes back to where they were."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._snapshot: Snapshot | None = None
        self.setAccessibleName(word("timings.page"))
        self.heading = Text("", Type.TITLE)
        self.which = Segmented(word("timings.which"), [word("timings.this_time"), word("timings.this_shift")])
        self.as_table = Button(word("timings.as_table"), icon="list", height=44, role=Type.STRONG)
        self.back = Button(word("timings.back"), Kind.QUIET, icon="arrow-left", key=word("timings.key_back"), height=44)
        self.figures = [_Figure() for _ in range(4)]
        self.summary = Text("", Type.LEAD, text2, wrap=True)
        self.chart = Chart()
        self.axis = Axis()
        self.axis.stand_over(self.chart)
        self.table = TimingsTable()
        self.detail = _Detail()
        self.empty = _Empty()
        self._views = QStackedWidget()
        self._lay_out_children()
        self.which.chosen.connect(lambda _: self._refresh())
        self.as_table.clicked.connect(self._toggle)
        self.back.clicked.connect(self.closed)
        self.chart.chosen.connect(lambda _: self._tell_row())
        self.chart.scaled.connect(self.axis.update)
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.closed)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the launches of this shift."""
        self._snapshot = snapshot
        if self.isVisible():
            self._refresh()

    def showEvent(self, event: object) -> None:
        """Draw what came while nobody looked."""
        self._refresh()
        first: QWidget = (
            self.back if self.chart.row is None else self.table if self._views.currentIndex() else self.chart
        )
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # --- inside

    def _refresh(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        opened = snapshot.round if self.which.index == 0 else None
        rows = (
            rows_of(snapshot, opened.systems, opened.started) if opened is not None else rows_of(snapshot, None, None)
        )
        self._front(rows)
        if not rows:
            self.heading.setText(word("timings.page"))
            return
        if opened is not None:
            at = datetime.fromtimestamp(time.time() - (time.monotonic() - opened.started)).astimezone()
            short = word("timings.opened_at_short", time=f"{at:%H:%M}")
            self.heading.setText(
                short if look().large else word("timings.opened_at", count=len(rows), time=f"{at:%H:%M}")
            )
        else:
            self.heading.setText(word("timings.opened_shift", count=len(rows)))
        for figure, (value, label) in zip(self.figures, figures_of(rows, together=opened is not None), strict=True):
            figure.tell(value, label)
        first, you = self.figures[0].value.text(), self.figures[2].value.text()
        self.summary.setText(word("timings.summary" if opened else "timings.summary_shift", first=first, you=you))
        self.chart.show_rows(rows)
        self.table.show_rows(rows)
        self._tell_row()
        self._fit()

    def _front(self, rows: tuple[Row, ...]) -> None:
        has_round = self._snapshot is not None and self._snapshot.round is not None
        self.which.setVisible(bool(rows) and has_round)
        self.as_table.setVisible(bool(rows))
        for figure in self.figures:
            figure.setVisible(bool(rows) and not look().large)
        self.summary.setVisible(bool(rows) and look().large)
        self.card.setVisible(bool(rows))
        self.empty.setVisible(not rows)

    def _toggle(self) -> None:
        table = self._views.currentIndex() == 0
        self._views.setCurrentIndex(1 if table else 0)
        self._name_view()
        (self.table if table else self.chart).setFocus(Qt.FocusReason.OtherFocusReason)

    def _name_view(self) -> None:
        way = "as_chart" if self._views.currentIndex() else "as_table"
        self.as_table.setText(word(f"timings.{way}_short" if look().large else f"timings.{way}"))

    def _tell_row(self) -> None:
        self.detail.tell(self.chart.row)

    def _lay_out_children(self) -> None:
        self.card = Card()
        chart = QWidget()
        self._chart_column = QVBoxLayout(chart)
        self._chart_column.setContentsMargins(0, 0, 0, 0)
        self._chart_column.addWidget(self.axis)
        self._chart_column.addWidget(scrolling(self.chart), 1)
        self.chart.setAutoFillBackground(False)  # a scroll area switches it on
        self._chart_column.addWidget(self.detail)
        self._views.addWidget(chart)
        self._views.addWidget(self.table)
        self._card_column = QVBoxLayout(self.card)
        self._card_column.addWidget(self._views)
        self._head = QHBoxLayout()
        self._head.addWidget(self.heading, 1)
        self._head.addWidget(self.which)
        self._head.addWidget(self.as_table)
        self._head.addWidget(self.back)
        self._figures = QHBoxLayout()
        for figure in self.figures:
            self._figures.addWidget(figure, 1)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addLayout(self._figures)
        self._column.addWidget(self.summary)
        self._column.addWidget(self.card, 1)
        self._column.addWidget(self.empty, 1)

    def _fit(self) -> None:
        here = look()
        self.which.fit(self.width())
        self.detail.setVisible(not here.large and self.height() > 480 and self.chart.row is not None)
        narrow = here.large or self.width() < 720
        self.back.set_icon_only(narrow)
        self.as_table.set_icon_only(self.width() < here.grow(600))

    def _look_changed(self) -> None:
        here = look()
        edge = here.space(24) if not here.large else here.space(12)
        self._column.setContentsMargins(edge, here.space(12), edge, here.space(10))
        self._column.setSpacing(here.space(8))
        self._head.setSpacing(here.space(12))
        inset = here.space(16)
        self._card_column.setContentsMargins(here.space(12), inset, here.space(12), inset)
        self._chart_column.setSpacing(here.space(4))
        self._name_view()
        self._refresh()


def figures_of(rows: tuple[Row, ...], *, together: bool) -> list[tuple[str, str]]:
    """Return the four figures with their labels. ``together``: the rows were opened by one press."""
    none = word("timings.figure.none")
    ready = [row for row in rows if row.ended and row.launch.state == "ready"]
    you = sum(row.human_ms for row in rows)
    gap = sum(covered_ms([(bar.start_ms, bar.end_ms) for bar in row.bars if bar.phase is Phase.GAP]) for row in rows)
    rest = [(seconds(you), word("timings.figure.you")), (seconds(gap), word("timings.figure.gap"))]
    if together:
        ends = [row.offset_ms + row.total_ms for row in ready]
        some = word("timings.figure.some", ready=len(ready), count=len(rows))
        return [
            (seconds(min(ends)) if ends else none, word("timings.figure.first")),
            (seconds(max(ends)) if ends else none, some),
            *rest,
        ]
    took = [row.total_ms for row in ready]
    return [
        (seconds(min(took)) if took else none, word("timings.figure.quickest")),
        (seconds(max(took)) if took else none, word("timings.figure.slowest")),
        *rest,
    ]


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


class _Figure(QWidget):
    """A number and what it counts."""

    def __init__(self) -> None:
        super().__init__()
        self.value = Text("", Type.TITLE)
        self.label = Text("", Type.BODY, text2, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.value)
        column.addWidget(self.label)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def tell(self, value: str, label: str) -> None:
        """Say a number."""
        self.value.setText(value)
        self.label.setText(label)
        self.setAccessibleName(f"{value} {label}")


class _Detail(QWidget):
    """What stands below the chart: the current row in a sentence, and the totals of its groups."""

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


class _Empty(QWidget):
    """What stands there before anything was opened."""

    def __init__(self) -> None:
        super().__init__()
        centre = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(Text(word("timings.none"), Type.SECTION, wrap=True, align=centre))
        column.addWidget(Text(word("timings.none_hint"), Type.BODY, text2, wrap=True, align=centre))
        column.addStretch(3)
