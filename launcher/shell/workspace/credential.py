"""The form that asks for the officer's own name and password of one system, in the place of its page."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from launcher.grants.errors import OneTimeSeedFaultyError, OneTimeSeedMissing
from launcher.secret import Secret
from launcher.session.commands import GiveCredential
from launcher.session.snapshot import LaunchView, SystemView
from launcher.shell.look import LineField, word
from launcher.shell.workspace.asking_card import AskingCard

TICKET_WANTED: Final = "kerberos-no-password"
_CODELESS: Final = (OneTimeSeedMissing.reference, OneTimeSeedFaultyError.reference)


class CredentialForm(AskingCard):
    """Asked once for a system; what it gives is a GiveCredential."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.name = LineField(word("workspace.credential.name"))
        self.password = LineField(word("workspace.credential.password"), secret=True)
        self.seed = LineField(word("workspace.credential.seed"), secret=True)
        super().__init__("workspace.credential", (self.name, self.password, self.seed), parent)
        self.act.clicked.connect(self._give)
        self.name.edit.returnPressed.connect(self._next)
        self.password.edit.returnPressed.connect(self._give)
        self.seed.edit.returnPressed.connect(self._give)

    def draw(self, launch: LaunchView, system: SystemView) -> None:
        """Ask for this system; what was typed stays."""
        self.ask_for(system.id, system.name)
        # What is asked for then is no name and password of this system's, and nothing was wrong.
        reference = launch.error.reference if launch.error is not None else ""
        ticket, codeless = reference == TICKET_WANTED, reference in _CODELESS
        lead = "ticket.lead" if ticket else "credential.lead_code" if codeless else "credential.lead"
        self.lead.setText(word(f"workspace.{lead}"))
        if ticket:
            self.heading.setText(word("workspace.ticket.heading", name=system.name))
        self.seed.setVisible(launch.coded)
        if self.say_fault(None if ticket or codeless else launch.error, self.password, says=launch.says):
            self.password.forget()

    def focus_first(self) -> None:
        """Go to the field that is to be filled first."""
        field = self.password if self.name.text() else self.name
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _next(self) -> None:
        self.password.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def _give(self, _checked: object = None) -> None:
        fields = ((self.name, "name"), (self.password, "password"))
        for field in (self.name, self.password, self.seed):
            field.ask("")
        for field, what in fields:
            if not field.text():
                self.ask_in(field, word(f"workspace.credential.{what}_missing"))
                return
        seed = Secret(self.seed.text()) if not self.seed.isHidden() and self.seed.text() else None
        if seed is not None and not _is_seed(seed):
            self.ask_in(self.seed, word("workspace.credential.seed_faulty"))
            return
        command = GiveCredential(self._system, self.name.text(), Secret(self.password.text()), seed)
        self.password.forget()
        self.seed.forget()
        self.send(command)


def _is_seed(seed: Secret) -> bool:
    from launcher.grants.one_time import check_seed  # late: loads pyotp

    try:
        check_seed(seed)
    except OneTimeSeedFaultyError:
        return False
    return True
