"""The lines of the status strip that lead somewhere: the worst thing, a notice, past notices, the officer."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from launcher.shell.frame.worst import Worst
from launcher.shell.look import (
    Radius,
    RingShape,
    State,
    Type,
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
WORST_KEY = "F8"
LEAST_WORDS = 100
"""Words that are narrower than this, in pixels at 100 %, say nothing: the icon stands alone then."""


def strip_height() -> int:
    """Return the strip's height in pixels."""
    return max(HEIGHT, look().line(Type.STRONG) + 16)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice says; ``key`` is the shortcut to the tab of ``system``. Not ``good``: a fact, not good news.

    With a ``next_step`` it asks something of its reader: it stays until it was seen.
    """

    text: str
    system: str = ""
    key: str = ""
    good: bool = True
    next_step: str = ""

    @property
    def words(self) -> str:
        """All that it says."""
        return f"{self.text}. {self.next_step}" if self.next_step else self.text


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

    @property
    def key(self) -> str:
        """The key hint."""
        return self._key

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

    def _hint(self) -> str:
        """Return the key hint as it is shown now."""
        return self._key

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
        key = self._hint()
        chip = chip_width(key) + here.space(12) if key else 0
        rect = QRectF(left, 0, max(0.0, right - chip - left), self.height())
        left += draw_line(painter, rect, self.text(), Type.STRONG, colours.chrome_text)
        if self._detail and self._with_detail:
            left += here.space(8)
            rect = QRectF(left, 0, right - chip - left, self.height())
            left += draw_line(painter, rect, self._detail, Type.BODY, colours.chrome_text2)
        if key:
            draw_chip(painter, left + here.space(12), self.height() / 2, key, colours.chrome_text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def _paint_icon(self, painter: QPainter, place: QRectF) -> None:
        paint_state_icon(painter, place, self._state, look().colours.on_chrome[self._state])

    def _paint_ground(self, painter: QPainter) -> None:
        if self.underMouse() and self.isEnabled():
            here = look()
            rounded(painter, QRectF(self.rect()), here.space(Radius.BADGE), here.colours.chrome_raised)

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()


class _LongLine(_StripButton):
    """A line that may be too long for the strip: its key hint is then the way to all of it."""

    _way = ""

    @property
    def is_cut(self) -> bool:
        """Whether there is more of it than is shown, and a way to all of it."""
        return bool(self._way) and self._lacks()

    def show_way(self, way: str) -> None:
        """Say which key, or which word, is the way to all of it; "": there is none here."""
        if way != self._way:
            self._way = way
            self._look_changed()

    def small_width(self) -> int:
        """Return the width of the icon alone, in pixels."""
        return look().grow(20) + 2 * look().space(10)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._see_whether_cut()

    def _lacks(self) -> bool:
        return self.width() < self.natural_width(detail=False)

    def _hint(self) -> str:
        if not self.is_cut:
            return self._key
        return self._way if self.width() >= self.small_width() + look().grow(LEAST_WORDS) else ""

    def _see_whether_cut(self) -> None:
        cut = self.is_cut
        self.setToolTip(self.accessibleName() if cut else "")
        self.setAccessibleDescription(word("strip.whole") if cut else "")
        self.update()

    def _look_changed(self) -> None:
        super()._look_changed()
        self._see_whether_cut()


class WorstLine(_LongLine):
    """The worst thing; a stop for Tab only when it leads somewhere, or when not all of it is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._leading_key = WORST_KEY
        self._worst: Worst | None = None
        self._most: int | None = None

    def show_worst(self, worst: Worst) -> None:
        """Say it."""
        self._worst = worst
        self._say(worst.state, worst.text, worst.detail, self._leading_key if worst.system else "")

    def show_key(self, key: str) -> None:
        """Say which key leads there."""
        self._leading_key = key
        if self._worst is not None:
            self.show_worst(self._worst)

    def keep_to(self, width: int | None) -> None:
        """Take no more than this, in pixels; None: as much as there is."""
        if width != self._most:
            self._most = width
            self._look_changed()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return hint if self._most is None else QSize(min(hint.width(), self._most), hint.height())

    def minimumSizeHint(self) -> QSize:
        if self._most is not None:
            return self.sizeHint()
        # The notice gives way before the worst thing does; the clock always has its place.
        strip = self.parentWidget()
        most = strip.width() - look().grow(110) if strip is not None else look().grow(60)
        return QSize(max(look().grow(60), min(self.natural_width(detail=False), most)), strip_height() - 6)

    def _see_whether_cut(self) -> None:
        super()._see_whether_cut()
        self.setEnabled(self.is_cut or (self._worst is not None and bool(self._worst.system)))


class NoticeBox(_LongLine):
    """One notice; ``held`` while it is pointed at or focused."""

    held = Signal(bool)
    _fact = False

    def show_notice(self, notice: Notice) -> None:
        """Say it, with the key that goes to its tab, or what is to be done as far as there is room."""
        self._fact = not notice.good and not notice.next_step
        self._say(State.NEEDS if notice.next_step else State.READY, notice.text, notice.next_step, notice.key)

    def natural_width(self, *, detail: bool = True) -> int:
        width = super().natural_width(detail=detail)
        if self._detail and self._way and not detail and not self._key:
            width += look().space(12) + chip_width(self._way)  # the way to what is left out
        return width

    def _lacks(self) -> bool:
        return super()._lacks() or (bool(self._detail) and not self._with_detail)

    def _paint_icon(self, painter: QPainter, place: QRectF) -> None:
        if self._fact:
            paint_icon(painter, place, "info", look().colours.chrome_text2, "fill")
        else:
            super()._paint_icon(painter, place)

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


class StripOfficer(_StripButton):
    """The officer, where the top bar has no room for them: from 150 %."""

    def show_officer(self, number: str) -> None:
        """Name the officer; nobody: it is not shown."""
        self._say(State.READY, number, "", "")
        self.setAccessibleName(word("you.open", officer=number) if number else "")
        self.setVisible(bool(number))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()  # a number that is cut says nobody: a long notice gives way

    def _paint_icon(self, painter: QPainter, place: QRectF) -> None:
        paint_icon(painter, place, "user", look().colours.chrome_text2, "fill")
