"""The waterfall chart: one row a launch, up and down choose a row, the usual time as a triangle."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from launcher.shell.look import (
    LAUNCH_STATES,
    Phase,
    Radius,
    State,
    Type,
    announce,
    current,
    draw_line,
    look,
    paint_state_icon,
    pulse,
    rounded,
    seconds,
    state_word,
    word,
)
from launcher.shell.timings.bars import ORDER, Row, ticks_of
from launcher.shell.timings.waterfall import paint_bars, paint_sample, paint_usual

ROW, BAR, LARGE_BAR = 40, 22, 18
_RIGHT = 104
_SLOW = 1.25
"""From this share of the usual time on a ready system is shown as slow."""


def state_of(row: Row) -> State:
    """Return the state drawn at the right of a row."""
    state = LAUNCH_STATES[row.launch.state]
    usual = row.system.usual_ms
    return State.DEGRADED if state is State.READY and usual and row.system_ms > usual * _SLOW else state


def said_of(row: Row) -> str:
    """Return what stands at the right of a row: the seconds, or the word of a state that has none."""
    state = state_of(row)
    if state in (State.READY, State.DEGRADED) or not row.ended:
        return seconds(row.total_ms)
    return state_word(state)


def spoken(row: Row) -> str:
    """Return the row as a screen reader reads it."""
    parts = [f"{row.system.name}, {state_word(state_of(row))}, {seconds(row.total_ms)}"]
    for phase in ORDER:
        total = row.total_of(phase)
        if total >= 1:
            parts.append(f"{word(f'timings.phase.{phase.value}')} {seconds(total)}")
    if row.system.usual_ms:
        parts.append(word("timings.usual_is", seconds=seconds(row.system.usual_ms)))
    return ", ".join(parts)


class Axis(QWidget):
    """The legend and the seconds above the rows; it stays where it is while they scroll."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart: Chart | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(word("timings.legend"))
        current().changed.connect(self._look_changed)

    def stand_over(self, chart: Chart) -> None:
        """Share the scale of ``chart``."""
        self._chart = chart

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._legend(None, width) + look().line(Type.META) + look().space(6)

    def sizeHint(self) -> QSize:
        return QSize(look().grow(400), self.heightForWidth(max(self.width(), look().grow(400))))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().grow(200), self.heightForWidth(max(self.width(), look().grow(200))))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._chart is None:
            return
        here = look()
        painter = QPainter(self)
        top = self._legend(painter, self.width())
        for tick, x in self._chart.ticks():
            label = word("timings.axis", seconds=tick)
            width = here.width(Type.META, label)
            left = min(max(0, x - width / 2), self.width() - width)
            place = QRectF(left, top, width + 2, here.line(Type.META))
            draw_line(painter, place, label, Type.META, here.colours.text2, elide=False)

    def _legend(self, painter: QPainter | None, width: int) -> int:
        """Paint the legend, in as many lines as it needs, and return its height."""
        here = look()
        line = here.line(Type.META) + here.space(6)
        x, y = 0.0, 0
        long = "" if here.large else "_long"
        entries: list[tuple[str, Phase | None]] = [
            (word(f"timings.phase.{phase.value}{long}"), phase) for phase in ORDER
        ]
        entries.append((word("timings.usual"), None))
        for label, phase in entries:
            sample = here.grow(26) if phase is not None else here.grow(12)
            needed = sample + here.space(8) + here.width(Type.META, label)
            if x and x + needed > width:
                x, y = 0.0, y + line
            if painter is not None:
                box = QRectF(x, y + (here.line(Type.META) - here.grow(14)) / 2, sample, here.grow(14))
                if phase is None:
                    paint_usual(painter, box.center().x(), box.center().y() - here.grow(3))
                else:
                    paint_sample(painter, box, phase)
                place = QRectF(x + sample + here.space(8), y, needed, here.line(Type.META))
                draw_line(painter, place, label, Type.META, here.colours.text, elide=False)
            x += needed + here.space(20)
        return y + line + here.space(4)

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()


