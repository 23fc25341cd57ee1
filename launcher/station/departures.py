"""The ends of sessions: each is carried out, told, and searched for what it left where that was asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from launcher.station import ending, events

if TYPE_CHECKING:
    from launcher.station.display_between import DisplayBetween
    from launcher.station.kept import Kept
    from launcher.station.limits import Limits
    from launcher.station.lodging import Lodging
    from launcher.station.moves import EndIt
    from launcher.station.reports import Reports
    from launcher.station.seat import Seat
    from launcher.station.tasks import Tasks
    from launcher.station.waiting import Waiting

_log = logging.getLogger("launcher.station")


class Departures:
    """Ends the sessions of a station, one or several at a time; a session that has ended has no seat any more."""

    def __init__(
        self,
        limits: Limits,
        lodging: Lodging,
        seats: dict[int, Seat],
        kept: Kept,
        reports: Reports,
        waiting: Waiting,
        tasks: Tasks,
        display: DisplayBetween,
        tell: Callable[[events.StationEvent], None],
    ) -> None:
        self._limits = limits
        self._lodging = lodging
        self._seats = seats
        self._kept = kept
        self._reports = reports
        self._waiting = waiting
        self._tasks = tasks
        self._display = display
        self._tell = tell

    async def end(self, effect: EndIt) -> None:
        """End a session; return when nothing of it is left, or what is left was said."""
        seat = self._seats.get(effect.session)
        if seat is None:
            return
        try:
            ended = await ending.end(
                seat,
                effect,
                self._lodging.processes,
                self._limits,
                lambda: [one.process for one in self._seats.values()],
                lambda: self._kept.ends(seat.session),
                self._lodging.clear,
                lambda: self._clean_display(seat),
            )
        except Exception as fault:
            _log.exception("session-end-fault")
            name = type(fault).__name__
            ended = await ending.by_force(seat, name, self._lodging.clear, lambda: self._clean_display(seat))
        del self._seats[seat.session]
        self._told(seat, effect, ended)
        self._waiting.start()

    def _told(self, seat: Seat, effect: EndIt, ended: ending.Ended) -> None:
        session, remained, pid = seat.session, ended.remained, seat.process.pid
        self._reports.ended(seat, remained)
        self._tell(events.SessionEnded(session, pid, ended.how, effect.why, ended.ms, ended.processes, remained))
        if self._reports.to_check(seat) and self._lodging.homes is not None:
            self._tasks.begin(self._reports.check(seat, remained, self._lodging.homes.folder))

    async def _clean_display(self, ended: Seat) -> tuple[str, ...]:
        others = [one.process for one in self._seats.values() if one is not ended]
        # While it is ending only the clipboards: programs that go on would set the rest again.
        return await self._display.clean(others, put_back=ended.worked and ended.process.exited.done())
