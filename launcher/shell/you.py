"""The page about the officer (F9): who they are, the PIN of this sitting, and the way out."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from launcher.secret import Secret
from launcher.session.commands import SetPin
from launcher.session.snapshot import ErrorView, Snapshot
from launcher.shell.hub.deeds_list import DeedsList
from launcher.shell.lock.pin_field import digits_only
from launcher.shell.look import Button, Kind, LineField, Text, Type, look, text2, word
from launcher.shell.middle_card import MiddleCard
from launcher.shell.sign_in.forms import Form, secret_of


class PinForm(Form):
    """A new PIN, twice; and the way to take the one that is set back."""

    command = Signal(object)
    """Carries a launcher.session.commands.Command."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(word("you.pin_heading"), word("you.pin_act"), parent)
        self._digits = 0
        self._attempt = 0
        self._set = False
        self.heading.set_role(Type.SECTION)
        self.current = self.add_field(word("you.pin_now"), secret=True)
        self.pin = self.add_field(word("you.pin"), secret=True)
        self.again = self.add_field(word("you.pin_again"), secret=True)
        self.current.edit.setObjectName("you-pin-now")
        self.pin.edit.setObjectName("you-pin")
        self.again.edit.setObjectName("you-pin-again")
        self.primary.setObjectName("you-pin-set")
        for field in self.fields:
            digits_only(field)
        self.drop = Button(word("you.pin_drop"), Kind.SECONDARY, icon="x")
        self.drop.setObjectName("you-pin-drop")
        self.drop.clicked.connect(self._drop)
        self.row.insertWidget(0, self.drop)
        self.help.hide()
        self.submitted.connect(self._submit)
        self.lay_out()

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the form; a growing ``pin_attempt`` empties it once."""
        self._digits = snapshot.pin_digits
        self.lead.setText(
            word("you.pin_is_set") if snapshot.pin_set else word("you.pin_why", digits=snapshot.pin_digits)
        )
        self.primary.setText(word("you.pin_change" if snapshot.pin_set else "you.pin_act"))
        self._set = snapshot.pin_set
        self.current.setVisible(snapshot.pin_set)
        self.drop.setVisible(snapshot.pin_set)
        if snapshot.pin_attempt != self._attempt:
            self._attempt = snapshot.pin_attempt
            self.empty_all()
            error = snapshot.pin_error
            wrong = self.current if error is not None and error.reference == "pin-wrong" else self.pin
            self.tell(error, at_fault=wrong if error is not None else None)
            if snapshot.pin_error is not None and self.isVisible():
                self.focus_first()

    def first(self) -> QWidget:
        asked = [field for field in self.fields if not field.isHidden()]
        return next((field.edit for field in asked if not field.text()), asked[-1].edit)

    def empty_all(self) -> None:
        """Keep nothing of what was typed."""
        for field in self.fields:
            field.forget()
            field.show_kept(False)

    def show_cancel(self, on: bool) -> None:
        super().show_cancel(False)

    def row_buttons(self) -> list[Button]:
        return [self.drop]

    def order_stops(self) -> None:
        """Tab goes from one PIN to the other and on to the button; at an eye, Enter would show what was typed."""
        eyes = [field.eye for field in self.fields if field.eye is not None]
        edits = [field.edit for field in self.fields]
        stops = [self.error.copy_button, *edits, self.primary, *self.row_buttons(), *eyes]
        for one, other in pairwise(stops):
            QWidget.setTabOrder(one, other)

    def _submit(self) -> None:
        if self._lacks_current():
            return
        for field in (self.pin, self.again):
            if len(field.text()) != self._digits:
                self._local(word("you.pin_digits", digits=self._digits), field)
                return
        if self.pin.text() != self.again.text():
            self.again.forget()
            self._local(word("you.pin_not_the_same"), self.again)
            return
        self.again.forget()
        self.tell(None)
        self.command.emit(SetPin(secret_of(self.pin), secret_of(self.current)))
        for field in (self.pin, self.current):
            field.show_kept(False)

    def _drop(self) -> None:
        if not self._lacks_current():
            self.command.emit(SetPin(Secret(""), secret_of(self.current)))
            self.current.show_kept(False)

    def _lacks_current(self) -> bool:
        """Say, where a PIN holds that was not typed, that it is wanted."""
        if self._set and not self.current.text():
            self._local(word("you.pin_now_missing"), self.current)
            return True
        return False

    def _local(self, what: str, field: LineField) -> None:
        self.tell(ErrorView("", what, ""), at_fault=field)
        field.edit.setFocus()


class YouPage(MiddleCard):
    """The page. ``closed``: the person is done with it."""

    command = Signal(object)
    """Carries a launcher.session.commands.Command."""
    closed = Signal()
    log_off = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(word("you.heading"))
        self.name = Text("", Type.DISPLAY, wrap=True)
        self.number = Text("", Type.LEAD, text2)
        self.pin_form = PinForm()
        self.leave = Button(word("you.log_off"), Kind.SECONDARY, icon="sign-out", key=word("you.key_log_off"))
        self.leave.setObjectName("you-log-off")
        self.close_button = Button(word("you.close"), Kind.QUIET, icon="x", key=word("key.escape"))
        self.deeds = DeedsList()
        for part in (self.name, self.number, self.pin_form):
            self.inside.addWidget(part)
        self._row = QHBoxLayout()
        self._row.addWidget(self.leave)
        self._row.addStretch(1)
        self._row.addWidget(self.close_button)
        self.inside.addLayout(self._row)
        self.inside.addWidget(self.deeds)  # last: it is as long as the week was
        self.pin_form.command.connect(self.command)
        self.leave.clicked.connect(self.log_off)
        self.close_button.clicked.connect(self._close)
        self.escaped.connect(self._close)
        self.lay_out()

    def draw(self, snapshot: Snapshot) -> None:
        """Say who is logged on, and how it stands with the PIN."""
        officer = snapshot.officer
        if officer is None:
            return
        self.name.setText(officer.name or officer.number)
        self.number.setText(officer.number if officer.name else "")
        self.number.setVisible(bool(officer.name))
        self.pin_form.setVisible(snapshot.pin_digits > 0)
        self.pin_form.draw(snapshot)
        self.deeds.draw(snapshot)

    def focus_first(self) -> None:
        """Put the focus where the person goes on."""
        if self.pin_form.isVisibleTo(self):
            self.pin_form.focus_first()
        else:
            self.leave.setFocus()

    def lay_out(self) -> None:
        super().lay_out()
        here = look()
        self.inside.setSpacing(here.space(12))
        self._row.setSpacing(here.space(12))
        direction = QBoxLayout.Direction.TopToBottom if here.large else QBoxLayout.Direction.LeftToRight
        self._row.setDirection(direction)

    def _close(self) -> None:
        self.pin_form.empty_all()
        self.pin_form.tell(None)
        self.closed.emit()