class Chart(QWidget):
    """The rows. The table holds the same numbers; to a screen reader the chart names its current row."""

    chosen = Signal(int)
    """Another row is the current one."""

    scaled = Signal()
    """The axis changed."""

    def __init__(self, parent: QWidget | None = None, *, names_above: bool = False) -> None:
        """``names_above``: names stand above the bars, as in large text: where the chart is narrow in any."""
        super().__init__(parent)
        self._names_above = names_above
        self._rows: tuple[Row, ...] = ()
        self._current = 0
        self._ticks: tuple[int, ...] = (0, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(word("timings.chart"))
        current().changed.connect(self._look_changed)

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Draw these rows; the current one stays the same system where it is still there."""
        kept = self._rows[self._current].launch.system if self._rows else ""
        if len(rows) != len(self._rows):
            self.updateGeometry()
        self._rows = rows
        at = next((number for number, row in enumerate(rows) if row.launch.system == kept), 0)
        self._current = min(at, max(0, len(rows) - 1))
        moving = any(not row.ended for row in rows)
        (pulse().watch if moving else pulse().unwatch)(self)
        longest = max(
            (max(row.offset_ms + row.total_ms, row.offset_ms + row.system.usual_ms) for row in rows), default=0
        )
        self._ticks = ticks_of(max(1000.0, longest), 7 if self._above else 10)
        self._describe()
        self.scaled.emit()
        self.update()

    @property
    def row(self) -> Row | None:
        """The current row."""
        return self._rows[self._current] if self._rows else None

    def choose(self, at: int) -> None:
        """Make another row the current one, and bring it into sight."""
        if not self._rows:
            return
        at = min(max(0, at), len(self._rows) - 1)
        if at != self._current:
            self._current = at
            self._describe()
            announce(self, self.accessibleDescription())
            self.chosen.emit(at)
            self.update()
        viewport = self.parentWidget()
        area = viewport.parentWidget() if viewport is not None else None
        if isinstance(area, QScrollArea):
            place = self._place(at)
            area.ensureVisible(0, place.center().y(), 0, place.height() // 2 + look().space(8))

    def ticks(self) -> list[tuple[int, float]]:
        """Return the seconds of the axis and where they stand, in pixels from the left."""
        left, _ = self._span()
        return [(tick, left + tick * 1000 * self._px_per_ms()) for tick in self._ticks]

    def sizeHint(self) -> QSize:
        return QSize(look().grow(600), self._row_height() * max(1, len(self._rows)) + look().space(8))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().grow(240), self.sizeHint().height())

    def ring_shape(self) -> None:
        """The current row paints the focus itself."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._rows) - 1
        goals = {
            Qt.Key.Key_Up: self._current - 1,
            Qt.Key.Key_Down: self._current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        goal = goals.get(Qt.Key(event.key()))
        if goal is None:
            super().keyPressEvent(event)
        else:
            self.choose(goal)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.choose(int(event.position().y()) // self._row_height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        painter = QPainter(self)
        if self._rows:
            place = QRectF(self._place(self._current)).adjusted(1, 1, -1, -1)
            ring = here.colours.ring if self.hasFocus() else None
            rounded(painter, place, here.space(Radius.CONTROL), here.colours.accent_soft, ring, 3.0)
        painter.setPen(here.colours.line)
        for _, x in self.ticks():
            painter.drawLine(round(x), 0, round(x), self.height())
        for at, row in enumerate(self._rows):
            self._paint_row(painter, self._place(at), row)

    def _paint_row(self, painter: QPainter, place: QRect, row: Row) -> None:
        here = look()
        left, _ = self._span()
        bar = here.grow(LARGE_BAR) if self._above else BAR
        line = here.line(Type.STRONG)
        inset = here.space(8)
        if self._above:
            name = QRectF(inset, place.top() + here.space(8), place.width() - self._right() - inset, line)
            middle = name.center().y()
            bars = QRectF(left, name.bottom() + here.space(10), 0, bar)
        else:
            name = QRectF(inset, place.top(), left - 2 * inset, place.height())
            middle = place.center().y() + 0.5
            bars = QRectF(left, round(middle - bar / 2), 0, bar)
        draw_line(painter, name, row.system.name, Type.STRONG, here.colours.text)
        live = row if row.ended else self._live(row)
        paint_bars(painter, bars, live, self._px_per_ms())
        if row.system.usual_ms:
            x = left + (row.offset_ms + row.system.usual_ms) * self._px_per_ms()
            paint_usual(painter, x, bars.top() - here.grow(8))
        self._paint_state(painter, place, middle, live)

    def _paint_state(self, painter: QPainter, place: QRect, middle: float, row: Row) -> None:
        here = look()
        state = state_of(row)
        ink = here.colours.states[state].fg
        px = here.grow(18)
        x = place.right() - self._right() + here.space(8)
        paint_state_icon(painter, QRectF(x, round(middle - px / 2), px, px), state, ink)
        text = QRectF(
            x + px + here.space(8), middle - here.line(Type.STRONG) / 2, self._right(), here.line(Type.STRONG)
        )
        loud = state in (State.FAILED, State.NEEDS)
        draw_line(painter, text, said_of(row), Type.STRONG, ink if loud else here.colours.text, elide=False)

    def _live(self, row: Row) -> Row:
        from launcher.shell.timings.bars import row_of  # a row that runs grows between two snapshots

        return row_of(row.launch, row.system, row.offset_ms)

    def _span(self) -> tuple[float, float]:
        """Return where the chart's start and end stand."""
        here = look()
        names = max((here.width(Type.STRONG, row.system.name) for row in self._rows), default=0)
        left = here.space(8) if self._above else min(names + here.space(36), round(self.width() * 0.3))
        right = self.width() - (here.space(44) if self._above else self._right() + here.space(12))
        return left, max(left + 1, right)

    @property
    def _above(self) -> bool:
        return self._names_above or look().large

    def _px_per_ms(self) -> float:
        left, right = self._span()
        return (right - left) / (self._ticks[-1] * 1000)

    def _right(self) -> int:
        here = look()
        widest = max((here.width(Type.STRONG, said_of(row)) for row in self._rows), default=0)
        return max(here.space(_RIGHT), widest + here.grow(18) + here.space(24))

    def _row_height(self) -> int:
        here = look()
        if not self._above:
            return max(ROW, here.line(Type.STRONG) + here.space(12))
        return here.line(Type.STRONG) + here.grow(LARGE_BAR) + here.space(34 if here.large else 26)

    def _place(self, at: int) -> QRect:
        height = self._row_height()
        return QRect(0, at * height, self.width(), height)

    def _describe(self) -> None:
        row = self.row
        self.setAccessibleDescription(spoken(row) if row is not None else "")

    def _look_changed(self) -> None:
        self.show_rows(self._rows)
        self.updateGeometry()
