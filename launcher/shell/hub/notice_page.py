"""What the force says of one system, in full: for whoever has no pointer to rest on its tile."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from launcher.session.snapshot import Snapshot
from launcher.shell.hub.words import notices_of_systems
from launcher.shell.look import Button, Kind, Text, Type, announce, text2, word
from launcher.shell.middle_card import MiddleCard


class NoticePage(MiddleCard):
    """The newest notice of a system; ``closed`` is emitted when it was read."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(word("hub.notices"))
        self._system = ""
        self.lead = Text(word("hub.notices"), Type.LEAD, text2, wrap=True)
        self.heading = Text("", Type.DISPLAY, wrap=True)
        self.text = Text("", Type.SECTION, wrap=True)
        self.text.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the keys scroll a long one
        self.close_button = Button(word("hub.close"), Kind.PRIMARY, icon="x", key=word("key.escape"))
        self.close_button.clicked.connect(self.closed)
        self.escaped.connect(self.closed)
        for part in (self.lead, self.heading, self.text, self.close_button):
            self.inside.addWidget(part)
        self.lay_out()

    def show_system(self, system: str, snapshot: Snapshot) -> bool:
        """Show what the force says of this system; say whether it says anything."""
        self._system = system
        return self.draw(snapshot)

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw the notice anew; say whether it still holds."""
        entry = snapshot.system(self._system)
        text = notices_of_systems(snapshot).get(self._system, "")
        if entry is not None and text:
            self.heading.setText(entry.name)
            self.text.setText(text)
        return entry is not None and bool(text)

    def say(self) -> None:
        """Have a screen reader read it."""
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, f"{self.heading.text()}. {self.text.text()}")
