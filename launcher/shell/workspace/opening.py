"""What stands in a page's place while it opens: its waterfall row, live, over the usual time."""

from __future__ import annotations

import time

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from launcher.session.snapshot import LaunchView, SystemView
from launcher.shell.look import (
    Button,
    Card,
    Phase,
    State,
    StateBadge,
    Text,
    Type,
    about,
    announce,
    current,
    draw_line,
    look,
    pulse,
    seconds,
    text2,
    word,
)
from launcher.shell.timings.bars import ORDER, row_of, ticks_of
from launcher.shell.timings.waterfall import paint_bars, paint_sample, paint_usual

_BAR = 28


class OpeningFace(QWidget):
    """Heading, state, seconds left, and the row."""

    skip_wanted = Signal()
    """The sign-off that comes first is not to be waited for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._launch: LaunchView | None = None
        self._system: SystemView | None = None
        self.heading = Text("", Type.TITLE, wrap=True)
        self.badge = StateBadge(State.OPENING)
        self.line = Text("", Type.LEAD, wrap=True)
        """What it waits for: a terminal's host, which is called or signs off first, or the next one-time code."""
        self.left = Text("", Type.BODY, text2, wrap=True)
        self.skip = Button(word("workspace.skip_sign_off"), icon="arrow-clockwise", height=44, role=Type.STRONG)
        self.skip_hint = Text(word("workspace.skip_sign_off_hint"), Type.BODY, text2, wrap=True)
        self.skip.clicked.connect(self.skip_wanted)
        self.row = _LiveRow()
        self.card = Card()
        self._inside = QVBoxLayout(self.card)
        for widget in (self.heading, self.badge, self.line, self.skip_hint, self.skip, self.row, self.left):
            self._inside.addWidget(widget)
        self._inside.setAlignment(self.skip, Qt.AlignmentFlag.AlignLeft)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.card)
        self._column.addStretch(1)
        pulse().ticked.connect(self._say_left)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def draw(self, launch: LaunchView, system: SystemView) -> None:
        """Draw how far the opening is."""
        self._launch, self._system = launch, system
        self.heading.setText(word("workspace.opening", name=system.name))
        self.badge.show_state(State.SIGNING if launch.state == "signing" else State.OPENING)
        self.row.draw(launch, system)
        self._say_line(launch, system)
        self._say_left()

    def _say_line(self, launch: LaunchView, system: SystemView) -> None:
        said = ""
        if launch.signing_off:
            said = word("workspace.signing_off", host=system.host)
        elif launch.code_at:
            said = word("workspace.next_code")
        elif system.kind == "terminal" and launch.state != "queued":
            said = word("workspace.connecting", host=system.host)
        if said and said != self.line.text() and self.isVisible():
            announce(self, said)
        self.line.setText(said)
        self.line.setVisible(bool(said))
        for widget in (self.skip, self.skip_hint):
            widget.setVisible(launch.signing_off)

    def _say_left(self) -> None:
        launch, system = self._launch, self._system
        if launch is None or system is None or not self.isVisible():
            return
        passed_ms = row_of(launch, system).total_ms
        if launch.code_at:
            text = word("workspace.next_code_in", seconds=about((launch.code_at - time.monotonic()) * 1000))
        elif launch.state == "queued" and not launch.signing_off:
            text = word("workspace.queued")
        elif launch.signing_off or not system.usual_ms:
            text = word("workspace.so_far", seconds=about(passed_ms))
        elif passed_ms < system.usual_ms:
            text = word("workspace.left", seconds=about(system.usual_ms - passed_ms), usual=seconds(system.usual_ms))
        else:
            text = word("workspace.longer", seconds=about(passed_ms), usual=seconds(system.usual_ms))
        self.left.setText(text)

    def showEvent(self, event: object) -> None:
        """Say at once how long."""
        self._say_left()

    def _look_changed(self) -> None:
        here = look()
        edge = here.space(24)
        self._column.setContentsMargins(edge, edge, edge, edge)
        inset = here.space(24)
        self._inside.setContentsMargins(inset, here.space(20), inset, here.space(20))
        self._inside.setSpacing(here.space(10))


class _LiveRow(QWidget):
    """The bars so far, the axis, the usual time and the colours' names."""

    def __init__(self) -> None:
        super().__init__()
        self._launch: LaunchView | None = None
        self._system: SystemView | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        pulse().watch(self)
        current().changed.connect(self.updateGeometry)

    def draw(self, launch: LaunchView, system: SystemView) -> None:
        """Draw this launch."""
        self._launch, self._system = launch, system
        row = row_of(launch, system)
        said = [f"{word(f'timings.phase.{phase.value}')} {seconds(row.total_of(phase))}" for phase in self._phases()]
        self.setAccessibleName(", ".join(said) or word("workspace.queued"))
        self.update()

    def sizeHint(self) -> QSize:
        here = look()
        height = here.space(14) + here.space(_BAR) + here.space(8) + 2 * here.line(Type.META) + here.space(10)
        return QSize(here.grow(300), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(look().grow(160), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._launch is None or self._system is None:
            return
        here = look()
        painter = QPainter(self)
        row = row_of(self._launch, self._system)
        ticks = ticks_of(max(2000.0, row.total_ms, self._system.usual_ms * 1.15), 7)
        px_per_ms = (self.width() - here.space(16)) / (ticks[-1] * 1000)
        bars = QRectF(here.space(4), here.space(14), self.width(), here.space(_BAR))
        for tick in ticks:
            x = round(bars.left() + tick * 1000 * px_per_ms)
            painter.fillRect(QRectF(x, bars.top() - 4, 1, bars.height() + here.space(8)), here.colours.line)
            label = word("timings.axis", seconds=tick)
            width = here.width(Type.META, label)
            left = min(max(0.0, x - width / 2), self.width() - width)
            place = QRectF(left, bars.bottom() + here.space(6), width + 2, here.line(Type.META))
            draw_line(painter, place, label, Type.META, here.colours.text2, elide=False)
        paint_bars(painter, bars, row, px_per_ms)
        if self._system.usual_ms:
            paint_usual(painter, bars.left() + self._system.usual_ms * px_per_ms, bars.top() - here.grow(10))
        self._paint_legend(painter, bars.bottom() + here.space(14) + here.line(Type.META))

    def _paint_legend(self, painter: QPainter, top: float) -> None:
        here = look()
        x = float(here.space(4))
        px = here.grow(14)
        for phase in self._phases():
            label = word(f"timings.phase.{phase.value}")
            width = here.width(Type.META, label)
            if x + px + width > self.width():
                return
            line = here.line(Type.META)
            paint_sample(painter, QRectF(x, top + (line - px) / 2, px, px), phase)
            place = QRectF(x + px + here.space(8), top, width + 2, line)
            draw_line(painter, place, label, Type.META, here.colours.text2, elide=False)
            x += px + width + here.space(28)

    def _phases(self) -> list[Phase]:
        if self._launch is None or self._system is None:
            return []
        row = row_of(self._launch, self._system)
        return [phase for phase in ORDER if phase is not Phase.GAP and row.total_of(phase) > 0]


def ready_in(launch: LaunchView, system: SystemView) -> str:
    """Return how long a system took to be ready, and how long its officer took meanwhile; nothing where it is not."""
    if launch.state != "ready" or launch.took_ms is None:
        return ""
    row = row_of(launch, system)
    if row.human_ms < 100:
        return word("workspace.ready_in", seconds=seconds(row.total_ms))
    return word("workspace.ready_in_you", seconds=seconds(row.system_ms), you=seconds(row.human_ms))
