"""A page that is one card in the middle: a question, or the little there is to say about the officer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from launcher.shell.look import Card, Ground, Radius, current, look, reveal, scrolling

WIDTH = 680


class MiddleCard(Ground):
    """The page. Put parts into ``inside``; ``escaped`` is emitted for Escape."""

    escaped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._card = Card(Radius.SIGN_IN_CARD)
        self.inside = QVBoxLayout(self._card)
        middle = QWidget()
        self._middle = QVBoxLayout(middle)
        self._middle.addStretch(1)
        self._middle.addWidget(self._card)
        self._middle.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        scroll = self._scroll = scrolling(middle)
        # What is said may grow after the focus was set: the control that has it stays in sight.
        scroll.verticalScrollBar().rangeChanged.connect(self._reveal_focus, Qt.ConnectionType.QueuedConnection)
        column.addWidget(scroll)
        # Set, not given by name: names of arguments were refused once, in a process that had just started.
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.escaped)
        current().changed.connect(self.lay_out)

    def lay_out(self) -> None:
        """Place everything for the current look; called once by whoever filled ``inside``."""
        here = look()
        side = here.space(44)
        self.inside.setContentsMargins(side, side, side, side)
        self.inside.setSpacing(here.space(16))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _reveal_focus(self) -> None:
        focused = self.focusWidget()
        if focused is not None and self._card.isAncestorOf(focused) and self.isVisible():
            self.keep_in_sight(focused)

    def keep_in_sight(self, part: QWidget) -> None:
        """Scroll to a part; to the beginning of the card where that is a text too long to be seen whole."""
        if part.height() > self._scroll.viewport().height():
            self._scroll.verticalScrollBar().setValue(0)
        else:
            reveal(part)

    def card_width(self) -> int:
        """Return the card's width in pixels."""
        here = look()
        return max(320, min(here.grow(WIDTH), self.width() - 2 * here.space(16)))

    def _fit(self) -> None:
        # Margins, not an alignment: a layout asks for the height of wrapped text at the width it gives.
        side, margin = max(0, (self.width() - self.card_width()) // 2), look().space(16)
        self._middle.setContentsMargins(side, margin, side, margin)
