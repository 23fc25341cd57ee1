"""The form that asks for the password of the file with the officer's certificate, in the place of its page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from launcher.secret import Secret
from launcher.session.commands import OpenCertificate
from launcher.session.snapshot import LaunchView, SystemView
from launcher.shell.look import LineField, word
from launcher.shell.workspace.asking_card import AskingCard


class CertificateForm(AskingCard):
    """Asked once for a certificate; what it gives is an OpenCertificate."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.password = LineField(word("workspace.certificate.password"), secret=True)
        super().__init__("workspace.certificate", (self.password,), parent)
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
            self.ask_in(self.password, word("workspace.certificate.password_missing"))
            return
        command = OpenCertificate(self._system, Secret(self.password.text()))
        self.password.forget()
        self._error = None  # the same words again are said again
        self.send(command)
