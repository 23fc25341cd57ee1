"""Tells once when a widget has been painted anew."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget


class OncePainted(QObject):
    """Calls ``act`` once, after the next paint of ``widget`` has reached the screen; a later one replaces it."""

    def __init__(self, widget: QWidget, act: Callable[[], None]) -> None:
        super().__init__(widget)
        self._widget = widget
        self._act = act
        widget.installEventFilter(self)
        widget.update()

    def drop(self) -> None:
        """Do not call any more."""
        self._widget.removeEventFilter(self)
        self._act = _nothing

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._widget.removeEventFilter(self)
            # After this paint has reached the screen, not within it.
            QTimer.singleShot(0, self, self._say)
        return False

    def _say(self) -> None:
        act, self._act = self._act, _nothing
        act()
        self.deleteLater()


def _nothing() -> None:
    """Stand for an act that was dropped."""
