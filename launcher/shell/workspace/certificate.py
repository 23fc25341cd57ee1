"""The forms that ask for what opens the officer's certificate, a file's password or a card's PIN, in a page's place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from launcher.secret import Secret
from launcher.session.commands import OpenCertificate
from launcher.session.snapshot import LaunchView, SystemView
from launcher.shell.look import LineField, word
from launcher.shell.workspace.asking_card import AskingCard


class CertificateForm(AskingCard):
    """Asked once for a certificate; ``words`` is the table of its strings. What it gives is an OpenCertificate."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        self.password = LineField(word(f"{words}.password"), secret=True)
        super().__init__(words, (self.password,), parent)
        self.act.clicked.connect(self._give)
        self.password.edit.returnPressed.connect(self._give)

    def draw(self, launch: LaunchView, system: SystemView) -> None:
        """Ask for this system's."""
        self.ask_for(system.id, system.name)
        if self.say_fault(launch.error, self.password):
            self.password.forget()

    def focus_first(self) -> None:
        """Go to the field that is to be filled first."""
        self.password.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give(self, _checked: object = None) -> None:
        self.password.ask("")
        if not self.password.text():
            self.ask_in(self.password, word(f"{self._words}.password_missing"))
            return
        command = OpenCertificate(self._system, Secret(self.password.text()))
        self.password.forget()
        self._error = None  # the same words again are said again
        self.send(command)
