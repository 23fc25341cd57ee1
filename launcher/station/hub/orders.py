"""The helpdesk's orders under way at this terminal: each for exactly the sitting it names, carried out once."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from launcher.station.hub.in_session import DoOrder, LockOrder, MessageOrder
from launcher.station.hub.log_off import EndOrder
from launcher.station.hub.order import Order
from launcher.station.hub.order_errors import SittingEndedError
from launcher.station.hub.second import SecondOrder
from launcher.station.log import say
from launcher.wire import messages
from launcher.wire.hub.commands import Answer

if TYPE_CHECKING:
    from launcher.station.events import StationEvent
    from launcher.station.hub.picture import Watched
    from launcher.station.hub.ports import HubLink
    from launcher.station.hub.sitters import Sitters
    from launcher.station.hub.terminal import Terminal
    from launcher.wire.hub.commands import Command, CommandKind

_log = logging.getLogger("launcher.station")

KINDS: Final[dict[CommandKind, type[Order]]] = {
    "log-off": EndOrder,
    "suspend": EndOrder,
    "bring": EndOrder,
    "lock": LockOrder,
    "close-system": DoOrder,
    "open-system": DoOrder,
    "forget-credential": DoOrder,
    "revoke": DoOrder,
    "message": MessageOrder,
    "ask-supervisor": SecondOrder,
}
_ENDED_BY: Final[dict[CommandKind, str]] = {"log-off": "helpdesk", "suspend": "suspended", "bring": "brought"}


class Orders:
    """All orders that have not had their last answer."""

    def __init__(self, terminal: Terminal, sitters: Sitters, link: HubLink) -> None:
        self._terminal = terminal
        self._sitters = sitters
        self._link = link
        self._under_way: dict[int, Order] = {}

    def carry_out(self, command: Command) -> None:
        """Begin a command; one for a sitting that has ended, or is another officer's, is refused."""
        session = self._sitters.session_of(command.sitting, command.officer)
        say(_log, "hub-command", command=command.id, method=command.kind, session=session or 0)
        watched = self._sitters.of(session) if session is not None else None
        if session is None or watched is None:
            why = SittingEndedError("That session has ended.")
            answer = Answer(outcome="refused", at=time.time(), reference=why.reference, words=why.message)
            self._said(command.id, answer)
            return
        if command.id in self._under_way:
            return
        order = KINDS[command.kind](command, session, self._terminal, self._said)
        if isinstance(order, SecondOrder):
            order.link, order.watched = self._link, watched
        self._under_way[command.id] = order
        order.begin()

    def ends(self, session: int) -> str | None:
        """Return by whose order a session ends that is being reset, as its end is reported."""
        kinds = [one.command.kind for one in self._of(session)]
        return next((_ENDED_BY[kind] for kind in ("suspend", "bring", "log-off") if kind in kinds), None)

    def heard(self, session: int, message: messages.ToStation) -> bool:
        """Take what a session says to an order; return whether it was for one."""
        if isinstance(message, messages.SecondHere):
            for order in self._all():
                if isinstance(order, SecondOrder):
                    order.heard_on(session, message)
            return True
        return any(order.heard(message) for order in self._of(session))

    def happened(self, event: StationEvent) -> None:
        """Take what happens at the station."""
        for order in self._all():
            order.happened(event)

    def stands(self) -> None:
        """Something has changed about who stands where."""
        for order in self._all():
            order.stands()

    def show_second(self, card: int, over: int) -> None:
        """A spare's screen is to ask for a second person over an officer's."""
        for order in self._of(over):
            if isinstance(order, SecondOrder) and not order.shown:
                order.show(card)
                return

    def ended(self, session: int, watched: Watched, left_signed_on: tuple[str, ...]) -> None:
        """Nothing is left of a session: every order for it has its last answer."""
        for order in self._of(session):
            order.ended(watched, left_signed_on)

    def _of(self, session: int) -> list[Order]:
        return [one for one in self._under_way.values() if one.session == session]

    def _all(self) -> list[Order]:
        return list(self._under_way.values())

    def _said(self, command: int, answer: Answer) -> None:
        if not answer.more:
            self._under_way.pop(command, None)
            say(
                _log,
                "hub-command-answered",
                command=command,
                outcome=answer.outcome,
                reference=answer.reference,
                ms=round(answer.took_ms or 0.0, 1),
            )
        self._link.answer(command, answer)
