"""The sign-in card over a locked session: whose it is, how they come back, and how somebody else takes over.

Loaded when a terminal is locked: a plain sign-in screen never waits for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from launcher.session.commands import LeaveLocked, TakeOver, WantFace
from launcher.session.snapshot import OverView, Snapshot
from launcher.shell.lock.ending import what_taking_over_ends
from launcher.shell.lock.not_you import NotYou
from launcher.shell.lock.screen import word_since
from launcher.shell.lock.spans import ago, clock_time, ends_then, left, left_s
from launcher.shell.look import Button, Kind, look, word
from launcher.shell.sign_in.forms import Form
from launcher.shell.sign_in.ink_panel import Held

if TYPE_CHECKING:
    from launcher.shell.sign_in.screen import SignInScreen


class OverLocked(QObject):
    """What a sign-in screen says over a locked session, and what it says again once there is none."""

    def __init__(self, screen: SignInScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._view: OverView | None = None
        self._snapshot: Snapshot | None = None
        self.form = screen.password_form
        self.block = NotYou("over-take-over")
        self.block.taken.connect(lambda: screen.command.emit(TakeOver()))
        self.form.add_below(self.block, [self.block.button])
        self.keep = Button(word("over.keep"), Kind.SECONDARY, icon="lock-simple", key=word("key.escape"))
        self.keep.setObjectName("over-keep")
        self.keep.clicked.connect(lambda: screen.command.emit(LeaveLocked()))
        self.form.add_way(self.keep)
        self.face = Button(word("over.face"), Kind.SECONDARY, icon="lock-simple", key=word("key.escape"))
        self.face.setObjectName("over-face")
        self.face.clicked.connect(lambda: screen.command.emit(WantFace()))
        self.form.add_way(self.face)
        self.question = TakeOverQuestion()
        self.question.command.connect(screen.command)
        self.question.help_wanted.connect(screen.help_wanted)
        screen.card.add_form(self.question)
        screen.clock.ticked.connect(self._look_again)

    def prepare(self, snapshot: Snapshot) -> None:
        """Word the card for ``snapshot``, before its own part of the snapshot is drawn on it."""
        before, self._view = self._view, snapshot.over
        self._snapshot = snapshot
        over = snapshot.over
        if over is None:
            self._stand_aside(before, snapshot)
            return
        held = Held(f"{over.number} {over.name}".strip(), word_since(over.since))
        self._screen.show_station(snapshot.station, snapshot.services, held)
        taking = over.taking_over
        self.form.spreads = True
        self._stand_tight(True)
        self.block.setVisible(not taking)
        self.keep.setVisible(taking)
        if before is None and self._screen.isVisible() and self._types_password():
            # Whoever types looks at the keys: the rest of it would stand in clear in the name's field.
            self._look_again()
            return
        if not taking and (before is None or before.taking_over):
            self.form.set_name(over.logs_on_as or over.number)
        elif taking and self.form.name.text() in (over.logs_on_as, over.number):
            # A newcomer who typed their own name already keeps it.
            self.form.set_name("")
        self._look_again()
        if self.form.isVisible() and (before is None or before.taking_over != taking):
            self.form.focus_first()

    def escape(self, *, busy: bool) -> bool:
        """Go back from taking over, if that is where this is; say whether it was."""
        over = self._view
        if over is None or busy:
            return False
        if over.taking_over or over.proved is not None:
            self._screen.command.emit(LeaveLocked())
            return True
        if self._may_go_back(over):
            self._screen.command.emit(WantFace())
            return True
        return False

    def _may_go_back(self, over: OverView) -> bool:
        """Say whether the lock face, which the PIN opens, can come back."""
        return over.face and not over.taking_over and left_s(over.grace_until) > 0

    def _look_again(self) -> None:
        """Say the times anew."""
        over, snapshot = self._view, self._snapshot
        if over is None or snapshot is None:
            return
        ends = what_taking_over_ends(over)
        waits = left_s(over.grace_until)
        wait = word("over.wait", left=left(over.grace_until)) if waits else ""
        beside = ""
        if over.taking_over:
            self.form.reword(word("lock.take_over"), word("over.act"), f"{ends} {wait}".strip())
        else:
            now = self._screen.clock.now()
            name, since = over.name or over.number, clock_time(over.since)
            lead = word("over.lead", name=name, time=since, ago=ago(over.since, now))
            lead = f"{word('over.pin_spent')} {lead}" if over.pin_spent else lead
            ends_by_itself = ends_then(over.ends_at, now)
            if look().large:
                # Beside the fields there is room for it, above them none.
                beside = ends_by_itself
            else:
                lead = f"{lead} {ends_by_itself}".rstrip()
            self.form.reword(word("lock.heading", number=over.number), word("lock.act"), lead)
        self._offer_face(on=self._may_go_back(over))
        self.block.say(over.number, " ".join(filter(None, (ends, wait, beside))), may=not waits)
        self.question.draw(over, ends, wait)

    def _offer_face(self, *, on: bool) -> None:
        """Offer the way back to the PIN; in large text in the place of the help's button, which has a key as well."""
        for button, wanted in ((self.face, on), (self.form.help, not (on and look().large))):
            if button.isHidden() == wanted:
                button.setVisible(wanted)
                self.form.arrange()

    def _stand_tight(self, on: bool) -> None:
        """Make room for an error: the way to take over is not to leave the screen for it."""
        if self.form.tight != on:
            self.form.tight = on
            self.form.lay_out()

    def _stand_aside(self, before: OverView | None, snapshot: Snapshot) -> None:
        """Be the plain card again: the locked session has gone."""
        self.block.hide()
        self.keep.hide()
        self._offer_face(on=False)
        self._screen.show_station(snapshot.station, snapshot.services)
        if before is None:
            return
        self.form.spreads = False
        self._stand_tight(False)
        self.form.reword()
        if self._screen.isVisible() and self._typed(before):
            # Whoever types looks at the keys: the rest of a password would stand in clear in the name's field.
            return
        self.form.set_name(snapshot.sign_in.name)
        if self.form.isVisible():
            self.form.focus_first()

    def _types_password(self) -> bool:
        edit = self.form.password.edit
        return bool(edit.text()) or edit.hasFocus()

    def _typed(self, before: OverView) -> bool:
        """Say whether anything is under way on the card, beyond the name that was put there."""
        given = ("", before.logs_on_as or before.number)
        return self.form.primary.busy or bool(self.form.password.text()) or self.form.name.text() not in given


