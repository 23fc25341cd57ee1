"""The form that changes a password which must be changed before the officer can go on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from launcher.session.commands import CancelSignIn, ChangePassword
from launcher.session.snapshot import ErrorView, SignInView
from launcher.shell.look import LineField, State, Text, text2, word
from launcher.shell.sign_in.forms import Form, secret_of

_WHY = frozenset({"password-must-change", "password-expired"})
"""Why the form is there: said in amber, because nothing has failed."""

_CURRENT_AT_FAULT = frozenset({"password-not-accepted"})


class ChangeForm(Form):
    """Current password, and the new one twice."""

    command = Signal(object)
    """Carries a launcher.session.commands.Command."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(word("sign_in.change_heading"), word("sign_in.change_act"), parent)
        self._view: SignInView | None = None
        self.current = self.add_field(word("sign_in.current"), secret=True)
        self.new = self.add_field(word("sign_in.new"), secret=True)
        self.rules = Text(word("sign_in.rules"), tint=text2, wrap=True)
        self.new.add_note(self.rules)
        self.again = self.add_field(word("sign_in.again"), secret=True)
        self.new.edit.setAccessibleDescription(self.rules.text())
        self.show_cancel(True)
        self.submitted.connect(self._submit)
        self.cancelled.connect(lambda: self.command.emit(CancelSignIn()))
        self.lay_out()

    def draw(self, view: SignInView) -> None:
        """Draw the form; a growing ``attempt`` clears it once."""
        before, self._view = self._view, view
        self.lead.setText(word("sign_in.change_lead", name=view.name) if view.name else "")
        self.set_busy(view.busy and view.form == "change", view.usual_ms)
        if before is None or before.form != view.form or before.attempt != view.attempt or before.error != view.error:
            self._answered(view)

    def show_cancel(self, on: bool) -> None:
        super().show_cancel(True)

    def busy_words(self, usual_ms: float) -> str:
        return word("sign_in.changing")

    def _answered(self, view: SignInView) -> None:
        self.forget()
        if view.form != "change":
            self.tell(None)
            return
        error = view.error
        if error is None:
            self.tell(None)
        elif error.reference in _WHY:
            self.tell(error, state=State.NEEDS)
        else:
            self.tell(error, at_fault=self.current if error.reference in _CURRENT_AT_FAULT else self.new)
        if not view.busy and self.isVisible():
            self.focus_first()

    def _submit(self) -> None:
        view = self._view
        if view is None or self.primary.busy:
            return
        for field in self.fields:
            if not field.text():
                self._local("sign_in.fill_all", field)
                return
        if self.new.text() != self.again.text():
            self.again.forget()
            self._local("sign_in.not_the_same", self.again)
            return
        if self.new.text() == self.current.text():
            self.new.forget()
            self.again.forget()
            self._local("sign_in.same_as_before", self.new)
            return
        secret_of(self.again)
        self.command.emit(ChangePassword(view.name, secret_of(self.current), secret_of(self.new)))

    def _local(self, key: str, field: LineField) -> None:
        self.tell(ErrorView("", word(key), ""), at_fault=field)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
