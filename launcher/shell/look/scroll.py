"""The thin scroll bar: a thumb in ``edge`` without a track or arrows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFrame,
    QScrollArea,
    QScrollBar,
    QWidget,
)

from launcher.shell.look.look import current, look
from launcher.shell.look.paint import rounded

_THUMB = 8
_TRACK = 14


class ThinScrollBar(QScrollBar):
    """A scroll bar of which only the thumb is seen; the whole width takes the mouse."""

    def __init__(self, orientation: Qt.Orientation = Qt.Orientation.Vertical, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        current().changed.connect(self._look_changed)

    def sizeHint(self) -> QSize:
        across = max(_TRACK, look().space(_TRACK))
        return QSize(across, 60) if self.orientation() is Qt.Orientation.Vertical else QSize(60, across)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.maximum() <= self.minimum():
            return
        # Late: their many enumerations cost more than the screen without a bar.
        from PySide6.QtWidgets import QStyle, QStyleOptionSlider

        here = look()
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        thumb = self.style().subControlRect(
            QStyle.ComplexControl.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarSlider, self
        )
        across = here.space(_THUMB)
        rect = QRectF(thumb)
        if self.orientation() is Qt.Orientation.Vertical:
            rect = QRectF(thumb.left() + (thumb.width() - across) / 2, thumb.top(), across, thumb.height())
        else:
            rect = QRectF(thumb.left(), thumb.top() + (thumb.height() - across) / 2, thumb.width(), across)
        colours = here.colours
        rounded(QPainter(self), rect, across / 2, colours.text2 if self.underMouse() else colours.edge)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()


def thin_bars(area: QAbstractScrollArea) -> None:
    """Give ``area`` thin scroll bars and no frame."""
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setVerticalScrollBar(ThinScrollBar(Qt.Orientation.Vertical))
    area.setHorizontalScrollBar(ThinScrollBar(Qt.Orientation.Horizontal))


def scrolling(content: QWidget) -> QScrollArea:
    """Return a scroll area around ``content``: it fills the width, scrolls down, and is no stop for Tab."""
    area = QScrollArea()
    # Qt's own viewport is unknown to Python: to find out its class every kind of scroll area would be loaded.
    area.setViewport(QWidget())
    thin_bars(area)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    area.setWidget(content)
    content.setAutoFillBackground(False)  # Qt switches it on when it takes the content: the ground is the parent's
    return area
