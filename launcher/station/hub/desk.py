"""The hub's desk at a station, on the supervisor's loop: it takes what the link brings and what the terminal tells.

A fault here is logged, and costs no officer their screen: nothing of the station depends on the hub.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from launcher.station import events
from launcher.station.hub.asking import Asking
from launcher.station.hub.letters import Letters
from launcher.station.hub.orders import Orders
from launcher.station.hub.sitters import Sitters
from launcher.station.hub.terminal import SUSPENDED_WITHIN_S, Terminal, contained
from launcher.station.log import say
from launcher.wire import messages
from launcher.wire.hub.barred import is_barred, name_digests, officer_digest

if TYPE_CHECKING:
    from launcher.station.hub.ports import HubLink
    from launcher.station.places import Why
    from launcher.wire.hub.commands import Command
    from launcher.wire.hub.sittings import Elsewhere, NoticeLine, Person

__all__ = ["Desk", "Terminal"]

_log = logging.getLogger("launcher.station")


class Desk:
    """What the hub is told of this terminal, and what it has done there (``ports.HubDesk``)."""

    def __init__(self, terminal: Terminal, link: HubLink) -> None:
        self._terminal = terminal
        self._link = link
        self._sitters = Sitters(link, self._systems_of)
        self._orders = Orders(terminal, self._sitters, link)
        self._asking = Asking(terminal, self._sitters, link)
        self._letters = Letters(terminal.sessions, self._sitting_of, terminal.send, self._sitters.changed)
        self._sitters.letters = self._letters
        self._state: messages.HubState | None = None
        self._notices = messages.HubNotices(notices=())
        self._barred = messages.BarredHere(officers=())
        self._cards: dict[int, int] = {}

    @contained
    def begin(self) -> None:
        """Begin the road to the hub."""
        self._link.begin(asyncio.get_running_loop(), self)

    @contained
    def close(self) -> None:
        """Say what has ended with the station, and end the road."""
        self._sitters.close()
        self._link.close()

    # --- what the link brings

    @contained
    def state(self, *, enrolled: bool, reachable: bool) -> None:
        """The hub can be reached, or cannot."""
        state = messages.HubState(enrolled=enrolled, reachable=reachable)
        if state != self._state:
            self._state = state
            self._say_all(state)

    @contained
    def enrolled_anew(self) -> None:
        """Whoever sits here does so at another station from now on."""
        self._sitters.anew()
        self._letters.look()

    @contained
    def carry_out(self, command: Command) -> None:
        """Carry a command out."""
        if command.kind == "suspend":
            # Known here from now on, whenever the hub's own list comes; who it is ends below.
            watched = next((one for _, one in self._sitters.all() if one.officer == command.officer), None)
            person = None if watched is None else watched.sitting.person
            known = self._barred
            names = () if person is None else name_digests(person.user_name, person.number, known.forces)
            self._bar((*known.officers, officer_digest(command.officer)), (*known.names, *names), known.forces)
        self._orders.carry_out(command)

    @contained
    def notices(self, notices: tuple[NoticeLine, ...]) -> None:
        """Show other notices."""
        said = messages.HubNotices(notices=notices)
        if said != self._notices:
            self._notices = said
            self._say_all(said)

    @contained
    def barred(self, officers: tuple[str, ...], names: tuple[str, ...], forces: tuple[str, ...]) -> None:
        """Let others in, or not any more; a suspended officer's session ends."""
        self._bar(officers, names, forces)
        for session, watched in self._sitters.all():
            self._end_barred(session, watched.sitting.person)

    @contained
    def elsewhere(self, sittings: tuple[Elsewhere, ...]) -> None:
        """Say where else officers of this station are logged on."""
        self._asking.elsewhere(sittings)

    @contained
    def letters_known(self, letters: tuple[str, ...]) -> None:
        """Show the letters that the hub understands from now on."""
        self._letters.known(letters)

    @contained
    def roles_changed(self) -> None:
        """Have officers' sessions ask for their roles anew."""
        for session, _ in self._sitters.all():
            self._terminal.send(session, messages.RolesChanged())

    # --- what the terminal tells

    @contained
    def signed_in(self, session: int, said: messages.SignedIn) -> None:
        """An officer has logged on."""
        try:
            self._sitters.began(session, said)
            self._letters.look()
            self._asking.say_elsewhere(session)
        finally:
            self._end_barred(session, said)

    def heard(self, session: int, message: messages.ToStation) -> bool:
        """Take what a session says; return whether it is for the hub alone."""
        try:
            self._heard(session, message)
        except Exception as fault:
            _log.error("station-fault", exc_info=fault)
        return isinstance(message, messages.ToStationForHub)

    @contained
    def ends(self, session: int, why: Why) -> None:
        """A session begins to end."""
        self._letters.forget(session)
        by_order = self._orders.ends(session) if why == "reset" else None
        if by_order is not None:
            self._sitters.because(session, by_order)
        self._sitters.ends(session, why)

    @contained
    def happened(self, event: events.StationEvent) -> None:
        """Something happened at the station."""
        self._sitters.happened(event)
        self._orders.happened(event)
        match event:
            case events.SpareWarm(session):
                self._greet(session)
            case events.SessionEnded(session):
                self._asking.forget(session)
                over = self._cards.pop(session, None)
                if over is not None and self._terminal.sessions().phase(over) == "painted":
                    self._terminal.send(over, messages.TakeKeys())
                ended = self._sitters.ended(session)
                if ended is not None:
                    self._orders.ended(session, *ended)
            case _:
                return

    @contained
    def stands(self) -> None:
        """Something may have changed about who stands where."""
        self._letters.look()
        self._orders.stands()

    @contained
    def show_second(self, card: int, over: int) -> None:
        """A spare's screen is to ask for a second person over an officer's."""
        self._cards[card] = over
        self._orders.show_second(card, over)

    # --- within

    def _heard(self, session: int, message: messages.ToStation) -> None:
        if isinstance(message, messages.WantsLetters):
            if self._terminal.sessions().phase(session) not in (None, "starting", "warm", "ending"):
                self._letters.asked(session, on=message.on)
            return
        self._sitters.heard(session, message)
        if not self._orders.heard(session, message):
            self._asking.heard(session, message)

    def _greet(self, session: int) -> None:
        for said in (self._state, self._barred, self._notices):
            if said is not None:
                self._terminal.send(session, said)

    def _say_all(self, message: messages.ToSession) -> None:
        for session, seat in tuple(self._terminal.seats.items()):
            if seat.warm:  # the others are told once they are
                self._terminal.send(session, message)

    def _bar(self, officers: tuple[str, ...], names: tuple[str, ...], forces: tuple[str, ...]) -> None:
        said = messages.BarredHere(
            officers=tuple(dict.fromkeys(officers)), names=tuple(dict.fromkeys(names)), forces=forces
        )
        if said != self._barred:
            self._barred = said
            self._say_all(said)

    def _end_barred(self, session: int, who: Person | messages.SignedIn) -> None:
        ends = is_barred(who.officer, who.user_name, who.number, self._barred)
        if ends and self._terminal.sessions().phase(session) not in (None, "ending"):
            say(_log, "suspended-officer", level=logging.WARNING, session=session, officer=who.officer)
            self._sitters.because(session, "suspended")
            frozen = not self._terminal.answers(session)
            self._terminal.end(session, frozen=frozen, noted=False, at_most_s=SUSPENDED_WITHIN_S)

    def _sitting_of(self, session: int) -> str | None:
        watched = self._sitters.of(session)
        return None if watched is None else watched.sitting.sitting

    def _systems_of(self, session: int) -> tuple[str, ...]:
        sat = self._terminal.sittings.sat(session)
        return () if sat is None else sat.holds.systems or sat.reopens
