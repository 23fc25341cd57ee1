"""The cover of a screen that does not answer: wait, or end it. Nothing is ended in silence."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from launcher.session.commands import AnswerCover, AskForHelp
from launcher.session.snapshot import CoverView, Snapshot
from launcher.shell.frame import Clock
from launcher.shell.lock.ending import what_ending_loses
from launcher.shell.look import Button, Kind, State, Text, Type, about, text2, word
from launcher.shell.sign_in.between import BetweenPeople
from launcher.shell.sign_in.forms import Form
from launcher.shell.sign_in.ink_panel import Held
from launcher.timings.boot_clock import boot_time_s


class CoverForm(Form):
    """Whose screen it is and for how long it has been silent. *Wait* has the focus: Enter ends nothing."""

    command = Signal(object)
    """Carries a launcher.session.commands.Command."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", word("cover.wait"), parent)
        self.lead_stays = True
        self._view: CoverView | None = None
        self.primary.setObjectName("cover-wait")
        self.loses = Text("", Type.BODY, text2, wrap=True)
        self.body.addWidget(self.loses)
        self.end = Button("", Kind.SECONDARY, icon="x")
        self.end.setObjectName("cover-end")
        self.row.insertWidget(0, self.end)
        self.submitted.connect(self._wait)
        self.end.clicked.connect(lambda: self.command.emit(AnswerCover(end=True)))
        self.lay_out()

    def draw(self, view: CoverView) -> None:
        """Draw the card."""
        self._view = view
        self.heading.setText(word("cover.heading", number=view.number))
        self.loses.setText(what_ending_loses(view))
        self.end.setText(word("cover.end", number=view.number))
        self.end.setAccessibleDescription(self.loses.text())
        self.primary.set_busy(word("cover.busy") if view.waiting else "")
        self.look_again()
        self.arrange()

    def look_again(self) -> None:
        """Say anew for how long."""
        view = self._view
        if view is not None:
            key = "cover.waiting" if view.waiting else "cover.lead"
            silent = about(max(0.0, boot_time_s() - view.silent_since) * 1000)
            self.lead.setText(word(key, name=view.name or view.number, seconds=silent))

    def first(self) -> QWidget:
        return self.primary

    def row_buttons(self) -> list[Button]:
        return [self.end, *super().row_buttons()]

    def lay_out(self) -> None:
        super().lay_out()
        if hasattr(self, "loses"):
            self.body.setContentsMargins(0, self.row.spacing(), 0, 2 * self.row.spacing())

    def _wait(self) -> None:
        if self._view is not None and not self._view.waiting:
            self.command.emit(AnswerCover(end=False))


class CoverScreen(BetweenPeople):
    """The screen in front of one that does not answer."""

    def __init__(self, clock: Clock | None = None, parent: QWidget | None = None) -> None:
        form = CoverForm()
        super().__init__(form, clock, parent)
        self.cover_form = form
        form.command.connect(self.command)
        form.help_wanted.connect(self.help_wanted)
        self.help_wanted.connect(self.show_help)
        self.clock.ticked.connect(self._look_again)

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the cover of ``snapshot``."""
        if snapshot.cover is None:
            return
        view = snapshot.cover
        held = Held(f"{view.number} {view.name}".strip(), word("cover.held"), State.UNKNOWN)
        self.show_station(snapshot.station, snapshot.services, held)
        self.show_hub(snapshot)
        self.panel.show_letters(snapshot.letters, snapshot.station.helpdesk)
        self.cover_form.draw(view)
        self.setFocusProxy(self.cover_form.first())
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            # Whoever stands before a screen that does not answer will call: nothing needs to be found first.
            self.command.emit(AskForHelp())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.command.emit(AskForHelp(on=False))

    def _look_again(self) -> None:
        if self.isVisible():
            self.cover_form.look_again()
