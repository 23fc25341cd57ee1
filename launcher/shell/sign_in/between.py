"""The geometry of every screen between people: ink at the left, one card on paper at the right.

From 150 % on, and in a small window, the ink panel is a band at the top, the form scrolls, and the status strip says
what the panel would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from launcher.shell.frame import Areas, Clock, StatusStrip, worst_service
from launcher.shell.frame.strip_lines import WORST_KEY
from launcher.shell.hub.words import notice_text
from launcher.shell.look import FocusRing, Ground, announce, current, look, reveal, scrolling, word
from launcher.shell.sign_in.centred import Centred
from launcher.shell.sign_in.ink_panel import LEAST_WIDTH, WIDTH, Held, InkBand, InkPanel

if TYPE_CHECKING:
    from launcher.session.snapshot import ServiceView, Snapshot, StationView
    from launcher.shell.help_page import HelpPage
    from launcher.shell.sign_in.forms import Form

CARD_WIDTH = 560
LEAST_HEIGHT = 640
"""Below this height of the window the panel folds as well."""


class BetweenPeople(Ground):
    """A screen between people. ``command`` carries what is done on it, ``help_wanted`` an error's reference."""

    command = Signal(object)
    """Carries a launcher.session.commands.Command."""
    help_wanted = Signal(str)

    def __init__(self, form: Form, clock: Clock | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.clock = clock or Clock(parent=self)
        self._station: StationView | None = None
        self._services: tuple[ServiceView, ...] = ()
        self._hub_of: Snapshot | None = None
        self._folded: bool | None = None
        self._help: HelpPage | None = None
        self.panel = InkPanel(self.clock)
        self.band = InkBand(self.clock)
        self.strip = StatusStrip()
        self.card = Centred(form)
        self._scroll = scrolling(self.card)
        # Its thumb is seen when there is something to scroll; its place is kept, so that nothing moves for it.
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        # The room for the card changes when the panel folds, without the card being told otherwise.
        self._scroll.viewport().installEventFilter(self.card)
        self.card.placed.connect(self._reveal_focus, Qt.ConnectionType.QueuedConnection)
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
        self._escape_key = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        self._escape_key.activated.connect(self.escape)
        # The help has an Escape of its own, and two of them would cancel each other out.
        self._paper.currentChanged.connect(
            lambda _: self._escape_key.setEnabled(self._paper.currentWidget() is not self._help)
        )
        QShortcut(QKeySequence("F1"), self).activated.connect(lambda: self.help_wanted.emit(self.form.reference))
        QShortcut(QKeySequence(WORST_KEY), self).activated.connect(self.strip.press_worst)
        self.strip.past_wanted.connect(self._go_to_notices)
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
            self._help.command.connect(self.command)
            if self._hub_of is not None:
                self._help.draw(self._hub_of)
            self._paper.addWidget(self._help)
        return self._help

    @property
    def form(self) -> Form:
        """The form that is shown."""
        return self.card.form

    def show_station(self, station: StationView, services: tuple[ServiceView, ...], held: Held | None = None) -> None:
        """Say where this is, what works and whom to call; ``held``: whose session stands behind."""
        self._station, self._services = station, services
        self.panel.show_station(station, services, held)
        self.band.show_station(station)
        self._show_worst()
        self._show_facts()

    def show_hub(self, snapshot: Snapshot) -> None:
        """Say what the hub says to whoever stands here: the force's notices, and letters where they are asked for."""
        before, self._hub_of = self._hub_of, snapshot
        if before is None or before.hub_notices is not snapshot.hub_notices:
            self.panel.show_notices(snapshot.hub_notices)
            self._show_worst()
        if (before.letters if before is not None else None) != snapshot.letters:
            self._show_facts()
            self._show_worst()
        if self._help is not None and before is not snapshot:
            self._help.draw(snapshot)

    def _show_worst(self) -> None:
        notices = self._hub_of.hub_notices if self._hub_of is not None else ()
        letters = self._hub_of.letters if self._hub_of is not None else None
        # Letters are for the telephone in the hand: nothing else stands in their place meanwhile.
        self.strip.show_worst(worst_service(self._services, notices) if letters is None else None)
        self._show_notices_whole()

    def _show_notices_whole(self) -> None:
        """Where the panel is folded: the strip has one line for all of them, and cuts it."""
        notices = self._hub_of.hub_notices if self._hub_of is not None and self._folded else ()
        said = "\n".join((word("hub.notices"), *map(notice_text, notices))) if notices else ""
        self.card.say_below(said)
        self.strip.show_way(WORST_KEY if said else "")

    def _go_to_notices(self) -> None:
        """Scroll to what the strip has cut; the focus stays in the form."""
        if (below := self.card.below_text) is not None:
            reveal(below)
            announce(below, below.text())

    def show_help(self, reference: str) -> None:
        """Show the help on the paper, at the page of ``reference``."""
        self._paper.setCurrentWidget(self.help)
        if self._station is not None:
            self.help.show_helpdesk(self._station.helpdesk)
        self.help.open_at(reference)

    def hide_help(self) -> None:
        """Go back from the help to the card."""
        self._paper.setCurrentWidget(self._scroll)
        self.form.focus_first()

    def escape(self) -> None:
        """Do what Escape does here: nothing, unless a screen says otherwise."""

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

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.ring.place()

    def _reveal_focus(self) -> None:
        # An error above the fields has moved the one that has the focus.
        focused = self.focusWidget()
        if focused is not None and self.card.isAncestorOf(focused):
            reveal(focused)

    def _show_facts(self) -> None:
        if self._station is not None:
            letters = self._hub_of.letters if self._hub_of is not None else None
            said = word("letters.fact", letters=letters.grouped) if letters is not None else ""
            self.strip.show_facts([fact for fact in (said, self._station.helpdesk, self._station.terminal) if fact])

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
            self._show_notices_whole()
        self._fit()

    def _fit(self) -> None:
        self.card.fit(bare=bool(self._folded))
