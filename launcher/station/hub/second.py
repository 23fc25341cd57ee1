"""The order that asks for a second person: a supervisor proves who they are at the officer's own terminal.

A spare's screen is shown over the officer's with what is asked; who was proved there says yes or no to exactly that,
the station signs who it was, and the officer's screen is in front again.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from launcher.station import moves, second_rules
from launcher.station.hub.order import Order
from launcher.station.hub.order_errors import SecondNotGivenError
from launcher.station.hub.picture import person_of
from launcher.station.hub.questions import SaySecond
from launcher.station.lock_events import SecondAsked
from launcher.station.places import SECOND
from launcher.wire import messages

if TYPE_CHECKING:
    from launcher.station.hub.picture import Watched
    from launcher.station.hub.ports import HubLink, NoAnswer

WAITS_S: Final = 120.0


class SecondOrder(Order):
    """Ask for ``command.request`` until somebody has answered, or nobody has in time."""

    link: HubLink
    watched: Watched
    _card: int | None = None
    _until = 0.0
    _said_so = False

    def begin(self) -> None:
        """Show the card as soon as a screen is warm and the officer is at work."""
        self._until = time.time() + WAITS_S
        self._timers.later(WAITS_S, self._too_late)
        self.stands()
        if self._card is None:
            self.answer("done", "It is asked as soon as its officer is at the screen.", more=True)

    def stands(self) -> None:
        """Ask, or ask again where the card has gone: a name was typed twice, or the screen was locked meanwhile."""
        state = self._terminal.sessions()
        if self._card is not None and state.phase(self._card) not in SECOND:
            self._card = None
        if self.over or self._said_so or self._card is not None or state.second is not None:
            return
        warm = state.phase(state.spare or 0) == "warm"
        if warm and state.front == self.session and second_rules.may_stand(state):
            self._terminal.apply(moves.AskSecond(self.session))

    def show(self, card: int) -> None:
        """The spare's screen is to be shown."""
        command, self._card = self.command, card
        self._terminal.send(
            card,
            messages.AskSecondHere(
                command=command.id,
                request=command.request,
                what=command.text,
                officer_name=self.watched.sitting.person.name,
                by_name=command.by_name,
                reason=command.reason,
                until=self._until,
            ),
        )
        self._terminal.tell(SecondAsked(card, self.session))
        self.answer("done", "A supervisor is asked for at the terminal.", more=True)

    @property
    def shown(self) -> bool:
        """Whether a card asks for it."""
        return self._card is not None

    def heard_on(self, card: int, message: messages.SecondHere) -> None:
        """Somebody has answered on the card."""
        request = self.command.request
        if card != self._card or self._said_so or request is None or message.request != request:
            return
        person = person_of(message) if message.officer else None
        if message.approve and person is None:
            return
        self._said_so = True
        self._terminal.apply(moves.SecondOver(card, by_itself=True))
        said = SaySecond(request, self.command.id, person, message.proved_by, message.approve)
        self.link.ask(said, lambda fault: self._taken(message.approve, fault))

    def ended(self, watched: Watched, left_signed_on: tuple[str, ...]) -> None:
        """The officer's session is gone, and the card with it; what was said is on its way."""
        if not self._said_so:
            super().ended(watched, left_signed_on)

    def _taken(self, approve: bool, fault: NoAnswer | None) -> None:
        if fault is not None:
            self.answer("failed", fault.words, reference=fault.reference)
        else:
            self.answer("done", "Approved at the terminal." if approve else "Refused at the terminal.")

    def _too_late(self) -> None:
        card, said_so = self._card, self._said_so
        if not said_so:
            self.failed(SecondNotGivenError("Nobody has said yes or no at the terminal in time."))
            if card is not None:
                self._terminal.apply(moves.SecondOver(card))
