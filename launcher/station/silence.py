"""Notices a session that does not answer, and that it answers again."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from launcher.station import events, moves
from launcher.station.limits import START_WITHIN_S, Limits, look_every_s, silence_limit_s
from launcher.station.log import say
from launcher.station.places import Sessions
from launcher.station.processes import SessionProcesses
from launcher.station.seat import Seat

if TYPE_CHECKING:
    from launcher.station.spares import Event

_log = logging.getLogger("launcher.station")


class Silence:
    """Looks at the ``seats`` again and again; what follows from it is applied and told."""

    def __init__(
        self,
        limits: Limits,
        seats: Mapping[int, Seat],
        sessions: Callable[[], Sessions],
        apply: Callable[[Event], None],
        tell: Callable[[events.StationEvent], None],
    ) -> None:
        self._limits = limits
        self._seats = seats
        self._sessions = sessions
        self._apply = apply
        self._tell = tell

    async def watch(self, processes: SessionProcesses) -> None:
        """Look until cancelled; the processes below each session are looked at with each heartbeat."""
        looked = 0.0
        while True:
            await asyncio.sleep(look_every_s(self._limits))
            if time.monotonic() - looked >= self._limits.heartbeat_s:
                looked = time.monotonic()
                processes.look([seat.process for seat in self._seats.values()])
            for seat in tuple(self._seats.values()):
                self._look_at(seat)

    def heard(self, seat: Seat) -> None:
        """A session that was said not to answer may be answering again."""
        if seat.silent_since is None or seat.silence_s() > silence_limit_s(self._limits):
            return
        silent_ms = (time.monotonic() - seat.silent_since) * 1000
        seat.silent_since = None
        say(_log, "session-answers-again", session=seat.session, ms=round(silent_ms))
        from launcher.wire.messages import Unresponsive  # late: few sessions are ever told

        seat.link.send(Unresponsive(silent_ms=silent_ms))
        self._tell(events.AnswersAgain(seat.session, silent_ms))
        if self._sessions().covered == seat.session:
            from launcher.station.lock_moves import Answers  # late: few sessions are ever covered

            self._apply(Answers(seat.session))

    def _look_at(self, seat: Seat) -> None:
        sessions = self._sessions()
        if sessions.phase(seat.session) in (None, "ending"):
            return
        if not seat.warm:
            if time.monotonic() - seat.started > START_WITHIN_S:
                self._apply(moves.MustEnd(seat.session, "silent"))
            return
        silence_s = seat.silence_s()
        # A screen is held up while its browser is warmed, hidden or not, and also where its officer was quicker: their
        # proof goes on behind it. One that came through has stopped by itself, or one that should have long since.
        warming = not seat.complete and time.monotonic() - seat.started <= START_WITHIN_S
        limit_s = START_WITHIN_S if warming else silence_limit_s(self._limits)
        if seat.silent_since is None and silence_s > limit_s:
            seat.silent_since = time.monotonic() - silence_s
            say(_log, "session-unresponsive", level=logging.WARNING, session=seat.session, ms=round(silence_s * 1000))
            self._tell(events.StoppedAnswering(seat.session, silence_s * 1000))
            if seat.session == sessions.spare:
                self._apply(moves.MustEnd(seat.session, "silent"))
                return
        if silence_s > max(limit_s, self._limits.cover_s):
            from launcher.station.lock_moves import Silent  # late, as above

            self._apply(Silent(seat.session))
