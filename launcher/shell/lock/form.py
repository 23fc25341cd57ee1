"""The card of the lock face: the PIN while it works, the way to the password, and the way for somebody else."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from launcher.session.commands import GivePin, WantProof
from launcher.session.snapshot import ErrorView, LockView, OfficerView, Snapshot
from launcher.shell.lock.not_you import NotYou
from launcher.shell.lock.pin_field import digits_only
from launcher.shell.lock.spans import ago, clock_time, ends_then, left, left_s
from launcher.shell.look import Button, Kind, Text, Type, look, text2, word
from launcher.shell.sign_in.forms import Form, secret_of


class LockForm(Form):
    """Whose terminal it is, and how it is unlocked."""

    command = Signal(object)
    """Carries a launcher.session.commands.Command."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", word("lock.act"), parent)
        self.lead_stays = True
        self.spreads = True
        self._view: LockView | None = None
        self._with_pin: bool | None = None
        self._loses = ""
        self._ends_at: float | None = None
        self.pin = self.add_field(word("lock.pin"), secret=True)
        self.pin.edit.setObjectName("lock-pin")
        digits_only(self.pin)
        self.tries = Text("", Type.META, text2, wrap=True)
        self.pin.add_note(self.tries)
        self.by_password = Button(word("lock.password_instead"), Kind.SECONDARY, icon="key")
        self.by_password.clicked.connect(self._want_proof)
        self.row.insertWidget(0, self.by_password)
        self.not_you = NotYou("lock-take-over")
        self.not_you.taken.connect(lambda: self.command.emit(WantProof(taking_over=True)))
        self.add_below(self.not_you, [self.not_you.button])
        self.submitted.connect(self._submit)
        self.lay_out()

    @property
    def by_pin(self) -> bool:
        """Whether the PIN opens it now."""
        view = self._view
        return view is not None and view.pin and view.tries_left > 0 and left_s(view.pin_until) > 0

    def draw(self, snapshot: Snapshot, now: datetime) -> None:
        """Draw the card; a growing ``attempt`` clears the PIN once."""
        view, officer = snapshot.lock, snapshot.officer
        if view is None:
            return
        before, self._view = self._view, view
        number = officer.number if officer is not None else ""
        self.heading.setText(word("lock.heading", number=number))
        self._loses = _loses(snapshot, view, number)
        ends = (view.ends_at, snapshot.ends.at if snapshot.ends is not None else None)
        self._ends_at = min((one for one in ends if one is not None), default=None)
        self.look_again(officer, now)
        self.set_busy(view.busy)
        if before is None or before.attempt != view.attempt or before.error != view.error:
            self.pin.forget()
            wrong = self.pin if self.by_pin and view.error is not None else None
            self.tell(view.error, at_fault=wrong)
            if self.isVisible() and not view.busy:
                self.focus_first()

    def look_again(self, officer: OfficerView | None, now: datetime) -> None:
        """Say the times anew; the PIN goes when its time is over."""
        view = self._view
        if view is None:
            return
        name = (officer.name or officer.number) if officer is not None else ""
        # In large text there is no room for why.
        lead = word(
            "over.lead" if look().large else f"lock.{view.why}",
            name=name,
            time=clock_time(view.since),
            ago=ago(view.since, now),
        ).lstrip(", ")
        self.lead.setText(f"{lead} {ends_then(self._ends_at, now)}".rstrip())
        number = officer.number if officer is not None else ""
        # Nobody can take over yet, and who presses it would only take the PIN from its owner.
        kept = word("lock.wait", left=left(view.pin_until), number=number) if left_s(view.pin_until) else ""
        self.not_you.say(number, f"{self._loses} {kept}".strip(), may=not kept)
        if self.by_pin:
            self.tries.setText(word("lock.pin_tries", count=view.tries_left, left=left(view.pin_until)))
        if self.by_pin != self._with_pin:
            self._offer_pin(self.by_pin)

    def begin(self) -> None:
        """Stand as on the first day: nothing typed, nothing said."""
        self._view = None
        self.pin.forget()
        self.tell(None)

    def first(self) -> QWidget:
        return self.pin.edit if self.by_pin else self.primary

    def busy_words(self, usual_ms: float) -> str:
        return word("lock.busy")

    def show_cancel(self, on: bool) -> None:
        super().show_cancel(False)

    def row_buttons(self) -> list[Button]:
        return [self.by_password, *super().row_buttons()]

    def _offer_pin(self, on: bool) -> None:
        had_focus = self.pin.edit.hasFocus()
        self._with_pin = on
        self.pin.setVisible(on)
        self.by_password.setVisible(on)
        self.by_password.setObjectName("lock-password" if on else "")
        self.primary.setObjectName("" if on else "lock-password")
        self.primary.setText(word("lock.act" if on else "lock.by_password"))
        if not on:
            self.pin.forget()
        self.lay_out()
        self.arrange()
        if had_focus:
            self.focus_first()

    def _submit(self) -> None:
        if self.primary.busy:
            return
        if not self.by_pin:
            self._want_proof()
        elif self.pin.text():
            self.command.emit(GivePin(secret_of(self.pin)))
        else:
            self.tell(ErrorView("", word("lock.pin_missing"), ""), at_fault=self.pin)
            self.focus_first()

    def _want_proof(self) -> None:
        self.command.emit(WantProof())


def _loses(snapshot: Snapshot, view: LockView, number: str) -> str:
    systems = dict.fromkeys((*view.unsaved, *view.running))
    if not systems:
        return word("lock.not_you_says", number=number)
    names = [entry.name if (entry := snapshot.system(one)) else one for one in systems]
    return word("lock.not_you_loses", number=number, names=", ".join(names))