class TakeOverQuestion(Form):
    """The one confirmation: who takes over, and what it ends. *Leave it locked* has the focus: Enter ends nothing."""

    command = Signal(object)
    """Carries a launcher.session.commands.Command."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", word("over.keep"), parent)
        self.lead_stays = True
        self.primary.setObjectName("over-leave")
        self.primary.set_key(word("key.escape"))
        self.confirm = Button(word("over.confirm"), Kind.SECONDARY, icon="user-switch")
        self.confirm.setObjectName("over-confirm")
        self.confirm.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.row.insertWidget(0, self.confirm)
        self.submitted.connect(lambda: self.command.emit(LeaveLocked()))
        self.confirm.clicked.connect(lambda: self.command.emit(TakeOver()))
        self.lay_out()

    def draw(self, over: OverView, ends: str, wait: str) -> None:
        """Name the newcomer and what it ends; ``wait``: why not yet."""
        if over.proved is None:
            return
        self.heading.setText(word("over.question", number=over.number))
        officer = f"{over.proved.number} {over.proved.name}".strip()
        who = word("over.question_other_way" if over.another_way else "over.question_lead", officer=officer)
        self.lead.setText(f"{who} {ends} {wait}".strip())
        had_focus = self.confirm.hasFocus()
        self.confirm.setEnabled(not wait)
        self.confirm.setAccessibleDescription(self.lead.text())
        if wait and had_focus:
            self.focus_first()

    def first(self) -> QWidget:
        return self.primary

    def row_buttons(self) -> list[Button]:
        return [self.confirm, *super().row_buttons()]

    def focus_first(self) -> None:
        self.primary.setFocus(Qt.FocusReason.OtherFocusReason)
