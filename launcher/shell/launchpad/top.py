"""What stands above the systems: another terminal of the officer's, the card of the shift, filters, what was found."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from launcher.session.snapshot import Snapshot
from launcher.shell.hub.elsewhere_card import ElsewhereCard
from launcher.shell.launchpad.card import ShiftCard
from launcher.shell.launchpad.choices import Choices
from launcher.shell.launchpad.results import Results
from launcher.shell.launchpad.round import CardText
from launcher.shell.look import look

SHORT = 560
"""Below this height of the page, in pixels, it has no room for two cards."""


class Top(QVBoxLayout):
    """The column of them; each is seen where it has something to say."""

    command = Signal(object)
    """What the officer wants done about another terminal: a value of launcher.session.commands."""

    def __init__(self) -> None:
        super().__init__()
        self.card = ShiftCard()
        self.choices = Choices()
        self.results = Results()
        self.elsewhere: ElsewhereCard | None = None
        self._asks = False
        for part in (self.card, self.choices, self.results):
            self.addWidget(part)
        self.card.hide()
        self.results.hide()

    def draw_elsewhere(self, snapshot: Snapshot) -> None:
        """Draw where else the officer is logged on; the card for it is made when it is first needed."""
        self._asks = ElsewhereCard.has_something(snapshot)
        if self.elsewhere is None:
            if not self._asks:
                return
            self.elsewhere = ElsewhereCard()
            self.elsewhere.command.connect(self.command)
            self.insertWidget(0, self.elsewhere)
        self.elsewhere.draw(snapshot)

    def show_parts(self, text: CardText, *, searching: bool, has_systems: bool, need: int, height: int) -> None:
        """Show what is to be seen of it. ``need``: so many systems need the officer; ``height``: the page's."""
        if self.elsewhere is not None:
            self.elsewhere.setVisible(not searching and self._asks)
        # One question at a time where there is no room for two cards.
        alone = self._asks and (look().large or height < SHORT)
        beside = not searching and has_systems and not alone
        self.card.setVisible(beside and (text.shows != "nothing" or need > 0))
        self.choices.setVisible(beside)
        self.results.setVisible(searching and has_systems)
        self.results.folded.setVisible(text.shows in ("running", "finished"))
