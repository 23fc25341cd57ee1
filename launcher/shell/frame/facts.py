"""Short facts beside each other, at the right of the status strip."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from launcher.shell.look import Text, Type, chrome_text1, chrome_text2, current, look


class Facts(QWidget):
    """Short facts at the right with hairlines between them; they drop from the left when there is no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts: list[Text] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        current().changed.connect(self._look_changed)
        self._look_changed()

    @property
    def texts(self) -> tuple[Text, ...]:
        """The labels, from left to right."""
        return tuple(self._texts)

    def show_facts(self, facts: Sequence[str]) -> None:
        """Show these, the most important last."""
        while len(self._texts) < len(facts):
            text = Text("", Type.BODY, chrome_text2)
            self._row.addWidget(text)
            self._texts.append(text)
        for at, text in enumerate(self._texts):
            known = at < len(facts)
            text.setText(facts[at] if known else "")
            if known:
                last = at == len(facts) - 1
                text.set_tint(chrome_text1 if last else chrome_text2)
                text.set_role(Type.META if last else Type.BODY)
        self.fit(self._room)

    _room = 1 << 20

    def fit(self, room: int) -> None:
        """Show as many as ``room`` pixels hold, from the right; always the last."""
        self._room = room
        gap = self._row.spacing()
        used = -gap
        full = False
        for text in reversed(self._texts):
            if not text.text():
                text.hide()
                continue
            used += text.sizeHint().width() + gap
            full = full or (used > room and used > text.sizeHint().width())
            text.setVisible(not full)
        self.updateGeometry()

    def used_width(self) -> int:
        """Return the width of those that are shown, in pixels."""
        shown = [text.sizeHint().width() for text in self._texts if not text.isHidden()]
        return sum(shown) + self._row.spacing() * max(0, len(shown) - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        here = look()
        height = here.grow(16)
        for text in [text for text in self._texts if text.isVisible()][1:]:
            x = text.x() - self._row.spacing() // 2
            painter.fillRect(QRectF(x, (self.height() - height) / 2, 1, height), here.colours.chrome_edge)

    def _look_changed(self) -> None:
        self._row.setSpacing(look().space(24))
        self.update()
