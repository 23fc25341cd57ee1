"""The card above the help: letters for whoever calls the helpdesk, and the way to tell it of an error."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from launcher.session.snapshot import Snapshot
from launcher.shell.hub.letters import LettersBlock
from launcher.shell.look import Card, TellRow, Text, Type, current, look, text2, word


class CallCard(Card):
    """Not there where this terminal is none of a hub's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.letters = LettersBlock()
        self.none = Text(word("letters.none"), Type.BODY, text2, wrap=True)
        self.tell = TellRow()
        self.tell.number_stands_near = True
        self._low = False
        self._row = QHBoxLayout(self)
        for part in (self.letters, self.none, self.tell):
            self._row.addWidget(part, 1)
        current().changed.connect(self._look_changed)
        self._look_changed()
        self.hide()

    def draw(self, snapshot: Snapshot) -> None:
        """Show what there is for a call."""
        hub = snapshot.hub
        enrolled = hub is not None and hub.enrolled
        self.letters.show_letters(snapshot.letters if enrolled else None, snapshot.station.helpdesk)
        self.none.setVisible(hub is not None and enrolled and not hub.reachable)
        self._fit()
        self.setVisible(enrolled and (snapshot.letters is not None or self.none.isVisibleTo(self) or self._tells))

    def show_about(self, reference: str, system: str) -> None:
        """Offer to tell the helpdesk of this error; none: of nothing."""
        self.tell.show_about(reference, system)

    def be_low(self, on: bool) -> None:
        """Take as little of the height as can be: what is beneath needs it."""
        if on != self._low:
            self._low = on
            self._look_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Stand beside each other as long as nothing is cut, or one beneath the other."""
        here = look()
        tell = self.tell.button
        told = here.grow(150) if tell.isHidden() else tell.natural_width()
        need = self.letters.letters.sizeHint().width() + told
        beside = need + 2 * here.space(20) + self._row.spacing() <= self.width()
        directions = QBoxLayout.Direction
        self._row.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        self.letters.be_short(here.large and self._tells and self.width() < here.grow(600))

    @property
    def _tells(self) -> bool:
        return self.tell.isVisibleTo(self)

    def _look_changed(self) -> None:
        here = look()
        side, above = here.space(20), here.space(4 if self._low else 12)
        self._row.setContentsMargins(side, above, side, above)
        self._row.setSpacing(here.space(12))
        self._fit()
