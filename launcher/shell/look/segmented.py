"""The segmented control: one choice of a few, all in sight; left and right choose, Tab goes past it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QRadioButton, QSizePolicy, QWidget

from launcher.shell.look.focus_ring import RingShape
from launcher.shell.look.look import current, look
from launcher.shell.look.paint import draw_line, rounded
from launcher.shell.look.tokens import Radius, Type

_HEIGHT = 44
_INSET = 3


class Segment(QRadioButton):
    """One of the choices, with an optional count; a radio button to a screen reader."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self._label = text
        self._count: int | None = None
        self._name(text)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def text(self) -> str:
        return self._label

    def set_count(self, count: int | None) -> None:
        """Show how many are behind the choice."""
        self._count = count
        self._name(self.text())
        self.updateGeometry()
        self.update()

    def _name(self, text: str) -> None:
        self.setAccessibleName(text if self._count is None else f"{text} {self._count}")

    def sizeHint(self) -> QSize:
        here = look()
        width = here.width(Type.STRONG, self.text()) + 2 * here.space(13)
        if self._count is not None:
            width += here.space(8) + here.width(Type.META, str(self._count))
        return QSize(width, here.touch(_HEIGHT) - 2 * _INSET)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def ring_shape(self) -> RingShape:
        """The ring goes around the whole control."""
        whole = self.parentWidget() or self
        return RingShape(whole, whole.rect(), look().space(Radius.CONTROL), False)

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        colours = here.colours
        painter = QPainter(self)
        rect = QRectF(self.rect())
        ink, second = colours.text, colours.text2
        if self.isChecked():
            rounded(painter, rect, here.space(Radius.SEGMENT) - 1, colours.text)
            ink = second = colours.surface
        elif self.underMouse():
            rounded(painter, rect, here.space(Radius.SEGMENT) - 1, colours.hover)
        left = float(here.space(13))
        left += draw_line(painter, rect.adjusted(left, 0, 0, 0), self.text(), Type.STRONG, ink, elide=False)
        if self._count is not None:
            left += here.space(8)
            draw_line(painter, rect.adjusted(left, 0, 0, 0), str(self._count), Type.META, second, elide=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        parent = self.parentWidget()
        if isinstance(parent, Segmented) and parent.step(event.key()):
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()


class Segmented(QWidget):
    """The control; ``chosen`` is emitted with the index when the person chooses another."""

    chosen = Signal(int)

    def __init__(self, name: str, choices: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.segments = [Segment(text, self) for text in choices]
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(_INSET, _INSET, _INSET, _INSET)
        self._row.setSpacing(0)
        for segment in self.segments:
            self._row.addWidget(segment)
            segment.clicked.connect(self._clicked)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)
        self.choose(0)

    @property
    def index(self) -> int:
        """The choice now."""
        return next((at for at, segment in enumerate(self.segments) if segment.isChecked()), 0)

    def choose(self, index: int) -> None:
        """Make another choice without emitting ``chosen``."""
        for at, segment in enumerate(self.segments):
            # Only the chosen one is in the Tab order, as with every group of radio buttons.
            segment.setFocusPolicy(Qt.FocusPolicy.StrongFocus if at == index else Qt.FocusPolicy.ClickFocus)
        self.segments[index].setChecked(True)
        self.setFocusProxy(self.segments[index])
        self.update()

    def fit(self, width: int) -> None:
        """Put the choices beneath each other where ``width`` pixels do not hold them beside each other."""
        beside = sum(segment.sizeHint().width() for segment in self.segments) + 2 * _INSET <= width
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if direction is not self._row.direction():
            self._row.setDirection(direction)
            self.updateGeometry()

    def set_count(self, index: int, count: int | None) -> None:
        """Show how many are behind a choice."""
        self.segments[index].set_count(count)

    def step(self, key: int) -> bool:
        """Choose by an arrow, Home or End; return whether the key meant that."""
        last = len(self.segments) - 1
        at = self.index
        moves = {
            Qt.Key.Key_Left: max(0, at - 1),
            Qt.Key.Key_Up: max(0, at - 1),
            Qt.Key.Key_Right: min(last, at + 1),
            Qt.Key.Key_Down: min(last, at + 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        goal = moves.get(Qt.Key(key))
        if goal is None:
            return False
        if goal != at:
            self.choose(goal)
            self.segments[goal].setFocus(Qt.FocusReason.OtherFocusReason)
            self.chosen.emit(goal)
        return True

    def _clicked(self) -> None:
        index = self.index
        self.choose(index)
        self.chosen.emit(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        rounded(
            QPainter(self),
            QRectF(self.rect()),
            here.space(Radius.CONTROL),
            here.colours.surface,
            here.colours.edge,
        )

    def _look_changed(self) -> None:
        for segment in self.segments:
            segment.updateGeometry()
        self.updateGeometry()
        self.update()
