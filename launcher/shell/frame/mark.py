"""The product's mark, a double chevron, with or without its name."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from launcher.shell.look import Role, Type, current, draw_line, look, paint_icon, word

_SIDE = 28


class Mark(QLabel):
    """The mark, and beside it ``text`` (the product's name unless another is given)."""

    def __init__(self, text: str | None = None, role: Role = Type.SECTION, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self._with_text = True
        self.setText(word("app.name") if text is None else text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setAccessibleName(text)
        self._look_changed()

    def show_text(self, on: bool) -> None:
        """Show the text beside the mark, or the mark alone."""
        if on != self._with_text:
            self._with_text = on
            self._look_changed()

    def width_with(self, *, text: bool) -> int:
        """Return the width with or without the text, in pixels."""
        here = look()
        side = here.grow(_SIDE) + here.space(2)
        return side + here.space(14) + here.width(self._role, self.text()) if text else side

    def sizeHint(self) -> QSize:
        here = look()
        return QSize(self.width_with(text=self._with_text), max(here.grow(_SIDE), here.line(self._role)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        painter = QPainter(self)
        side = here.grow(_SIDE)
        ink = here.colours.chrome_text
        paint_icon(painter, QRectF(here.space(2), round((self.height() - side) / 2), side, side), "mark", ink)
        if self._with_text:
            left = self.width_with(text=False) + here.space(14)
            draw_line(painter, QRectF(left, 0, self.width() - left, self.height()), self.text(), self._role, ink)

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()
