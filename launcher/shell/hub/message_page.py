"""A message from the helpdesk: a card that stays until its officer says that they have read it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from launcher.session.commands import AcknowledgeMessage
from launcher.session.snapshot import Snapshot
from launcher.shell.hub.words import when
from launcher.shell.look import Button, Kind, Text, Type, alert, text2, word
from launcher.shell.middle_card import MiddleCard

STANDS_MS = 700
"""So long a message stands painted before it can be read: a second click, or one meant for a page before, does not."""


class MessagePage(MiddleCard):
    """The oldest message that was not read. The focus is on its text: what is being typed elsewhere reads nothing."""

    command = Signal(object)
    """Carries a launcher.session.commands.Command."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(word("message.heading"))
        self._command = 0
        self._painted = False
        self.standing = QTimer(self)
        self.standing.setSingleShot(True)
        self.standing.setInterval(STANDS_MS)
        self.heading = Text(word("message.heading"), Type.DISPLAY, wrap=True)
        self.by = Text("", Type.LEAD, text2, wrap=True)
        self.text = Text("", Type.SECTION, wrap=True)
        self.more = Text("", Type.BODY, text2, wrap=True)
        self.read = Button(word("message.read"), Kind.PRIMARY, icon="check")
        self.read.setObjectName("message-read")
        self.read.clicked.connect(self._was_read)
        self.text.installEventFilter(self)
        for part in (self.heading, self.by, self.text, self.more, self.read):
            self.inside.addWidget(part)
        self.text.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the keys scroll a long one
        self.setFocusProxy(self.text)
        self.lay_out()

    @property
    def stands(self) -> bool:
        """Whether the message has stood there for long enough to be read."""
        return self._painted and not self.standing.isActive()

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the message that is to be read first."""
        if not snapshot.messages:
            return
        message, more = snapshot.messages[0], len(snapshot.messages) - 1
        new, self._command = message.command != self._command, message.command
        self.by.setText(word("message.from", by=message.by_name, time=when(message.at)))
        self.text.setText(message.text)
        self.more.setText(word("message.more", count=more) if more else "")
        self.more.setVisible(more > 0)
        if new:
            self._painted = False
            self.standing.stop()
            self.text.update()  # also where it says the same as the one before
        if new and self.isVisible():
            self.say()

    def say(self) -> None:
        """Have a screen reader read it."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.keep_in_sight(self.text)
        alert(self, f"{self.heading.text()}. {self.by.text()}. {self.text.text()}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self._painted:
            self._painted = True
            self.standing.start()
        return super().eventFilter(watched, event)

    def _was_read(self) -> None:
        if self.stands:
            self.command.emit(AcknowledgeMessage(self._command))
        elif not self._painted:
            self.keep_in_sight(self.text)  # a long one before it may have been scrolled
        else:
            self.standing.start()  # who goes on clicking, or holds Enter down, has not read it
