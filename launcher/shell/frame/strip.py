"""The status strip: left the single worst thing, right this terminal and the clock, between them good news.

Nothing floats over embedded programs, so a notice appears inside the strip. It stays six seconds, is held while it is
pointed at or focused, and is then kept in a list. Errors are never notices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from launcher.shell.frame.facts import Facts
from launcher.shell.frame.worst import Worst
from launcher.shell.look import (
    STATES,
    Chrome,
    Radius,
    RingShape,
    State,
    Type,
    announce,
    chip_width,
    current,
    draw_chip,
    draw_line,
    look,
    paint_icon,
    paint_state_icon,
    rounded,
    word,
)

HEIGHT = 40
NOTICE_MS = 6000
WORST_KEY = "F8"


def strip_height() -> int:
    """Return the strip's height in pixels."""
    return max(HEIGHT, look().line(Type.STRONG) + 16)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice says; ``key`` is the shortcut to the tab of ``system``. Not ``good``: a fact, not good news."""

    text: str
    system: str = ""
    key: str = ""
    good: bool = True


class _StripButton(QPushButton):
    """A line of the strip that leads somewhere: icon, strong text, secondary text, key hint."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = ""
        self._detail = ""
        self._with_detail = True
        self._key = ""
        self._state = State.READY
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)

    def _say(self, state: State, text: str, detail: str, key: str) -> None:
        self._state, self._detail, self._key = state, detail, key
        self._label = text
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(f"{text} {detail}".strip())
        self._look_changed()

    def text(self) -> str:
        return self._label

    def show_detail(self, on: bool) -> None:
        """Show the secondary text, or leave it out for lack of room."""
        if on != self._with_detail:
            self._with_detail = on
            self._look_changed()

    def natural_width(self, *, detail: bool = True) -> int:
        """Return the width of all of it, or without the secondary text, in pixels."""
        here = look()
        width = here.grow(20) + here.space(8) + here.width(Type.STRONG, self.text()) + 2 * here.space(10)
        if detail and self._detail:
            width += here.space(8) + here.width(Type.BODY, self._detail)
        if self._key:
            width += here.space(12) + chip_width(self._key)
        return width

    def sizeHint(self) -> QSize:
        return QSize(self.natural_width(detail=self._with_detail), strip_height() - 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(look().grow(60), strip_height() - 6)

    def ring_shape(self) -> RingShape:
        """The ring must stay inside the strip."""
        inset = look().space(5)
        return RingShape(self, self.rect().adjusted(inset, inset, -inset, -inset), look().space(Radius.BADGE), True)

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        colours = here.colours
        painter = QPainter(self)
        self._paint_ground(painter)
        px = here.grow(20)
        left = float(here.space(10))
        icon = QRectF(left, round((self.height() - px) / 2), px, px)
        self._paint_icon(painter, icon)
        left += px + here.space(8)
        right = self.width() - here.space(10)
        chip = chip_width(self._key) + here.space(12) if self._key else 0
        rect = QRectF(left, 0, max(0.0, right - chip - left), self.height())
        left += draw_line(painter, rect, self.text(), Type.STRONG, colours.chrome_text)
        if self._detail and self._with_detail:
            left += here.space(8)
            rect = QRectF(left, 0, right - chip - left, self.height())
            left += draw_line(painter, rect, self._detail, Type.BODY, colours.chrome_text2)
        if self._key:
            draw_chip(painter, left + here.space(12), self.height() / 2, self._key, colours.chrome_text)

    def _paint_icon(self, painter: QPainter, place: QRectF) -> None:
        paint_state_icon(painter, place, self._state, look().colours.on_chrome[self._state])

    def _paint_ground(self, painter: QPainter) -> None:
        if self.underMouse() and self.isEnabled():
            here = look()
            rounded(painter, QRectF(self.rect()), here.space(Radius.BADGE), here.colours.chrome_raised)

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()


class WorstLine(_StripButton):
    """The worst thing; a stop for Tab only when it leads somewhere."""

    def show_worst(self, worst: Worst) -> None:
        """Say it."""
        leads = bool(worst.system)
        self._say(worst.state, worst.text, worst.detail, WORST_KEY if leads else "")
        self.setEnabled(leads)

    def minimumSizeHint(self) -> QSize:
        # The notice gives way before the worst thing does; the clock always has its place.
        strip = self.parentWidget()
        most = strip.width() - look().grow(110) if strip is not None else look().grow(60)
        return QSize(max(look().grow(60), min(self.natural_width(detail=False), most)), strip_height() - 6)


class NoticeBox(_StripButton):
    """One notice; ``held`` while it is pointed at or focused."""

    held = Signal(bool)

    def show_notice(self, notice: Notice) -> None:
        """Say it, with the key that goes to its tab."""
        self._say(State.READY if notice.good else State.OPENING, notice.text, "", notice.key)

    def _paint_ground(self, painter: QPainter) -> None:
        here = look()
        rounded(
            painter,
            QRectF(self.rect()),
            here.space(Radius.SEGMENT),
            here.colours.chrome_raised,
            here.colours.chrome_line,
        )

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.held.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.held.emit(self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.held.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.held.emit(self.underMouse())


class PastNotices(_StripButton):
    """The way to the notices that were shown: a bell and their number."""

    def show_count(self, count: int) -> None:
        """Say how many there are; none: it is not shown."""
        self._say(State.READY, str(count), "", "")
        self.setAccessibleName(word("strip.past", count=count))
        self.setToolTip(self.accessibleName())
        self.setVisible(count > 0)

    def _paint_icon(self, painter: QPainter, place: QRectF) -> None:
        paint_icon(painter, place, "bell", look().colours.chrome_text2)


class StatusStrip(Chrome):
    """The strip. ``system_wanted`` is emitted with the id of the system whose notice or trouble was pressed."""

    system_wanted = Signal(str)
    past_wanted = Signal()
    """The notices that were shown are to be listed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(word("frame.strip"))
        self.worst_line = WorstLine()
        self.worst_line.hide()
        self.notice_box = NoticeBox()
        self.notice_box.hide()
        self.past_button = PastNotices()
        self.past_button.hide()
        self.past_button.clicked.connect(self.past_wanted)
        self.facts = Facts()
        self.past: list[Notice] = []
        self._worst: Worst | None = None
        self._notice: Notice | None = None
        self._waiting: list[Notice] = []
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.worst_line)
        self._row.addStretch(1)
        self._row.addWidget(self.notice_box)
        self._row.addWidget(self.past_button)
        self._row.addWidget(self.facts)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(NOTICE_MS)
        self._timer.timeout.connect(self.next_notice)
        self.notice_box.held.connect(self._hold)
        self.notice_box.clicked.connect(self._notice_pressed)
        self.worst_line.clicked.connect(self.press_worst)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)
        self._look_changed()

    @property
    def worst(self) -> Worst | None:
        """What the strip says is worst."""
        return self._worst

    @property
    def notice(self) -> Notice | None:
        """The notice shown now."""
        return self._notice

    @property
    def running(self) -> bool:
        """Whether the notice's six seconds are running: not while it is held."""
        return self._timer.isActive()

    def show_worst(self, worst: Worst | None) -> None:
        """Say the worst thing, or nothing where nothing is known; a worse one than before is announced."""
        if worst == self._worst:
            return
        before, self._worst = self._worst, worst
        self.worst_line.setVisible(worst is not None)
        if worst is not None:
            self.worst_line.show_worst(worst)
        if before is not None and worst is not None and STATES[worst.state].loud:
            announce(self.worst_line, worst.text)
        self._fit()

    def show_facts(self, facts: Sequence[str]) -> None:
        """Show short facts at the right, the most important (the clock) last."""
        self.facts.show_facts(facts)
        self._fit()

    def add_notice(self, notice: Notice) -> None:
        """Show good news or a fact for six seconds, after those already waiting."""
        self._waiting.append(notice)
        if self._notice is None:
            self.next_notice()

    def next_notice(self) -> None:
        """Put the notice that is shown into the list of past ones and show the next."""
        if self._notice is not None:
            self.past.append(self._notice)
            self.past_button.show_count(len(self.past))
        if not self._waiting:
            self._notice = None
            self.notice_box.hide()
            self._fit()
            return
        self._notice = self._waiting.pop(0)
        self.notice_box.show_notice(self._notice)
        self.notice_box.show()
        announce(self.notice_box, self._notice.text)
        self._timer.start()
        self._fit()

    def press_worst(self) -> None:
        """Go where the worst thing is, as F8 does."""
        if self._worst is not None and self._worst.system:
            self.system_wanted.emit(self._worst.system)

    def sizeHint(self) -> QSize:
        return QSize(look().space(640), strip_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(look().space(240), strip_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _hold(self, on: bool) -> None:
        if on:
            self._timer.stop()
        elif self._notice is not None:
            self._timer.start()

    def _notice_pressed(self) -> None:
        notice = self._notice
        self.next_notice()
        if notice is not None and notice.system:
            self.system_wanted.emit(notice.system)

    def _fit(self) -> None:
        """Facts give way to the worst thing and the notice, from the left; then the secondary text does."""
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right() - 2 * self._row.spacing()
        room -= self.worst_line.natural_width(detail=False) if self._worst is not None else 0
        if self._notice is not None:
            room -= self.notice_box.natural_width() + self._row.spacing()
        if self.past:
            room -= self.past_button.natural_width() + self._row.spacing()
        self.facts.fit(room)
        # What is left decides whether the worst thing keeps its secondary text.
        full = self.worst_line.natural_width() - self.worst_line.natural_width(detail=False)
        self.worst_line.show_detail(room - self.facts.used_width() >= full)

    def _look_changed(self) -> None:
        here = look()
        self._row.setContentsMargins(here.space(10), 0, here.space(20), 0)
        self._row.setSpacing(here.space(16))
        self._fit()
        self.updateGeometry()
