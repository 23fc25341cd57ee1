"""A menu whose longest line is shown whole in large text too."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QWidget

# What Qt's Fusion style leaves for a tick: when it measures a line, and of the line's height when it draws it.
_TICK_MEASURED = 20
_TICK_DRAWN = 0.79


class Menu(QMenu):
    """As Qt's own, but wide enough: without that the middle of its longest line is cut from about 150 % on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.aboutToShow.connect(self._widen)

    def _widen(self) -> None:
        lines = self.actions()
        if lines:
            self.setMinimumWidth(0)
            height = max(self.actionGeometry(line).height() for line in lines)
            self.setMinimumWidth(self.sizeHint().width() + max(0, round(height * _TICK_DRAWN) - _TICK_MEASURED))
