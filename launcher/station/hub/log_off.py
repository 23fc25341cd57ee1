"""Orders that end a session: the next screen first, then its sign-offs with their deadlines, and what was left is said.

An officer at work is told, and has some seconds to see what it ends; a screen that does not answer is told nothing. A
beat is due only each second and silence is said after more than two: whether a screen answers is asked anew, and known
before a second is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from launcher.station.events import ScreenShown
from launcher.station.hub.order import Order
from launcher.station.hub.picture import system_ids
from launcher.station.hub.terminal import SUSPENDED_WITHIN_S
from launcher.station.limits import COUNTED_WITHIN_S, NOTHING_LOST_NOTICE_S
from launcher.wire import messages

if TYPE_CHECKING:
    from launcher.station.events import StationEvent
    from launcher.station.hub.picture import Watched

KNOCKS_S: Final = (0.25, 0.45)
"""When it is asked how old its screen is: one that works turns five times a second."""
ANSWERS_WITHIN_S: Final = 0.6
"""A screen that has not turned by then, since the command came, does not answer."""
COVERED_WITHIN_S: Final = 0.95
"""By then the screen is covered where another one is warm; else it is said that it is not."""
_MAX_TEXT: Final = 500
_MAX_LEFT: Final = 1000


class EndOrder(Order):
    """Log off, suspend, or bring elsewhere."""

    _covered_ms: float | None = None
    _hidden_before = False
    _ending = False
    _systems: tuple[str, ...] = ()

    def begin(self) -> None:
        """End it at once, or tell its officer first."""
        self._timers.later(COVERED_WITHIN_S, self._look_whether_covered)
        if self.command.kind != "bring":
            self.say_deed()
        phase = self._terminal.sessions().phase(self.session)
        if phase == "ending":
            self._ends()
        elif self.command.kind != "log-off" or phase != "painted" or not self._terminal.answers(self.session):
            self._end(frozen=not self._terminal.answers(self.session))
        else:
            self._give_notice()

    def happened(self, event: StationEvent) -> None:
        """The next screen stands in front of it."""
        if isinstance(event, ScreenShown) and self._ending and event.session != self.session:
            self._covered()

    def stands(self) -> None:
        """It ends by its officer's own hand, or by another order."""
        if not self._ending and self._terminal.sessions().phase(self.session) == "ending":
            self._ends()

    def ended(self, watched: Watched, left_signed_on: tuple[str, ...]) -> None:
        """Nothing of it is left: say what could not be signed off."""
        left = tuple(one[:_MAX_TEXT] for one in left_signed_on)[:_MAX_LEFT]
        covered_ms = self.ms if self._covered_ms is None else self._covered_ms
        self.answer(
            "partly" if left else "done",
            covered_ms=covered_ms,
            systems=watched.tabs or self._systems,
            left_signed_on=left,
        )

    # --- an officer at work

    def _give_notice(self) -> None:
        self._terminal.sittings.say_end(self.session, NOTHING_LOST_NOTICE_S)
        for at_s in KNOCKS_S:
            self._timers.later(at_s, self._knock)
        self._timers.later(ANSWERS_WITHIN_S, self._look_whether_it_answers)
        self._timers.later(COUNTED_WITHIN_S, self._look_what_would_be_lost)
        self._timers.later(NOTHING_LOST_NOTICE_S, self._end)

    def _knock(self) -> None:
        self._terminal.send(self.session, messages.Knock())

    def _look_whether_it_answers(self) -> None:
        if self._ending:
            return
        seat, sat = self._terminal.seats.get(self.session), self._terminal.sittings.sat(self.session)
        if seat is None or sat is None:
            return
        if not seat.turned_since(self._began):
            self._end(frozen=True)
            return
        counted = f"{sat.holds.unsaved} unsaved, {sat.holds.running} running" if sat.would_lose else "nothing unsaved"
        words = f"Its officer works at it and has been told; it ends within {NOTHING_LOST_NOTICE_S:.0f} s ({counted})."
        self.answer("done", words, more=True, systems=self._open_systems())

    def _look_what_would_be_lost(self) -> None:
        sat = self._terminal.sittings.sat(self.session)
        if sat is not None and not sat.would_lose:
            self._end()

    # --- the end

    def _end(self, *, frozen: bool = False) -> None:
        if self._ending or self._terminal.sessions().phase(self.session) in (None, "ending"):
            return
        suspends = self.command.kind == "suspend"
        self._ends()
        self._terminal.end(
            self.session,
            frozen=frozen,
            noted=self.command.kind == "log-off",
            at_most_s=SUSPENDED_WITHIN_S if suspends else None,
        )
        if self._hidden_before:
            self._covered()

    def _ends(self) -> None:
        self._hidden_before = self._terminal.is_hidden(self.session)
        self._systems = self._systems or self._open_systems()
        self._ending = True

    def _covered(self) -> None:
        if self._covered_ms is None:
            self._covered_ms = self.ms
            self.answer("done", more=True, covered_ms=self._covered_ms, systems=self._systems)

    def _look_whether_covered(self) -> None:
        if self._ending and self._covered_ms is None:
            self.answer("done", "It ends; no other screen was ready yet to stand in front of it.", more=True)

    def _open_systems(self) -> tuple[str, ...]:
        sat = self._terminal.sittings.sat(self.session)
        return () if sat is None else system_ids(sat.holds.systems or sat.reopens)
