"""What was done to this officer's sessions from outside: when, what, by whom and why; the newest first."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from launcher.session.hub.views import DeedView
from launcher.session.snapshot import Snapshot
from launcher.shell.hub.words import deed_line
from launcher.shell.look import Text, Type, current, look, word


class DeedsList(QWidget):
    """Not there while nothing was done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(word("deed.heading"))
        self._drawn: tuple[DeedView, ...] = ()
        self._lines: list[Text] = []
        self._column = QVBoxLayout(self)
        self._column.addWidget(Text(word("deed.heading"), Type.SECTION, wrap=True))
        current().changed.connect(self._look_changed)
        self._look_changed()
        self.hide()

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands there."""
        return tuple(line.text() for line in self._lines if not line.isHidden())

    def draw(self, snapshot: Snapshot) -> None:
        """Say what was done."""
        if snapshot.deeds == self._drawn:
            return
        self._drawn = snapshot.deeds
        newest = snapshot.deeds[::-1]
        while len(self._lines) < len(newest):
            line = Text("", Type.BODY, wrap=True)
            self._column.addWidget(line)
            self._lines.append(line)
        for line, deed in zip(self._lines, newest, strict=False):
            line.setText(deed_line(deed, snapshot))
        self.setVisible(bool(newest))

    def _look_changed(self) -> None:
        self._column.setContentsMargins(0, look().space(12), 0, 0)
        self._column.setSpacing(look().space(6))
