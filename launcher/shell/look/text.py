"""Text on fixed lines: a label whose line height is that of its role, not that of its font."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from launcher.shell.look.look import current, look
from launcher.shell.look.paint import broken, draw_line
from launcher.shell.look.tokens import Colours, Role, Type

Tint = Callable[[Colours], QColor]
"""Which colour of the theme, such as ``lambda colours: colours.text2``."""


def text1(colours: Colours) -> QColor:
    """Text."""
    return colours.text


def text2(colours: Colours) -> QColor:
    """Secondary text."""
    return colours.text2


def chrome_text1(colours: Colours) -> QColor:
    """Text on chrome."""
    return colours.chrome_text


def chrome_text2(colours: Colours) -> QColor:
    """Secondary text on chrome."""
    return colours.chrome_text2


class Text(QLabel):
    """A label of one role and colour, on one line (cut with an ellipsis) or wrapped.

    A QLabel, so that a screen reader reads it; painted by us, so that its lines have the height of the role.
    """

    def __init__(
        self,
        text: str = "",
        role: Role = Type.BODY,
        tint: Tint = text1,
        *,
        wrap: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role = role
        self._tint = tint
        self._wrap = wrap
        self._align = align
        self.setTextFormat(Qt.TextFormat.PlainText)
        vertical = QSizePolicy.Policy.Preferred if wrap else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, vertical)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.setText(text)
        current().changed.connect(self._look_changed)

    def set_tint(self, tint: Tint) -> None:
        """Change the colour."""
        self._tint = tint
        self.update()

    def set_role(self, role: Role) -> None:
        """Change the type role."""
        self._role = role
        self._look_changed()

    def setText(self, text: str) -> None:
        if text == self.text():
            return
        super().setText(text)
        self._look_changed()

    def hasHeightForWidth(self) -> bool:
        return self._wrap

    def heightForWidth(self, width: int) -> int:
        if not self._wrap:
            return look().line(self._role)
        return look().line(self._role) * max(1, len(broken(self.text(), self._role, width)))

    def sizeHint(self) -> QSize:
        here = look()
        natural = max((here.width(self._role, part) for part in self.text().split("\n")), default=0)
        if not self._wrap:
            return QSize(natural + 1, here.line(self._role))
        width = min(natural + 1, here.grow(480))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        here = look()
        if self._wrap:
            longest = max((here.width(self._role, part) for part in self.text().split()), default=0)
            return QSize(min(longest + 1, here.grow(160)), here.line(self._role))
        return QSize(min(self.sizeHint().width(), here.grow(48)), here.line(self._role))

    def clipped(self) -> bool:
        """Say whether some of the text is not shown at the present size."""
        if self._wrap:
            return self.heightForWidth(self.width()) > self.height()
        return look().metrics(self._role).horizontalAdvance(self.text()) > self.width() + 1

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        colour = self._tint(here.colours) if self.isEnabled() else here.colours.disabled
        painter = QPainter(self)
        if not self._wrap:
            draw_line(painter, QRectF(self.rect()), self.text(), self._role, colour, self._align)
            return
        line = here.line(self._role)
        for row, piece in enumerate(broken(self.text(), self._role, self.width())):
            draw_line(
                painter, QRectF(0, row * line, self.width(), line), piece, self._role, colour, self._align, elide=False
            )

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()
