"""The form that asks for a new password where a system wants one, in the place of its page or terminal."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from launcher.connectors.password_rules import PasswordRules
from launcher.secret import Secret
from launcher.session.commands import GiveNewPassword
from launcher.session.snapshot import LaunchView, SystemView
from launcher.shell.look import Button, LineField, Text, Type, text2, word
from launcher.shell.workspace.asking_card import AskingCard


class NewPasswordForm(AskingCard):
    """Asks twice for it; what it gives is a GiveNewPassword."""

    by_hand_wanted = Signal()
    """The officer changes it on the system's own page or screens."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.new = LineField(word("workspace.new_password.new"), secret=True)
        self.again = LineField(word("workspace.new_password.again"), secret=True)
        super().__init__("workspace.new_password", (self.new, self.again), parent)
        self.rules = Text("", Type.BODY, text2, wrap=True)
        self.by_hand = Button(word("workspace.new_password.by_hand"), icon="keyboard", height=44)
        self._inside.insertWidget(self._inside.indexOf(self.error), self.rules)
        self._inside.addWidget(self.by_hand)
        self.act.clicked.connect(self._give)
        self.by_hand.clicked.connect(self._by_hand)
        self.new.edit.returnPressed.connect(lambda: self.again.edit.setFocus(Qt.FocusReason.TabFocusReason))
        self.again.edit.returnPressed.connect(self._give)

    def draw(self, launch: LaunchView, system: SystemView) -> None:
        """Ask for this system's."""
        self.ask_for(system.id, system.name)
        self.rules.setText(_said(launch.rules))
        self.rules.setVisible(bool(self.rules.text()))
        self.by_hand.setVisible(bool(launch.surface))  # before there is a line there is no screen to do it on
        if launch.error != self._error:
            self._forget()
        if self.say_fault(launch.error, self.new) and self.again.edit.hasFocus():
            self.focus_first()  # both are empty: whoever types on types the first

    def focus_first(self) -> None:
        """Go to the field that is to be filled first."""
        self.new.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _forget(self) -> None:
        for field in (self.new, self.again):
            field.forget()
            field.ask("")

    def _by_hand(self, _checked: object = None) -> None:
        self._forget()
        self.by_hand_wanted.emit()

    def _give(self, _checked: object = None) -> None:
        for field in (self.new, self.again):
            field.ask("")
        for field, what in ((self.new, "missing"), (self.again, "again_missing")):
            if not field.text():
                self.ask_in(field, word(f"workspace.new_password.{what}"))
                return
        if self.new.text() != self.again.text():
            self.again.forget()
            self.ask_in(self.again, word("workspace.new_password.differs"))
            return
        command = GiveNewPassword(self._system, Secret(self.new.text()))
        self._forget()
        self._error = None  # the same words again are said again
        self.send(command)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Tab goes from one to the other: at an eye between them Enter would show what was typed.
        eyes = [field.eye for field in (self.new, self.again) if field.eye is not None]
        for one, other in pairwise((self.new.edit, self.again.edit, self.act, self.by_hand, *eyes)):
            QWidget.setTabOrder(one, other)


def _said(rules: PasswordRules | None) -> str:
    if rules is None or rules == PasswordRules():
        return ""
    key = "workspace.new_password.rules_of" if rules.characters else "workspace.new_password.rules"
    return word(key, shortest=rules.shortest, longest=rules.longest, characters=rules.characters)
