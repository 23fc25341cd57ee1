"""Progress in segments, one for each system that opens, and the thin bar of one opening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from launcher.shell.look.look import current, look
from launcher.shell.look.paint import rounded
from launcher.shell.look.pulse import shown_share
from launcher.shell.look.tokens import Radius, State


@dataclass(frozen=True, slots=True)
class Step:
    """One segment: its state, and while it opens the share (0 to 1) of its usual time that has passed."""

    state: State | None = None
    share: float = 0.0


class ProgressSegments(QProgressBar):
    """A row of segments; to a screen reader a progress bar that counts the ready ones."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[Step, ...] = ()
        self.setAccessibleName(name)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Draw these segments."""
        if len(steps) != len(self._steps):
            self.updateGeometry()
        self._steps = tuple(steps)
        self.setMaximum(max(1, len(steps)))
        self.setValue(sum(step.state is State.READY for step in steps))
        self.update()

    def sizeHint(self) -> QSize:
        here = look()
        count = max(1, len(self._steps))
        return QSize(count * here.grow(22) + (count - 1) * here.space(4), here.grow(11))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        painter = QPainter(self)
        gap = here.space(4)
        count = max(1, len(self._steps))
        width = (self.width() - gap * (count - 1)) / count
        for at, step in enumerate(self._steps):
            _paint_segment(painter, QRectF(round(at * (width + gap)), 0, round(width), self.height()), step)

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()


def _paint_segment(painter: QPainter, rect: QRectF, step: Step) -> None:
    here = look()
    colours = here.colours
    radius = here.space(Radius.BAR)
    if step.state is None:
        rounded(painter, rect, radius, None, colours.edge)
    elif step.state in (State.OPENING, State.SIGNING):
        fill = colours.states[step.state].fg
        painter.save()
        painter.setClipRect(QRectF(rect.left(), rect.top(), rect.width() * shown_share(step.share), rect.height()))
        rounded(painter, rect, radius, fill)
        painter.restore()
        rounded(painter, rect, radius, None, fill)
    elif step.state in colours.loud:
        loud = colours.loud[step.state]
        rounded(painter, rect, radius, loud.fill, loud.edge)
    else:
        rounded(painter, rect, radius, colours.states[step.state].fg)


def paint_bar(painter: QPainter, rect: QRectF, state: State, share: float) -> None:
    """Paint the thin bar of one opening: ``share`` (0 to 1) of the usual time, never full before it is ready."""
    pair = look().colours.states[state]
    painter.fillRect(rect, pair.bg)
    painter.fillRect(QRectF(rect.left(), rect.top(), rect.width() * shown_share(share), rect.height()), pair.fg)
