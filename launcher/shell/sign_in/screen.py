"""The sign-in screen: ink at the left, the card on paper at the right.

It draws snapshots and emits commands; it writes nothing. From 150 % on, and in a small window, the ink panel is a
band at the top, the form scrolls, and the status strip says what the panel would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QPaintEvent, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from launcher.late import LateModule
from launcher.shell.frame import Areas, Clock, StatusStrip, worst_service
from launcher.shell.look import Card, FocusRing, Ground, Radius, current, look, reveal, scrolling
from launcher.shell.sign_in.forms import Form
from launcher.shell.sign_in.ink_panel import LEAST_WIDTH, WIDTH, InkBand, InkPanel
from launcher.shell.sign_in.password_form import PasswordForm

if TYPE_CHECKING:
    from launcher.session import commands
    from launcher.session.snapshot import Snapshot
    from launcher.shell.help_page import HelpPage
    from launcher.shell.sign_in.change_form import ChangeForm
    from launcher.shell.sign_in.provider_page import ProviderPage
else:
    commands = LateModule("launcher.session.commands")  # the first screen is painted without a command

CARD_WIDTH = 560
CONTENT_WIDTH = 472
LEAST_HEIGHT = 640
"""Below this height of the window the panel folds as well."""


class SignInScreen(Ground):
    """The screen between people. ``command`` carries what the officer does, ``help_wanted`` an error's reference."""

    command = Signal(object)
    """Carries a launcher.session.commands.Command."""
    help_wanted = Signal(str)
    painted = Signal()
    """The screen was painted for the first time; the command that says so to the session comes after it."""

    def __init__(self, clock: Clock | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.clock = clock or Clock(parent=self)
        self._snapshot: Snapshot | None = None
        self._painted = False
        self._folded: bool | None = None
        self._help: HelpPage | None = None
        self._change_form: ChangeForm | None = None
        self._provider_page: ProviderPage | None = None
        self.panel = InkPanel(self.clock)
        self.band = InkBand(self.clock)
        self.strip = StatusStrip()
        self.password_form = PasswordForm()
        self._card = _Centred(self.password_form)
        self._scroll = scrolling(self._card)
        # The room for the card changes when the panel folds, without the card being told otherwise.
        self._scroll.viewport().installEventFilter(self._card)
        self._card.placed.connect(self._reveal_focus, Qt.ConnectionType.QueuedConnection)
        self._paper = QStackedWidget()
        self._paper.addWidget(self._scroll)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.panel)
        middle.addWidget(self._paper, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.band)
        column.addLayout(middle, 1)
        column.addWidget(self.strip)
        self.areas = Areas(self, (lambda: self._paper.currentWidget(), self.strip))
        self.ring = FocusRing(self)
        self._listen_to(self.password_form)
        self.password_form.cancelled.connect(self._cancel)
        self._escape_key = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        self._escape_key.activated.connect(self._escape)
        # The help has an Escape of its own, and two of them would cancel each other out.
        self._paper.currentChanged.connect(
            lambda _: self._escape_key.setEnabled(self._paper.currentWidget() is not self._help)
        )
        QShortcut(QKeySequence("F1"), self).activated.connect(lambda: self.help_wanted.emit(self.form.reference))
        self.clock.minute_changed.connect(self._show_facts)
        current().changed.connect(self._look_changed)
        self._fold()

    @property
    def help(self) -> HelpPage:
        """The help on the paper; made when it is first asked for, so that no officer waits for it."""
        if self._help is None:
            from launcher.shell.help_page import HelpPage

            self._help = HelpPage()
            self._help.closed.connect(self.hide_help)
            self._paper.addWidget(self._help)
        return self._help

    @property
    def change_form(self) -> ChangeForm:
        """The form that changes a password; made by :meth:`furnish`, or when it is first needed."""
        if self._change_form is None:
            from launcher.shell.sign_in.change_form import ChangeForm

            self._change_form = ChangeForm()
            self._listen_to(self._change_form)
            self._card.add_form(self._change_form)
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

    def furnish(self) -> None:
        """Make what the first screen does not show, so that nobody waits for it later."""
        _ = self.provider_page
        if self._snapshot is not None:
            self.change_form.draw(self._snapshot.sign_in)

    @property
    def form(self) -> Form:
        """The form that is shown."""
        return self._card.form

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the sign-in part of ``snapshot``."""
        before, self._snapshot = self._snapshot, snapshot
        view = snapshot.sign_in
        if before is None or (before.station, before.services) != (snapshot.station, snapshot.services):
            self.panel.show_station(snapshot.station, snapshot.services)
            self.band.show_station(snapshot.station)
            self.strip.show_worst(worst_service(snapshot.services))
            self._show_facts()
        self.password_form.draw(view)
        if self._change_form is not None or view.form == "change":
            self.change_form.draw(view)
        shown = self._paper.currentWidget(), self._card.form
        self._card.show_form(self.change_form if view.form == "change" else self.password_form)
        provider = view.form == "provider"
        if provider:
            label = next((method.label for method in view.methods if method.form == "provider"), "")
            self.provider_page.show_provider(label)
        elif self._provider_page is not None and before is not None and before.sign_in.form == "provider":
            self._provider_page.rest()
        if shown[0] is not self._help or self._help is None or (before is not None and before.sign_in != view):
            # An answer to what was asked is worth leaving the help for.
            self._paper.setCurrentWidget(self.provider_page if provider else self._scroll)
        if shown != (self._paper.currentWidget(), self._card.form) and self.isVisible():
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

    def show_help(self, reference: str) -> None:
        """Show the help on the paper, at the page of ``reference``."""
        self._paper.setCurrentWidget(self.help)
        if self._snapshot is not None:
            self.help.show_helpdesk(self._snapshot.station.helpdesk)
        self.help.open_at(reference)

    def hide_help(self) -> None:
        """Go back from the help to the card or the provider's page."""
        view = self._snapshot.sign_in if self._snapshot is not None else None
        provider = view is not None and view.form == "provider"
        self._paper.setCurrentWidget(self.provider_page if provider else self._scroll)
        if not provider:
            self.form.focus_first()

    def minimumSizeHint(self) -> QSize:
        return QSize(640, 480)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fold()
        if self._paper.currentWidget() is self._scroll:
            self.form.focus_first()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted and self._snapshot is not None and self.isVisible():
            self._painted = True
            # After this paint has reached the screen, not within it.
            QTimer.singleShot(0, self._say_painted)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.ring.place()

    def _reveal_focus(self) -> None:
        # An error above the fields has moved the one that has the focus.
        focused = self.focusWidget()
        if focused is not None and self._card.isAncestorOf(focused):
            reveal(focused)

    def _say_painted(self) -> None:
        self.painted.emit()
        self.command.emit(commands.SignInPainted())

    def _listen_to(self, form: PasswordForm | ChangeForm) -> None:
        form.command.connect(self.command)
        form.help_wanted.connect(self.help_wanted)

    def _cancel(self) -> None:
        if self._provider_page is not None and self._paper.currentWidget() is self._provider_page:
            self._provider_page.leave()
        self.command.emit(commands.CancelSignIn())

    def _escape(self) -> None:
        view = self._snapshot.sign_in if self._snapshot is not None else None
        if view is not None and (view.busy or view.form != "password"):
            self._cancel()

    def _show_facts(self) -> None:
        if self._snapshot is None:
            return
        station = self._snapshot.station
        self.strip.show_facts([fact for fact in (station.helpdesk, station.terminal) if fact])

    def _look_changed(self) -> None:
        self._folded = None
        self._fold()

    def _fold(self) -> None:
        here = look()
        width = min(here.space(WIDTH), self.width() - here.space(CARD_WIDTH) - 2 * here.space(44))
        folded = here.large or width < LEAST_WIDTH or self.height() < LEAST_HEIGHT
        self.panel.setFixedWidth(max(LEAST_WIDTH, width))
        if folded != self._folded:
            self._folded = folded
            self.panel.setVisible(not folded)
            self.band.setVisible(folded)
            self.strip.setVisible(folded)
        self._fit()

    def _fit(self) -> None:
        self._card.fit(bare=bool(self._folded))


