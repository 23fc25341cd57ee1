"""The sign-in screen. It draws snapshots and emits commands; it writes nothing.

Over a locked session it says whose it is, and how the terminal is taken over (``launcher.shell.lock.over``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from launcher.late import LateModule
from launcher.shell.frame import Clock
from launcher.shell.sign_in.between import BetweenPeople
from launcher.shell.sign_in.forms import Form
from launcher.shell.sign_in.password_form import PasswordForm

if TYPE_CHECKING:
    from launcher.session import commands
    from launcher.session.snapshot import Snapshot
    from launcher.shell.hub.second_card import SecondCard
    from launcher.shell.lock.over import OverLocked
    from launcher.shell.sign_in.change_form import ChangeForm
    from launcher.shell.sign_in.provider_page import ProviderPage
else:
    commands = LateModule("launcher.session.commands")  # the first screen is painted without a command


class SignInScreen(BetweenPeople):
    """The screen on which an officer proves who they are."""

    painted = Signal()
    """The screen was painted for the first time; the command that says so to the session comes after it."""

    def __init__(self, clock: Clock | None = None, parent: QWidget | None = None) -> None:
        form = PasswordForm()
        super().__init__(form, clock, parent)
        self.password_form = form
        self._snapshot: Snapshot | None = None
        self._painted = False
        self._over: OverLocked | None = None
        self._second: SecondCard | None = None
        self._change_form: ChangeForm | None = None
        self._provider_page: ProviderPage | None = None
        self._listen_to(self.password_form)
        self.password_form.cancelled.connect(self._cancel)

    @property
    def change_form(self) -> ChangeForm:
        """The form that changes a password; made by :meth:`furnish`, or when it is first needed."""
        if self._change_form is None:
            from launcher.shell.sign_in.change_form import ChangeForm

            self._change_form = ChangeForm()
            self._listen_to(self._change_form)
            self.card.add_form(self._change_form)
        return self._change_form

    @property
    def provider_page(self) -> ProviderPage:
        """The slot of the provider's page; made by :meth:`furnish`, or when it is first needed."""
        if self._provider_page is None:
            from launcher.shell.sign_in.provider_page import ProviderPage

            self._provider_page = ProviderPage()
            self._provider_page.cancelled.connect(self._cancel)
            self._paper.addWidget(self._provider_page)
        return self._provider_page

    @property
    def over(self) -> OverLocked:
        """What this screen says over a locked session; made when there is one."""
        if self._over is None:
            from launcher.shell.lock.over import OverLocked

            self._over = OverLocked(self)
        return self._over

    @property
    def second(self) -> SecondCard:
        """What this screen says to a supervisor; made when one is asked for."""
        if self._second is None:
            from launcher.shell.hub.second_card import SecondCard

            self._second = SecondCard(self)
        return self._second

    def furnish(self) -> None:
        """Make what the first screen does not show, so that nobody waits for it later."""
        _ = self.provider_page
        if self._snapshot is not None:
            self.change_form.draw(self._snapshot.sign_in)

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the sign-in part of ``snapshot``."""
        before, self._snapshot = self._snapshot, snapshot
        view = snapshot.sign_in
        if snapshot.over is not None or self._over is not None:
            self.over.prepare(snapshot)
        elif before is None or (before.station, before.services) != (snapshot.station, snapshot.services):
            self.show_station(snapshot.station, snapshot.services)
        self.show_hub(snapshot)
        if snapshot.second is not None:
            self.second.draw(snapshot.second)
        self.password_form.draw(view)
        if self._change_form is not None or view.form == "change":
            self.change_form.draw(view)
        shown = self._paper.currentWidget(), self.card.form
        form = self._form_of(snapshot)
        self.card.show_form(form)
        provider = view.form == "provider" and form is self.password_form
        if provider:
            label = next((method.label for method in view.methods if method.form == "provider"), "")
            self.provider_page.show_provider(view.provider or label)
        elif self._provider_page is not None and before is not None and before.sign_in.form == "provider":
            self._provider_page.rest()
        asked = before is not None and (before.sign_in != view or before.over != snapshot.over)
        if shown[0] is not self._help or self._help is None or asked:
            # An answer to what was asked is worth leaving the help for.
            self._paper.setCurrentWidget(self.provider_page if provider else self._scroll)
        if shown != (self._paper.currentWidget(), self.card.form) and self.isVisible():
            if provider:
                self.provider_page.focus_page()
            else:
                self.form.focus_first()
        self.setFocusProxy(self.provider_page.first() if provider else self.form.first())
        self._fit()

    def lend_provider_page(self, page: QWidget | None) -> None:
        """Show the provider's own page in the slot, or take it away.

        It may be lent before or after the snapshot that shows the slot; only the lender takes it away and deletes it.
        """
        self.provider_page.set_page(page)

    def hide_help(self) -> None:
        """Go back from the help to the card or the provider's page."""
        if self._snapshot is not None and self._snapshot.sign_in.form == "provider":
            self._paper.setCurrentWidget(self.provider_page)
        else:
            super().hide_help()

    def escape(self) -> None:
        """Stop waiting, leave the provider's page, or go back from taking over."""
        view = self._snapshot.sign_in if self._snapshot is not None else None
        if view is None:
            return
        if self._over is not None and self._over.escape(busy=view.busy):
            return
        if view.busy or view.form != "password":
            self._cancel()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted and self._snapshot is not None and self.isVisible():
            self._painted = True
            # After this paint has reached the screen, not within it.
            QTimer.singleShot(0, self._say_painted)

    def _say_painted(self) -> None:
        self.painted.emit()
        self.command.emit(commands.SignInPainted())

    def _form_of(self, snapshot: Snapshot) -> Form:
        if snapshot.over is not None and snapshot.over.proved is not None:
            return self.over.question
        return self.change_form if snapshot.sign_in.form == "change" else self.password_form

    def _listen_to(self, form: PasswordForm | ChangeForm) -> None:
        form.command.connect(self.command)
        form.help_wanted.connect(self.help_wanted)

    def _cancel(self) -> None:
        if self._provider_page is not None and self._paper.currentWidget() is self._provider_page:
            self._provider_page.leave()
        self.command.emit(commands.CancelSignIn())
