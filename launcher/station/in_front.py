"""Who stands in front of a session: the screen over a locked one, where its officer comes back or another takes over,
and the cover of one that does not answer.

What follows from what is ``lock_rules``' business; here it is said to the sessions and told.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from launcher.station import lock_events, lock_moves, lock_times
from launcher.station.limits import Limits
from launcher.station.log import say
from launcher.station.sat import Sat, cover_words, locked_words
from launcher.wire import messages

if TYPE_CHECKING:
    from launcher.station.events import StationEvent
    from launcher.station.kept import Kept
    from launcher.station.places import Sessions
    from launcher.station.seat import Seat
    from launcher.station.spares import Event

_log = logging.getLogger("launcher.station")


class InFront:
    """The screens in front of the sessions of one terminal; ``sat`` are the sittings that there are."""

    def __init__(
        self,
        limits: Limits,
        seats: Mapping[int, Seat],
        sessions: Callable[[], Sessions],
        apply: Callable[[Event], None],
        tell: Callable[[StationEvent], None],
        sat: Mapping[int, Sat],
        kept: Kept,
        on_screen: Callable[[int], None],
        clock: Callable[[], float],
    ) -> None:
        self._limits = limits
        self._seats = seats
        self._sessions = sessions
        self._apply = apply
        self._tell = tell
        self._sat = sat
        self._kept = kept
        self._on_screen = on_screen
        self._clock = clock
        self._over: lock_moves.ShowOver | None = None
        self._proved: dict[int, float] = {}

    def proved(self, session: int, said: messages.Proved) -> None:
        """Somebody is proved on a screen over a locked session."""
        self._proved.setdefault(session, time.monotonic())
        wait_s, same = self._kept_for(said.number)
        self._apply(lock_moves.Proved(session, said.officer, said.take_over, wait_s, same))

    def face_wanted(self, session: int) -> None:
        """Somebody wants the locked session's own face back: it comes while its officer can open it there."""
        sat = self._sat.get(self._sessions().locked or 0)
        if sat is not None and sat.returns and lock_times.grace_left_s(sat.times, self._clock(), self._limits) > 0:
            self._apply(lock_moves.FaceWanted(session))

    def ends(self, session: int) -> None:
        """A session begins to end."""
        self._proved.pop(session, None)
        for held, other in self._sat.items():
            if other.claimed_by == session and self._sessions().phase(held) == "locked":
                other.claimed_by = 0  # who proved its officer has gone before it could be told to resume

    def do(self, effect: lock_moves.LockEffect) -> None:
        """Carry out what the rules say."""
        match effect:
            case lock_moves.ShowOver():
                self._over = effect
                self._seats[effect.session].asked = time.monotonic()
                self._show_over(effect, effect.name)
            case lock_moves.BecomePlain(session, why):
                self._send(session, messages.NotOver(why=why))
                if self._sessions().phase(session) == "painted":
                    self._on_screen(session)
            case lock_moves.StandBehind(session):
                self._send(session, messages.StandBack())
            case lock_moves.StandForward(session):
                self._send(session, messages.StandForward())
            case lock_moves.Claim(session, by):
                self._claim(session, by)
            case lock_moves.LetIn(session, instead_of):
                self._let_in(session, instead_of)
            case lock_moves.Keep(session, wait_s, same):
                self._proved.pop(session, None)
                self._send(session, messages.NotYours(wait_s=wait_s, same_number=same))
                self._tell(lock_events.TakeOverKept(session, wait_s))
            case lock_moves.CoverIt(session, covered):
                self._cover(session, covered)
            case lock_moves.UncoverIt(session, covered, sign_in):
                self._seats[session].asked = time.monotonic()
                self._send(session, messages.Uncover(sign_in=sign_in))
                self._tell(lock_events.Uncovered(covered, session, sign_in))

    def covers(self, session: int) -> None:
        """A cover is on the display."""
        covered = self._sessions().covered
        seat = self._seats.get(covered) if covered is not None else None
        if seat is not None:
            silent_ms = seat.silence_s() * 1000
            say(_log, "session-covered", level=logging.WARNING, session=seat.session, ms=round(silent_ms))
            self._tell(lock_events.Covered(seat.session, session, silent_ms))

    def _show_over(self, wish: lock_moves.ShowOver, name: str) -> None:
        sat, seat = self._sat.get(wish.locked), self._seats.get(wish.locked)
        if sat is not None and seat is not None:
            words = locked_words(sat, self._clock(), self._limits, seat.ends_within_s(self._limits))
            over = messages.ShowOver(locked=words, name=name, focus=wish.focus, taking_over=wish.taking_over)
            self._send(wish.session, over)

    def refresh(self, locked: int) -> None:
        """Tell the screen that stands over a session what has become of it."""
        wish, state = self._over, self._sessions()
        if wish is not None and wish.locked == locked and state.phase(wish.session) in ("over", "standing"):
            self._show_over(wish, wish.name)

    def _claim(self, session: int, by: int) -> None:
        sat = self._sat[session]
        sat.claimed_by = by
        if not self._sessions().unhidden(session):
            self.hand_proof(session, sat)
        asyncio.get_running_loop().call_later(self._limits.cover_s, self._not_resumed, session, by)

    def hand_proof(self, session: int, sat: Sat) -> None:
        """Have a locked session go on with the proof of its officer, and be handed it."""
        locked, prover = self._seats.get(session), self._seats.get(sat.claimed_by)
        if locked is not None and prover is not None:
            locked.link.send(messages.Resume(pid=prover.process.pid))
            if sat.address:  # else it can take no proof, and goes on without
                prover.link.send(messages.HandProof(address=sat.address, pid=locked.process.pid))

    def _not_resumed(self, session: int, by: int) -> None:
        sat = self._sat.get(session)
        if sat is not None and sat.claimed_by == by and self._sessions().phase(session) == "resuming":
            self._apply(lock_moves.Silent(session))

    def _let_in(self, session: int, instead_of: int) -> None:
        self._send(session, messages.Enter())
        proved = self._proved.pop(session, time.monotonic())
        if instead_of:
            ms = (time.monotonic() - proved) * 1000
            self._kept.painted()  # the newcomer's screen is there already
            say(_log, "handed-over", session=instead_of, ms=round(ms, 1))
            self._tell(lock_events.HandedOver(instead_of, session, ms))

    def _cover(self, session: int, covered: int) -> None:
        sat, seat = self._sat.get(covered), self._seats.get(covered)
        if sat is None or seat is None:
            return
        self._seats[session].asked = time.monotonic()
        self._send(session, cover_words(sat, seat.silence_s(), seat.ends_within_s(self._limits)))

    def _kept_for(self, number: str) -> tuple[float, bool]:
        """Return how long a locked session is kept for its officer, and whether that one has this number."""
        sat = self._sat.get(self._sessions().locked or 0)
        if sat is None:
            return 0.0, False
        return lock_times.grace_left_s(sat.times, self._clock(), self._limits), sat.said.number == number

    def _send(self, session: int, message: messages.ToSession) -> None:
        seat = self._seats.get(session)
        if seat is not None:
            seat.link.send(message)
