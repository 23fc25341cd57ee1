"""The form that asks for a new password where a host wants one, in the place of its terminal."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from launcher.connectors.password_rules import PasswordRules
from launcher.secret import Secret
from launcher.session.commands import GiveNewPassword
from launcher.session.snapshot import ErrorView, LaunchView, SystemView
from launcher.shell.look import Button, Card, ErrorPanel, Kind, LineField, Text, Type, current, look, text2, word


class NewPasswordForm(QWidget):
    """Asks twice for it; the password leaves the form with the command and is not kept in it."""

    given = Signal(object)
    """Carries a GiveNewPassword."""

    by_hand_wanted = Signal()
    """The officer changes it on the host's own screens."""

    help_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._system = ""
        self._error: ErrorView | None = None
        self.heading = Text("", Type.TITLE, wrap=True)
        self.lead = Text(word("workspace.new_password.lead"), Type.BODY, text2, wrap=True)
        self.rules = Text("", Type.BODY, text2, wrap=True)
        self.error = ErrorPanel()
        self.error.hide()
        self.error_help = Button(word("workspace.get_help"), icon="headset", height=44, role=Type.STRONG)
        self.error.add_action(self.error_help)
        self.new = LineField(word("workspace.new_password.new"), secret=True)
        self.again = LineField(word("workspace.new_password.again"), secret=True)
        self.act = Button(word("workspace.new_password.act"), Kind.PRIMARY)
        self.by_hand = Button(word("workspace.new_password.by_hand"), icon="terminal-window", height=44)
        self.card = Card()
        self._inside = QVBoxLayout(self.card)
        for widget in (self.heading, self.lead, self.rules, self.error, self.new, self.again, self.act, self.by_hand):
            self._inside.addWidget(widget)
        self._row = QHBoxLayout()
        self._row.addStretch(1)
        self._row.addWidget(self.card, 100)
        self._row.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._row)
        self._column.addStretch(1)
        self.act.clicked.connect(self._give)
        self.by_hand.clicked.connect(self._by_hand)
        self.new.edit.returnPressed.connect(lambda: self.again.edit.setFocus(Qt.FocusReason.TabFocusReason))
        self.again.edit.returnPressed.connect(self._give)
        self.error_help.clicked.connect(lambda: self.help_wanted.emit(self.error.reference_text))
        current().changed.connect(self._look_changed)
        self._look_changed()

    def draw(self, launch: LaunchView, system: SystemView) -> None:
        """Ask for this system's."""
        self._system = system.id
        self.heading.setText(word("workspace.new_password.heading", name=system.name))
        self.act.set_busy("")
        self.rules.setText(_said(launch.rules))
        self.rules.setVisible(bool(self.rules.text()))
        self.by_hand.setVisible(bool(launch.surface))  # before there is a line there is no screen to do it on
        if launch.error != self._error:
            self._error = launch.error
            self._forget()
            self.error.setVisible(launch.error is not None)
            if launch.error is not None:
                self.error.tell(launch.error.what, launch.error.next_step, launch.error.reference)
            self.new.set_at_fault(launch.error is not None, launch.error.what if launch.error else "")
            if self.again.edit.hasFocus():
                self.focus_first()  # both are empty: whoever types on types the first

    def focus_first(self) -> None:
        """Go to the field that is to be filled first."""
        self.new.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _forget(self) -> None:
        self.new.forget()
        self.again.forget()

    def _by_hand(self, _checked: object = None) -> None:
        self._forget()
        self.by_hand_wanted.emit()

    def _give(self, _checked: object = None) -> None:
        fault = "" if self.new.text() else word("workspace.credential.missing")
        self.new.set_at_fault(bool(fault), fault)
        other = word("workspace.new_password.differs") if self.new.text() != self.again.text() and not fault else ""
        self.again.set_at_fault(bool(other), other)
        if fault or other:
            (self.new if fault else self.again).edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        command = GiveNewPassword(self._system, Secret(self.new.text()))
        self._forget()
        self._error = None  # the same words again are said again
        self.act.set_busy(word("workspace.new_password.busy"))
        self.given.emit(command)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Tab goes from one to the other: at an eye between them Enter would show what was typed.
        eyes = [field.eye for field in (self.new, self.again) if field.eye is not None]
        for one, other in pairwise((self.new.edit, self.again.edit, self.act, self.by_hand, *eyes)):
            QWidget.setTabOrder(one, other)

    def _look_changed(self) -> None:
        here = look()
        edge = here.space(24)
        self._column.setContentsMargins(edge, edge, edge, edge)
        self.card.setMaximumWidth(here.grow(560))
        inset = here.space(28)
        self._inside.setContentsMargins(inset, here.space(24), inset, here.space(24))
        self._inside.setSpacing(here.space(14))


def _said(rules: PasswordRules | None) -> str:
    if rules is None or rules == PasswordRules():
        return ""
    key = "workspace.new_password.rules_of" if rules.characters else "workspace.new_password.rules"
    return word(key, shortest=rules.shortest, longest=rules.longest, characters=rules.characters)
