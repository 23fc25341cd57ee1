"""The two grounds everything stands on: chrome is the shell, canvas and cards are the work."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from launcher.shell.look.focus_ring import ON_CHROME
from launcher.shell.look.look import current, look
from launcher.shell.look.paint import filled, rounded
from launcher.shell.look.palette import chrome_palette_of
from launcher.shell.look.tokens import Colours, Radius


class Ground(QFrame):
    """A plain filled area, ``canvas`` unless another colour is named."""

    def __init__(self, tint: Callable[[Colours], QColor] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tint = tint or _canvas
        current().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        filled(QPainter(self), event.rect(), self._tint(look().colours))


class Chrome(QFrame):
    """A piece of the launcher's own frame: ink in both themes, with the white focus ring."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty(ON_CHROME, True)
        current().changed.connect(self._dress)
        self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        filled(QPainter(self), event.rect(), look().colours.chrome)

    def _dress(self) -> None:
        self.setPalette(chrome_palette_of(look().colours))
        self.update()


class Card(QFrame):
    """A surface with a one-pixel line; no shadows."""

    def __init__(self, radius: int = Radius.CARD, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._radius = radius
        self._bare = False
        current().changed.connect(self.update)

    def set_bare(self, on: bool) -> None:
        """Show no surface of its own: the content stands on the canvas."""
        self._bare = on
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._bare:
            return
        here = look()
        rounded(
            QPainter(self),
            QRectF(self.rect()),
            here.space(self._radius),
            here.colours.surface,
            here.colours.line,
        )


def _canvas(colours: Colours) -> QColor:
    return colours.canvas
