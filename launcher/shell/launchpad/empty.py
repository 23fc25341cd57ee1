"""What stands in the place of the tiles when there are none."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from launcher.shell.look import Button, Kind, Text, Type, current, look, text2, word


class Empty(QWidget):
    """Says what was not found and offers the ways on: clear the search or show all, or ask the helpdesk."""

    cleared = Signal()
    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = Text("", Type.TITLE, wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        self.hint = Text("", Type.LEAD, text2, wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        self.clear_button = Button(word("launchpad.clear"), Kind.SECONDARY)
        self.ask_button = Button(word("launchpad.ask"), Kind.QUIET, icon="headset")
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        self._buttons.addWidget(self.clear_button)
        self._buttons.addWidget(self.ask_button)
        self._buttons.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.addStretch(1)
        self._column.addWidget(self.heading)
        self._column.addWidget(self.hint)
        self._column.addLayout(self._buttons)
        self._column.addStretch(2)
        self.clear_button.clicked.connect(self.cleared)
        self.ask_button.clicked.connect(self.asked)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def say(self, heading: str, hint: str, clear: str = "") -> None:
        """Say this; ``clear`` is what the first button is called, empty when there is nothing to clear."""
        self.heading.setText(heading)
        self.hint.setText(hint)
        self.clear_button.setVisible(bool(clear))
        if clear:
            self.clear_button.setText(clear)

    def _look_changed(self) -> None:
        here = look()
        self._column.setSpacing(here.space(8))
        self._buttons.setSpacing(here.space(12))
        self._buttons.setContentsMargins(0, here.space(12), 0, 0)
