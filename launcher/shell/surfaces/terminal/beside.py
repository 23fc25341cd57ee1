"""A panel beside a terminal's screen, and from the large form on in its place: heading, close, and what it is for.

What it is for scrolls: above the tab may stand a notice, and where text is large that leaves less room than it needs.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from launcher.shell.look import Ground, IconButton, Text, TextList, Type, current, look, scrolling

_WIDEST = 16777215


class BesidePanel(Ground):
    """Heading and close stay; Esc closes. Whoever makes one fills ``inside``; ``width`` is that at 100 %."""

    closed = Signal()
    """It is to go."""

    def __init__(self, heading: str, close: str, width: int, parent: QWidget | None = None) -> None:
        super().__init__(lambda colours: colours.surface, parent)
        self._width = width
        self.heading = Text(heading, Type.SECTION)
        self.end = IconButton("x", close)
        self.end.clicked.connect(self.closed)
        self._head = QHBoxLayout()
        self._head.addWidget(self.heading, 1)
        self._head.addWidget(self.end)
        content = QWidget()
        self.inside = QVBoxLayout(content)
        self.room = scrolling(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head)
        column.addWidget(self.room, 1)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not look().large:  # else it stands in the place of what it is beside
            QPainter(self).fillRect(0, 0, 1, self.height(), look().colours.line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def _look_changed(self) -> None:
        here = look()
        edge, gap = here.space(16), here.space(8)
        self._head.setContentsMargins(edge, here.space(12), edge, gap)
        self.inside.setContentsMargins(edge, 0, edge, edge)
        self.inside.setSpacing(gap)
        self.setMinimumWidth(0 if here.large else here.grow(self._width))
        self.setMaximumWidth(_WIDEST if here.large else here.grow(self._width))


class BesideList(TextList):
    """A list in such a panel: as tall as there is room for, and a line of it always: the one that is chosen."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        here = look()
        return QSize(here.grow(160), max(here.touch(44), here.line(Type.STRONG) + here.space(20)))
