"""What the hub's side of a station may do at its terminal: look at its sessions, speak to them, end one, lock one."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

from launcher.station.moves import MustEnd
from launcher.station.places import LOCKED

if TYPE_CHECKING:
    from launcher.station.events import StationEvent
    from launcher.station.limits import Limits
    from launcher.station.places import Sessions
    from launcher.station.seat import Seat
    from launcher.station.sittings import Sittings
    from launcher.station.spares import Event
    from launcher.wire.messages import ToSession

_log = logging.getLogger("launcher.station")
_S = TypeVar("_S")
_P = ParamSpec("_P")

SUSPENDED_WITHIN_S: Final = 3.5
"""So long a suspended officer's session has to end by itself, sign-offs included; what is left of it is killed then."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """The supervisor's own parts, on its loop."""

    limits: Limits
    seats: Mapping[int, Seat]
    sessions: Callable[[], Sessions]
    apply: Callable[[Event], None]
    tell: Callable[[StationEvent], None]
    sittings: Sittings

    def send(self, session: int, message: ToSession) -> None:
        """Say something to a session, if there is one still."""
        seat = self.seats.get(session)
        if seat is not None:
            seat.link.send(message)

    def answers(self, session: int) -> bool:
        """Whether a session answers, as far as it is known now."""
        seat = self.seats.get(session)
        if seat is None or seat.silent_since is not None or self.sessions().covered == session:
            return False
        return seat.silence_s() < 2 * self.limits.heartbeat_s

    def is_hidden(self, session: int) -> bool:
        """Whether nothing of a session's work can be seen: it is locked, or a cover stands in front of it."""
        state = self.sessions()
        place = state.place(session)
        if place is None:
            return True
        if place.phase == "ending":
            return state.phase(state.front or 0) == "painted"
        locked = place.phase in LOCKED and (not place.unhidden or state.over_stands)
        cover = state.cover if state.covered == session else None
        return locked or (cover is not None and state.phase(cover) == "covering")

    def end(self, session: int, *, frozen: bool, noted: bool = True, at_most_s: float | None = None) -> None:
        """End a session now, the next screen first; ``frozen``: nobody's keys are to reach what runs in it.

        ``noted``: its officer gets their systems back at the next logon here.
        """
        sat, seat = self.sittings.sat(session), self.seats.get(session)
        if sat is not None:
            sat.frozen, sat.noted = sat.frozen or frozen, sat.noted and noted
        if seat is not None and at_most_s is not None:
            seat.at_most_s = at_most_s
        self.apply(MustEnd(session, "reset"))


class Timers:
    """What is due later for one thing, until it is over."""

    def __init__(self) -> None:
        self._handles: list[asyncio.TimerHandle] = []

    def later(self, in_s: float, call: Callable[[], None]) -> None:
        """Call back in so many seconds; a fault in it is logged."""
        self._handles.append(asyncio.get_running_loop().call_later(max(0.0, in_s), _contained_call, call))

    def cancel(self) -> None:
        """Call nothing back any more."""
        for handle in self._handles:
            handle.cancel()
        self._handles.clear()


def contained(call: Callable[Concatenate[_S, _P], None]) -> Callable[Concatenate[_S, _P], None]:
    """Keep a fault of the hub's side to itself: it is logged, and the officer's screen does not suffer for it."""

    @functools.wraps(call)
    def calls(self: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            call(self, *args, **kwargs)
        except Exception as fault:
            _log.error("station-fault", exc_info=fault)

    return calls


def _contained_call(call: Callable[[], None]) -> None:
    try:
        call()
    except Exception as fault:
        _log.error("station-fault", exc_info=fault)
