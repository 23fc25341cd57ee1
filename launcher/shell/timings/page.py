"""The page that shows where the seconds of this shift went: four figures, the chart, and its numbers as a table."""

from __future__ import annotations

import time
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from launcher.session.commands import AskWeek
from launcher.session.snapshot import Snapshot, WeekView
from launcher.shell.look import (
    Button,
    Card,
    ErrorPanel,
    Ground,
    Kind,
    Phase,
    Segmented,
    Text,
    Type,
    current,
    look,
    scrolling,
    seconds,
    text2,
    word,
)
from launcher.shell.timings.bars import Row, covered_ms, rows_of
from launcher.shell.timings.chart import Axis, Chart
from launcher.shell.timings.detail import Detail
from launcher.shell.timings.table import TimingsTable
from launcher.shell.timings.week import Week, figures_of_week

_THIS_TIME, _SHIFT, _WEEK = range(3)
_CHART, _TABLE, _WEEK_TABLE = range(3)


class TimingsPage(Ground):
    """Draws the launches and the week of a snapshot; decides nothing."""

    command = Signal(object)
    """The session is asked for the week's figures."""

    closed = Signal()
    """The officer goes back to where they were."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._snapshot: Snapshot | None = None
        self._told: WeekView | None = None
        self._in_table = False
        self._for_want = False  # this shift is shown because there was no "this time" yet
        self.setAccessibleName(word("timings.page"))
        self.heading = Text("", Type.TITLE)
        choices = [word(f"timings.{which}") for which in ("this_time", "this_shift", "this_week")]
        self.which = Segmented(word("timings.which"), choices)
        self.as_table = Button(word("timings.as_table"), icon="list", height=44, role=Type.STRONG)
        self.back = Button(word("timings.back"), Kind.QUIET, icon="arrow-left", key=word("timings.key_back"), height=44)
        self.figures = [_Figure() for _ in range(4)]
        self.summary = Text("", Type.LEAD, text2, wrap=True)
        self.chart = Chart()
        self.axis = Axis()
        self.axis.stand_over(self.chart)
        self.table = TimingsTable()
        self.week = Week()
        self.detail = Detail()
        self.empty = _Empty()
        self.error = ErrorPanel()
        self._views = QStackedWidget()
        self._lay_out_children()
        self.which.chosen.connect(self._choose)
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
        self._ask_week()
        self._refresh()
        shown = (self.chart, self.table, self.week)[self._views.currentIndex()]
        first: QWidget = self.back if self.card.isHidden() else shown
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # --- inside

    def _refresh(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        self._offer(has_round=snapshot.round is not None)
        if self.which.index == _WEEK:
            self._refresh_week(snapshot)
            return
        self._views.setCurrentIndex(_TABLE if self._in_table else _CHART)
        self.empty.tell(word("timings.none"), word("timings.none_hint"))
        opened = snapshot.round if self.which.index == _THIS_TIME else None
        rows = (
            rows_of(snapshot, opened.systems, opened.started) if opened is not None else rows_of(snapshot, None, None)
        )
        self._front(filled=bool(rows))
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
        self._tell_figures(figures_of(rows, together=opened is not None))
        first, you = self.figures[0].value.text(), self.figures[2].value.text()
        self.summary.setText(word("timings.summary" if opened else "timings.summary_shift", first=first, you=you))
        self.chart.show_rows(rows)
        self.table.show_rows(rows)
        self._tell_row()
        self._fit()

    def _refresh_week(self, snapshot: Snapshot) -> None:
        """Draw the last seven days: sums of many openings have no chart of their own."""
        week = snapshot.week
        self._views.setCurrentIndex(_WEEK_TABLE)
        error = week.error if week is not None else None
        filled = week is not None and bool(week.parts)
        if week is None:
            self.empty.tell(word("timings.week.reading"))
        else:
            self.empty.tell(word("timings.week.none"), word("timings.week.none_hint"))
        self._front(filled=filled, wrong=error is not None)
        if error is not None and week is not self._told:  # a screen reader says it once
            self.error.tell(error.what, error.next_step, error.reference)
        self._told = week
        self.heading.setText(word("timings.week.short" if look().large else "timings.week.heading"))
        if week is None or not filled:
            return
        if week.newest:
            self.heading.setText(word("timings.week.newest", count=f"{week.newest:,}"))
        figures = figures_of_week(week, snapshot.systems)
        self._tell_figures(figures)
        self.summary.setText(word("timings.week.summary", openings=figures[0][0], failed=figures[3][0]))
        self.week.show_week(week, snapshot.systems)
        self._fit()

    def _tell_figures(self, figures: list[tuple[str, str]]) -> None:
        for figure, (value, label) in zip(self.figures, figures, strict=True):
            figure.tell(value, label)

    def _offer(self, *, has_round: bool) -> None:
        """Offer this time only where there was one: a press that opened the officer's systems together."""
        self.which.segments[_THIS_TIME].setVisible(has_round)
        if not has_round and self.which.index == _THIS_TIME:
            self._for_want = True
            self.which.choose(_SHIFT)
        elif has_round and self._for_want:
            self._for_want = False
            self.which.choose(_THIS_TIME)

    def _choose(self) -> None:
        self._for_want = False
        self._ask_week()
        self._refresh()

    def _ask_week(self) -> None:
        if self.which.index == _WEEK:
            self.command.emit(AskWeek())

    def _front(self, *, filled: bool, wrong: bool = False) -> None:
        self.as_table.setVisible(filled and self.which.index != _WEEK)
        for figure in self.figures:
            figure.setVisible(filled and not look().large)
        self.summary.setVisible(filled and look().large)
        self.card.setVisible(filled)
        self.error.setVisible(wrong)
        self.empty.setVisible(not filled and not wrong)
        self._below_error.setVisible(wrong)

    def _toggle(self) -> None:
        self._in_table = not self._in_table
        self._views.setCurrentIndex(_TABLE if self._in_table else _CHART)
        self._name_view()
        (self.table if self._in_table else self.chart).setFocus(Qt.FocusReason.OtherFocusReason)

    def _name_view(self) -> None:
        way = "as_chart" if self._in_table else "as_table"
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
        self._chart_column.addWidget(self.detail)
        self._views.addWidget(chart)
        self._views.addWidget(self.table)
        self._views.addWidget(self.week)
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
        self._below_error = QWidget()
        self._column.addWidget(self.error)
        self._column.addWidget(self._below_error, 1)

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


class _Empty(QWidget):
    """What stands there while there is nothing to show."""

    def __init__(self) -> None:
        super().__init__()
        centre = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(self)
        column.addStretch(2)
        self.what = Text("", Type.SECTION, wrap=True, align=centre)
        self.hint = Text("", Type.BODY, text2, wrap=True, align=centre)
        column.addWidget(self.what)
        column.addWidget(self.hint)
        column.addStretch(3)

    def tell(self, what: str, hint: str = "") -> None:
        """Say why, and what to do."""
        self.what.setText(what)
        self.hint.setText(hint)