class _Centred(QWidget):
    """The card in the middle of the paper: the form on a surface, or bare where there is no room to spare.

    It places the card itself: a layout would ask for the height of the text at the paper's width, not at the card's.
    """

    placed = Signal()
    """The card is somewhere else, or of another size."""

    def __init__(self, form: Form, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._forms = [form]
        self._bare = False
        self._card = Card(Radius.SIGN_IN_CARD, self)
        self._inside = QVBoxLayout(self._card)
        self._inside.addWidget(form)
        self.form = form
        self._card.installEventFilter(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add_form(self, form: Form) -> None:
        """Take another form, hidden until it is shown."""
        form.hide()
        self._forms.append(form)
        self._inside.addWidget(form)

    def show_form(self, form: Form) -> None:
        """Show one of the forms."""
        if form is self.form:
            return
        self.form = form
        for each in self._forms:
            each.setVisible(each is form)

    def fit(self, *, bare: bool) -> None:
        """Stand on a surface or ``bare``, and place the card anew."""
        side = look().space(44)
        self._bare = bare
        self._card.set_bare(bare)
        self._inside.setContentsMargins(*((0, 0, 0, 0) if bare else (side, look().space(36), side, look().space(40))))
        self._place()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._card_height(self._card_width(width)) + 2 * self._margin()

    def sizeHint(self) -> QSize:
        width = self._card_width(1 << 16) + 2 * self._margin()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        asked = event.type() == QEvent.Type.LayoutRequest and watched is self._card
        if asked or (event.type() == QEvent.Type.Resize and watched is not self._card):
            self._place()
        return super().eventFilter(watched, event)

    def _margin(self) -> int:
        return look().space(16)

    def _card_height(self, width: int) -> int:
        # A layout in which no text is wrapped has no height for a width: Qt then answers -1.
        wraps = self._inside.hasHeightForWidth()
        return self._inside.totalHeightForWidth(width) if wraps else self._inside.totalSizeHint().height()

    def _card_width(self, room: int) -> int:
        here = look()
        content = max(CONTENT_WIDTH, here.grow(CONTENT_WIDTH * 0.8))
        width = content if self._bare else content + 2 * here.space(44)
        return min(width, max(280, room - 2 * self._margin()))

    def _place(self) -> None:
        """Where the height is short, what happens next gives way before the fields do."""
        area = self._viewport_height()
        width = self._card_width(self.width())
        self._show_lead(width, area)
        height = self._card_height(width)
        top = max(self._margin(), (area - height) // 2)
        place = QRect((self.width() - width) // 2, top, width, height)
        if place != self._card.geometry():
            self._card.setGeometry(place)
            self.updateGeometry()
            self.placed.emit()

    def _show_lead(self, width: int, area: int) -> None:
        # Decided from heights, not by trying: each try would ask for another layout, without end.
        lead = self.form.lead
        with_lead = self._card_height(width) + 2 * self._margin()
        with_lead += lead.heightForWidth(width) if lead.isHidden() else 0
        wanted = bool(lead.text()) and (not self._bare or with_lead <= area)
        if wanted == lead.isHidden():
            lead.setVisible(wanted)
            # The height is asked for at once, before Qt would tell the layouts.
            self.form.column.invalidate()
            self._inside.invalidate()

    def _viewport_height(self) -> int:
        viewport = self.parentWidget()
        return viewport.height() if viewport is not None else self.height()
