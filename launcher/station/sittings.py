"""The officers' sittings at a terminal: who is signed in and since when, what locks them and what ends them.

The supervisor's other half, loaded when the first officer signs in. What follows from what is ``lock_rules``' business,
when it is due ``lock_times``'; here it is said to the sessions and told. Who stands in front of a locked session, and
comes back or takes over there, is in ``in_front``.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Literal

from launcher.station import lock_events, lock_moves, lock_times
from launcher.station.idle import Activity, AskedIdleClock, TouchedIdleClock
from launcher.station.in_front import InFront
from launcher.station.limits import (
    COUNTED_WITHIN_S,
    LOCKED_WITHIN_S,
    NOTHING_LOST_NOTICE_S,
    STOP_NOTICE_S,
    Limits,
)
from launcher.station.log import say
from launcher.station.moves import MustEnd
from launcher.station.sat import Sat
from launcher.timings.boot_clock import boot_time_s
from launcher.wire import messages
from launcher.wire.records import PhaseSpan, SwitchRecord

if TYPE_CHECKING:
    from launcher.display.ports import IdleClock
    from launcher.station.events import StationEvent
    from launcher.station.held_still import HeldStill
    from launcher.station.kept import Kept
    from launcher.station.places import Sessions, Why
    from launcher.station.reopening import Reopening
    from launcher.station.seat import Seat
    from launcher.station.spares import Event

_log = logging.getLogger("launcher.station")

_NOTED: Final[frozenset[Why]] = frozenset(
    {"handed-over", "locked-too-long", "sitting-limit", "unanswering", "reset", "crashed", "silent", "refused"}
)
"""The ends that are somebody else's doing: what was open is opened again at the officer's next logon."""

_FROM_OUTSIDE: Final[frozenset[Why]] = frozenset({"reset", "unanswering", "sitting-limit"})
"""Of these, the ones in which a session has time to end by itself."""


class Sittings:
    """All sittings of one terminal: one, and while it is handed over the one that ends.

    ``apply`` carries out what follows from an event, ``tell`` hears of what happens, ``on_screen`` is called where a
    sign-in screen is on the display without having been asked for.
    """

    def __init__(
        self,
        limits: Limits,
        seats: Mapping[int, Seat],
        sessions: Callable[[], Sessions],
        apply: Callable[[Event], None],
        tell: Callable[[StationEvent], None],
        *,
        kept: Kept,
        reopening: Reopening,
        idle_clock: IdleClock | None,
        held_still: HeldStill,
        on_screen: Callable[[int], None],
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._limits = limits
        self._seats = seats
        self._sessions = sessions
        self._apply = apply
        self._tell = tell
        self._kept = kept
        self._reopening = reopening
        self._idle_clock = None if idle_clock is None else AskedIdleClock(idle_clock)
        self._held_still = held_still
        self._clock = clock or boot_time_s
        self._touched = TouchedIdleClock(self._clock)
        self._activity = Activity(self._clock)
        self._sat: dict[int, Sat] = {}
        self._in_front = InFront(limits, seats, sessions, apply, tell, self._sat, kept, on_screen, self._clock)
        self._watching: asyncio.Task[None] | None = None
        self._faulty = False
        self._to_save: frozenset[int] = frozenset()
        self._at_risk, self._saved = asyncio.Event(), asyncio.Event()

    # --- the life of a sitting

    def signed_in(self, session: int, said: messages.SignedIn) -> None:
        """An officer is signed in: their sitting begins, and what they had open is told once."""
        self._activity.now()
        systems = self._reopening.take(said.officer)
        self._sat[session] = Sat(said, lock_times.Sitting(self._clock(), locks=said.locks), reopens=systems)
        if systems:
            self._send(session, messages.Reopen(systems=systems))
            self._tell(lock_events.ReopenTold(session, len(systems)))
        if self._watching is None or self._watching.done():
            self._watching = asyncio.get_running_loop().create_task(self._watch())
            self._watching.add_done_callback(_watched)

    def ends(self, session: int, why: Why) -> None:
        """A session begins to end: what was open is noted where that is not its officer's own doing."""
        self._in_front.ends(session)
        self._held_still.forget(session)
        sat = self._sat.pop(session, None)
        if sat is None:
            return
        if why in _FROM_OUTSIDE and self._runs_on(session, sat):
            # It cannot end its programs itself, and has its time to sign off: nobody's keys go to them meanwhile.
            self._held_still.hold(session, self._seats[session].process.pid)
        self._look_for_saved()
        if why == "log-off" or not sat.noted:
            self._reopening.forget(sat.said.officer)
        elif why in _NOTED or sat.reopens:  # what it was told to open again and had not is noted still
            self._reopening.note(sat.said.officer, sat.holds.systems or sat.reopens)

    def gone(self, session: int) -> None:
        """Nothing of a session is left."""
        self._held_still.forget(session)

    def sat(self, session: int) -> Sat | None:
        """Return what is known of the officer's sitting in a session."""
        return self._sat.get(session)

    def say_end(self, session: int, in_s: float) -> None:
        """Tell an officer that the helpdesk ends their session, and how soon; whoever says so ends it then."""
        sat = self._sat.get(session)
        if sat is not None:
            self._say_end(session, sat, "reset", in_s)

    def reopen(self, session: int, systems: tuple[str, ...]) -> None:
        """Open what its officer had open elsewhere; it is noted until they are."""
        sat = self._sat.get(session)
        if sat is not None and systems:
            sat.reopens = tuple(dict.fromkeys((*sat.reopens, *systems)))
            self._send(session, messages.Reopen(systems=systems))
            self._tell(lock_events.ReopenTold(session, len(systems)))

    def lock(self, session: int, why: Literal["idle", "asked"]) -> None:
        """Tell a session to lock; one that does not say in time that it is gets a screen in front of it."""
        if session in self._sat and self._sessions().phase(session) == "painted":
            self._send(session, messages.Lock(why=why))
            asyncio.get_running_loop().call_later(LOCKED_WITHIN_S, self._not_locked, session, why)

    def given_time(self, session: int) -> bool:
        """Tell an officer at work that their session is ended; False where nobody is there to be told."""
        sat, in_s = self._sat.get(session), self._limits.end_notice_s
        if sat is None or in_s <= 0 or not self._is_there(session):
            return False
        short = not sat.would_lose
        in_s = min(in_s, NOTHING_LOST_NOTICE_S) if short else in_s
        times = lock_times.ends_soon(sat.times, self._clock(), in_s)
        if times is not sat.times:
            sat.times, sat.short_notice = times, short
            self._say_end(session, sat, "reset", in_s)
        return True

    async def stop_notice(self) -> None:
        """Tell officers at work that the station stops; return once nothing would be lost, or the time is over.

        Their sessions count anew what is edited when they are told.
        """
        in_s = min(self._limits.end_notice_s, STOP_NOTICE_S)
        there = [one for one in self._sat if in_s > 0 and self._is_there(one)]
        told = [one for one in there if self._sat[one].holds.systems or self._sat[one].would_lose]
        for session in told:
            self._say_end(session, self._sat[session], "station-stopping", in_s)
        self._to_save = frozenset(told)
        self._look_for_saved()
        if not told or not await _within(self._at_risk, min(in_s, COUNTED_WITHIN_S)):
            return
        await _within(self._saved, in_s)

    def _look_for_saved(self) -> None:
        if any(one in self._sat and self._sat[one].would_lose for one in self._to_save):
            self._at_risk.set()
            self._saved.clear()
        else:
            self._at_risk.clear()
            self._saved.set()

    def _runs_on(self, session: int, sat: Sat) -> bool:
        seat = self._seats.get(session)
        if seat is None or seat.process.exited.done() or sat.times.locked_at is not None:
            return False
        return sat.frozen or seat.silent_since is not None

    def _is_there(self, session: int) -> bool:
        """Say whether somebody works at a session and would see what it says."""
        state, seat = self._sessions(), self._seats.get(session)
        shown = state.phase(session) == "painted" and state.covered != session
        return shown and seat is not None and seat.silent_since is None

    def _holds(self, session: int, sat: Sat, holds: messages.Holds) -> None:
        sat.holds = holds
        if holds.systems:
            sat.reopens = ()
        if sat.short_notice and sat.would_lose:
            # It has counted anew: there is something to lose, and time to save it.
            sat.short_notice, now = False, self._clock()
            sat.times = lock_times.ends_later(sat.times, now, self._limits.end_notice_s, self._limits)
            if sat.times.ends_at is not None:
                self._say_end(session, sat, "reset", sat.times.ends_at - now)
        self._look_for_saved()
        self._in_front.refresh(session)

    async def close(self) -> None:
        """Look no more, and let go of the display."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait([self._watching])
        if self._idle_clock is not None:
            self._idle_clock.close()

    # --- what time brings

    async def _watch(self) -> None:
        """Look at all sittings again and again: a fault in one look costs neither the next nor another's."""
        while self._sat:
            faults: list[Exception] = []
            self._activity.look(await self._idle_s(faults))
            for session in tuple(self._sat):
                try:
                    self._look(session)
                except Exception as fault:
                    faults.append(fault)
            if faults and not self._faulty:  # said once, and not with each look
                _log.error("station-fault", exc_info=faults[0])
            self._faulty = bool(faults)
            nexts = [lock_times.next_look_s(sat.times, self._limits) for sat in self._sat.values()]
            await asyncio.sleep(min(nexts, default=0.0))

    async def _idle_s(self, faults: list[Exception]) -> float | None:
        said, seen = self._touched.idle_s(), None
        try:
            if self._idle_clock is not None:
                seen = await self._idle_clock.idle_s()
        except Exception as fault:
            faults.append(fault)
        return min((one for one in (said, seen) if one is not None), default=None)

    def _look(self, session: int) -> None:
        sat = self._sat.get(session)
        if sat is None:
            return
        sat.times, dues = lock_times.look(sat.times, self._clock(), self._activity.last, self._limits)
        for due in dues:
            match due:
                case lock_times.WarnLock(in_s):
                    self._send(session, messages.LockSoon(in_s=in_s))
                    self._tell(lock_events.LockWarned(session, in_s))
                case lock_times.LockNow():
                    self.lock(session, "idle")
                case lock_times.GraceEnds():
                    self._apply(lock_moves.GraceOver(session))
                    self._in_front.refresh(session)
                case lock_times.SayEnd(why, in_s):
                    self._say_end(session, sat, why, in_s)
                case lock_times.EndNow(why):
                    self._apply(MustEnd(session, why))

    def _say_end(self, session: int, sat: Sat, why: lock_events.EndSoonWhy, in_s: float) -> None:
        self._send(session, messages.EndSoon(why=why, in_s=in_s))
        self._in_front.refresh(session)
        say(_log, "session-ends-soon", session=session, reason=why, in_s=round(in_s))
        self._tell(lock_events.EndingSoon(session, why, in_s, sat.holds.unsaved, sat.holds.running))

    def _not_locked(self, session: int, why: Literal["idle", "asked"]) -> None:
        sat = self._sat.get(session)
        if sat is None or sat.times.locked_at is not None or self._sessions().phase(session) != "painted":
            return
        self._locks(session, sat, why, own_face=False, said=False)
        self._apply(lock_moves.NotLocked(session))
        self._held_still.hold(session, self._seats[session].process.pid)

    # --- what sessions say

    def heard(self, session: int, message: messages.ToStation) -> None:
        """Take what a session says of its sitting, or of who was proved there."""
        sat = self._sat.get(session)
        match message:
            case messages.Proved():
                self._in_front.proved(session, message)
            case messages.CoverAnswered(end=end):
                say(_log, "cover-answered", session=session, reason="end" if end else "wait")
                self._apply(lock_moves.CoverAnswered(session, end))
            case messages.Locked(why=why, own_face=own_face, address=address) if sat is not None:
                self._locked(session, sat, why, own_face=own_face, address=address)
            case messages.FaceWanted():
                self._in_front.face_wanted(session)
            case messages.WantsProof(taking_over=taking_over, returns=returns, spent=spent) if sat is not None:
                sat.returns, sat.pin_spent = returns, spent
                self._apply(lock_moves.WantsProof(session, taking_over))
            case messages.Unlocked(by=by, took_ms=took_ms) if sat is not None:
                self._unlocked(session, sat, by, took_ms)
            case messages.Holds() if sat is not None:
                self._holds(session, sat, message)
            case messages.Playing(on=on) if sat is not None:
                sat.times = lock_times.plays(sat.times, on=on)
                self._activity.now()
            case messages.Touched() if sat is not None:
                self._touched.touched()
            case _:
                return

    def _locked(self, session: int, sat: Sat, why: Literal["idle", "asked"], *, own_face: bool, address: str) -> None:
        sat.address = address
        own_face = own_face and self._limits.grace_s > 0
        if sat.times.locked_at is None:
            self._locks(session, sat, why, own_face=own_face, said=True)
        else:
            sat.times = lock_times.locked(sat.times, self._clock())
        if sat.lock_again is not None:
            sat.lock_again.cancel()
            sat.lock_again = None
        self._apply(lock_moves.Locked(session, own_face))
        if sat.claimed_by:
            # It was told to lock, did not answer, and its officer came back before it did.
            self._in_front.hand_proof(session, sat)

    def _lock_again(self, session: int, sat: Sat) -> None:
        self._send(session, messages.Lock(why="asked"))
        # It has let its programs go on, and does not hold them again before it has locked.
        self._held_still.hold(session, self._seats[session].process.pid)
        if sat.lock_again is None:
            # Twice is no accident: its work may be in front of the screen at which others are asked who they are.
            sat.lock_again = asyncio.get_running_loop().call_later(self._limits.cover_s, self._not_again, session, sat)

    def _not_again(self, session: int, sat: Sat) -> None:
        sat.lock_again = None
        state = self._sessions()
        if state.phase(session) == "locked" and state.unhidden(session):
            self._apply(MustEnd(session, "silent"))

    def _locks(self, session: int, sat: Sat, why: Literal["idle", "asked"], *, own_face: bool, said: bool) -> None:
        sat.times = lock_times.locked(sat.times, self._clock())
        sat.locked_wall, sat.returns, sat.pin_spent = time.time(), False, False
        say(_log, "session-locked", session=session, reason=why, outcome="said" if said else "not-answered")
        self._tell(lock_events.SessionLocked(session, why, own_face, said))

    def _unlocked(self, session: int, sat: Sat, by: Literal["pin", "proof"], took_ms: float) -> None:
        was_locked = sat.times.locked_at is not None
        self._apply(lock_moves.Unlocked(session))
        if self._sessions().phase(session) == "locked":
            return
        self._held_still.let_go(session)
        sat.times = lock_times.unlocked(sat.times)
        sat.address, sat.claimed_by = "", 0
        self._activity.now()
        if was_locked:
            say(_log, "session-resumed", session=session, method=by, ms=round(took_ms, 1))
            self._tell(lock_events.SessionResumed(session, by, took_ms))
            span = PhaseSpan(phase="resume", start_ms=0.0, duration_ms=took_ms)
            at = time.time() - took_ms / 1000
            self._kept.record(SwitchRecord(at=at, reason="resume", total_ms=took_ms, phases=(span,)))

    # --- what follows

    def do(self, effect: lock_moves.LockEffect) -> None:
        """Carry out what the rules say."""
        if isinstance(effect, lock_moves.LockAgain):
            self._lock_again(effect.session, self._sat[effect.session])
        else:
            self._in_front.do(effect)

    def covers(self, session: int) -> None:
        """A cover is on the display."""
        self._in_front.covers(session)

    def _send(self, session: int, message: messages.ToSession) -> None:
        seat = self._seats.get(session)
        if seat is not None:
            seat.link.send(message)


async def _within(event: asyncio.Event, within_s: float) -> bool:
    """Wait for an event; return whether it came in time."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            await event.wait()
    return event.is_set()


def _watched(task: asyncio.Task[None]) -> None:
    fault = None if task.cancelled() else task.exception()
    if fault is not None:
        _log.error("station-fault", exc_info=fault)
