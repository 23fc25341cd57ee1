"""The block for whoever is not the officer a terminal is locked by: what taking it over means, and the way there."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from launcher.shell.look import Button, Kind, Text, Type, current, look, text2, word


class NotYou(QWidget):
    """A heading, what it ends, and the button. ``taken`` is emitted when it is pressed."""

    taken = Signal()

    def __init__(self, button_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = Text("", Type.SECTION, wrap=True)
        self.says = Text("", Type.BODY, text2, wrap=True)
        self.button = Button(word("lock.take_over"), Kind.SECONDARY, icon="user-switch")
        self.button.setObjectName(button_name)
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(self.taken)
        self._column = QVBoxLayout(self)
        for part in (self.heading, self.says, self.button):
            self._column.addWidget(part)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def say(self, number: str, says: str, *, may: bool = True) -> None:
        """Say whose terminal it is and what taking it over ends; ``may``: whether the button can be pressed."""
        self.heading.setText(word("lock.not_you", number=number))
        self.says.setText(says)
        self.button.setEnabled(may)
        self.button.setAccessibleDescription(says)

    def _look_changed(self) -> None:
        here = look()
        self._column.setContentsMargins(0, here.space(12), 0, 0)
        self._column.setSpacing(here.space(8))
