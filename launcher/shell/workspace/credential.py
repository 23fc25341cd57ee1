"""The form that asks for the officer's own name and password of one system, in the place of its page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from launcher.secret import Secret
from launcher.session.commands import GiveCredential
from launcher.session.snapshot import ErrorView, LaunchView, SystemView
from launcher.shell.look import Button, Card, ErrorPanel, Kind, LineField, Text, Type, current, look, text2, word


class CredentialForm(QWidget):
    """Asked once for a system; the password leaves the form with the command and is not kept in it."""

    given = Signal(object)
    """Carries a GiveCredential."""

    help_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._system = ""
        self._error: ErrorView | None = None
        self.heading = Text("", Type.TITLE, wrap=True)
        self.lead = Text(word("workspace.credential.lead"), Type.BODY, text2, wrap=True)
        self.error = ErrorPanel()
        self.error.hide()
        self.error_help = Button(word("workspace.get_help"), icon="headset", height=44, role=Type.STRONG)
        self.error.add_action(self.error_help)
        self.name = LineField(word("workspace.credential.name"))
        self.password = LineField(word("workspace.credential.password"), secret=True)
        self.act = Button(word("workspace.credential.act"), Kind.PRIMARY)
        self.card = Card()
        self._inside = QVBoxLayout(self.card)
        for widget in (self.heading, self.lead, self.error, self.name, self.password, self.act):
            self._inside.addWidget(widget)
        self._row = QHBoxLayout()
        self._row.addStretch(1)
        self._row.addWidget(self.card, 100)
        self._row.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._row)
        self._column.addStretch(1)
        self.act.clicked.connect(self._give)
        self.name.edit.returnPressed.connect(self._next)
        self.password.edit.returnPressed.connect(self._give)
        self.error_help.clicked.connect(lambda: self.help_wanted.emit(self.error.reference_text))
        current().changed.connect(self._look_changed)
        self._look_changed()

    def draw(self, launch: LaunchView, system: SystemView) -> None:
        """Ask for this system; what was typed stays."""
        self._system = system.id
        self.heading.setText(word("workspace.credential.heading", name=system.name))
        self.act.set_busy("")
        if launch.error != self._error:
            self._error = launch.error
            self.password.forget()
            self.error.setVisible(launch.error is not None)
            if launch.error is not None:
                said = f"{launch.error.what} {launch.says}".strip()
                self.error.tell(said, launch.error.next_step, launch.error.reference)
            self.password.set_at_fault(launch.error is not None, launch.error.what if launch.error else "")

    def focus_first(self) -> None:
        """Go to the field that is to be filled first."""
        field = self.password if self.name.text() else self.name
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _next(self) -> None:
        self.password.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def _give(self, _checked: object = None) -> None:
        for field in (self.name, self.password):
            if not field.text():
                field.set_at_fault(True, word("workspace.credential.missing"))
                field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
                return
            field.set_at_fault(False)
        command = GiveCredential(self._system, self.name.text(), Secret(self.password.text()))
        self.password.forget()
        self.act.set_busy(word("workspace.credential.busy"))
        self.given.emit(command)

    def _look_changed(self) -> None:
        here = look()
        edge = here.space(24)
        self._column.setContentsMargins(edge, edge, edge, edge)
        self.card.setMaximumWidth(here.grow(560))
        inset = here.space(28)
        self._inside.setContentsMargins(inset, here.space(24), inset, here.space(24))
        self._inside.setSpacing(here.space(14))
