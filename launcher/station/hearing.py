"""What a session says, and what follows from it: that it lives, what it shows, who is signed in there."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from launcher.errors import WireError
from launcher.late import LateModule
from launcher.station import events, moves
from launcher.station.limits import LAST_WORDS_S
from launcher.station.log import say
from launcher.wire.first_heard import FirstWord

if TYPE_CHECKING:
    from launcher.station.hub.desk import Desk
    from launcher.station.kept import Kept
    from launcher.station.places import Sessions
    from launcher.station.reports import Reports
    from launcher.station.seat import Seat
    from launcher.station.silence import Silence
    from launcher.station.sittings import Sittings
    from launcher.station.spares import Event
    from launcher.wire import messages
else:
    messages = LateModule("launcher.wire.messages")  # the first sign-in screen is shown without these models

_log = logging.getLogger("launcher.station")


class Hearing:
    """Takes what the sessions of all ``seats`` say, and that one says nothing any more.

    ``lay`` lays out what is kept of an officer; ``began`` is when the station did, to whom the first screen is due.
    ``desk`` hears what concerns the hub, where there is one; it is asked for behind the first screen.
    """

    def __init__(
        self,
        seats: Mapping[int, Seat],
        sessions: Callable[[], Sessions],
        apply: Callable[[Event], None],
        tell: Callable[[events.StationEvent], None],
        *,
        kept: Kept,
        silence: Silence,
        reports: Reports,
        sittings: Callable[[], Sittings],
        lay: Callable[[Seat, messages.WantsKept], object],
        desk: Callable[[], Desk | None],
    ) -> None:
        self._seats = seats
        self._sessions = sessions
        self._apply = apply
        self._tell = tell
        self._kept = kept
        self._silence = silence
        self._reports = reports
        self._sittings = sittings
        self._lay = lay
        self._desk = desk
        self._asked: list[moves.AsksToBeReplaced] = []
        self.began = 0.0

    def heard(self, session: int, message: FirstWord | messages.ToStation) -> None:
        """Take a message."""
        seat = self._seats[session]
        match message:
            case FirstWord():
                self._first_heard(seat, message)  # before any model is loaded to compare it with
            case messages.Warm():
                self._warmed(seat)
            case messages.Shown():
                self._painted(session)
            case messages.Beat(screen_age_ms=age_ms):
                self._beats(seat, age_ms)
            case messages.Complete():
                seat.complete = True
                self._tell(events.SpareComplete(session))
                # A screen stands and nobody waits: the switch after it is not to wait for what it is timed with.
                self._kept.load()
                self._sittings()
                self._desk()
            case messages.ReplaceMe(why=why, name=name, taking_over=taking_over):
                self._asked.append(moves.AsksToBeReplaced(session, why, name, taking_over))
                self._replace()
            case messages.SignedIn():
                self._signed_in(session, message)
            case messages.WantsKept():
                if self._sessions().phase(session) not in ("starting", "warm", "ending"):
                    self._lay(seat, message)
            case messages.LoggingOff():
                self._apply(moves.LeavesByItself(session))
            case _:
                self._reported(seat, message)

    def refused(self, session: int, refused: WireError) -> None:
        """A session said something that is no message, or cannot be true."""
        why, what = refused.reference, str(refused)
        say(_log, "message-refused", level=logging.ERROR, session=session, reference=why, message=what)
        self._tell(events.MessageRefused(session, refused))
        self._apply(moves.MustEnd(session, "refused"))

    def link_closed(self, session: int) -> None:
        """The other end is gone: with its process, as a rule; a process that lives on without it is ended."""
        seat = self._seats.get(session)
        if seat is not None and not seat.process.exited.done():
            asyncio.get_running_loop().call_later(LAST_WORDS_S, self._end_without_link, session)

    def on_screen(self, session: int) -> None:
        """A sign-in screen is on the display."""
        waited_ms = self._kept.painted()
        since = self._seats[session].asked or self.began
        ms = (time.monotonic() - since) * 1000 if waited_ms is None else waited_ms
        state = self._sessions()
        over = state.locked if state.over == session else None
        say(_log, "screen-shown", session=session, ms=round(ms, 1))
        self._tell(events.ScreenShown(session, ms, over or 0))
        self._kept.record_complete()

    def _first_heard(self, seat: Seat, word: FirstWord) -> None:
        match word.kind:
            case "warm":
                self._warmed(seat)
            case "shown":
                self._painted(seat.session)
            case "beat":
                self._beats(seat, word.figure)

    def _beats(self, seat: Seat, screen_age_ms: float) -> None:
        seat.beat(screen_age_ms / 1000)
        self._silence.heard(seat)

    def _signed_in(self, session: int, message: messages.SignedIn) -> None:
        if session == self._sessions().front:
            self._apply(moves.Served(session, message.officer))
            self._seats[session].worked = True
            self._sittings().signed_in(session, message)
            say(_log, "officer-signed-in", session=session, officer=message.officer, number=message.number)
            self._tell(events.OfficerSignedIn(session, message.officer, message.number))
            if (desk := self._desk()) is not None:
                desk.signed_in(session, message)

    def _reported(self, seat: Seat, message: messages.ToStation) -> None:
        try:
            desk = self._desk()
            if desk is not None and desk.heard(seat.session, message):
                return
            if not self._reports.heard(seat, message):
                self._sittings().heard(seat.session, message)
        except WireError as refused:
            self.refused(seat.session, refused)

    def _warmed(self, seat: Seat) -> None:
        if seat.warm:
            return
        seat.warm = True
        seat.beat(0.0)
        ms = (time.monotonic() - seat.started) * 1000
        say(_log, "spare-warm", session=seat.session, ms=round(ms, 1))
        self._tell(events.SpareWarm(seat.session, seat.process.pid, ms))
        self._apply(moves.Warmed(seat.session))
        self._replace()

    def _replace(self) -> None:
        """Carry out who asked to be replaced, once there is a screen to do it with: until then theirs stands."""
        spare = self._sessions().spare
        if spare is not None and self._sessions().phase(spare) == "warm":
            asked, self._asked = self._asked, []
            for one in asked:
                self._apply(one)

    def _painted(self, session: int) -> None:
        phase = self._sessions().phase(session)
        if phase in ("front", "over"):
            self.on_screen(session)
        elif phase == "cover":
            self._sittings().covers(session)
        self._apply(moves.Painted(session))

    def _end_without_link(self, session: int) -> None:
        if session in self._seats and not self._seats[session].process.exited.done():
            self._apply(moves.MustEnd(session, "refused"))
