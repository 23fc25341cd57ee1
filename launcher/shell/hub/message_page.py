"""A message from the helpdesk: a card that stays until its officer says that they have read it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from launcher.session.commands import AcknowledgeMessage
from launcher.session.snapshot import Snapshot
from launcher.shell.hub.words import clock_time
from launcher.shell.look import Button, Kind, Text, Type, alert, text2, word
from launcher.shell.middle_card import MiddleCard


class MessagePage(MiddleCard):
    """The oldest message that was not read. The focus is on the card: what is being typed elsewhere reads nothing."""

    command = Signal(object)
    """Carries a launcher.session.commands.Command."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(word("message.heading"))
        self._command = 0
        self.heading = Text(word("message.heading"), Type.DISPLAY, wrap=True)
        self.by = Text("", Type.LEAD, text2, wrap=True)
        self.text = Text("", Type.SECTION, wrap=True)
        self.more = Text("", Type.BODY, text2, wrap=True)
        self.read = Button(word("message.read"), Kind.PRIMARY, icon="check")
        self.read.setObjectName("message-read")
        self.read.clicked.connect(lambda: self.command.emit(AcknowledgeMessage(self._command)))
        for part in (self.heading, self.by, self.text, self.more, self.read):
            self.inside.addWidget(part)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lay_out()

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the message that is to be read first."""
        if not snapshot.messages:
            return
        message, more = snapshot.messages[0], len(snapshot.messages) - 1
        new, self._command = message.command != self._command, message.command
        self.by.setText(word("message.from", by=message.by_name, time=clock_time(message.at)))
        self.text.setText(message.text)
        self.more.setText(word("message.more", count=more) if more else "")
        self.more.setVisible(more > 0)
        if new and self.isVisible():
            self.say()

    def say(self) -> None:
        """Have a screen reader read it."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        alert(self, f"{self.heading.text()}. {self.by.text()}. {self.text.text()}")
