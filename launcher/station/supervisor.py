"""The supervisor: carries out the rules of ``spares``, watches the sessions and ends them with all they started."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from launcher.late import LateModule
from launcher.station import events, homes, moves, spares
from launcher.station.ahead import Ahead
from launcher.station.clipboards import empty_clipboards
from launcher.station.departures import Departures
from launcher.station.display_between import DisplayBetween
from launcher.station.errors import NoSlotFreeError, SessionCannotStartError
from launcher.station.hearing import Hearing
from launcher.station.kept import Kept
from launcher.station.limits import LAST_WORDS_S, WIPED_WITHIN_S, Limits
from launcher.station.link import Link
from launcher.station.lodging import Lodging, Started
from launcher.station.log import OpenLog, say
from launcher.station.places import Sessions
from launcher.station.reports import Reports
from launcher.station.seat import Seat
from launcher.station.silence import Silence
from launcher.station.tasks import Tasks
from launcher.station.waiting import Waiting

if TYPE_CHECKING:
    from launcher.display.ports import IdleClock
    from launcher.station import sittings
    from launcher.station.hub.desk import Desk
    from launcher.station.hub.ports import HubLink
    from launcher.station.slot_keeping import SlotAccounts
else:
    sittings = LateModule("launcher.station.sittings")  # loaded behind the first sign-in screen

_log = logging.getLogger("launcher.station")


class Supervisor:
    """Runs one terminal. Construct it, await :meth:`run`; :meth:`stop` ends all sessions and lets ``run`` return.

    ``session_argv``: the session's program; what it needs to know of its link is in its environment
    (``station.environment``). ``state_dir`` holds the spool (``timings.db``) and the log. ``on_event`` is called on
    the loop for everything that happens and must not block. ``pass_env`` adds names of variables a session may inherit.
    ``ahead`` is the first session, started already, with the lock and folders of this station. A residue check searches
    ``written_to`` (the folders this account may write to, where it is not given), and nothing below ``leave_out``.
    ``alone``: the process this runs in starts no children of its own, so that whatever else becomes its child was a
    session's. ``idle_clock`` says when the terminal was last touched; without it the X server of ``environ`` is asked,
    and the sessions say it. ``boot_clock_s`` is what limits are kept by, the system's where it is not given.
    ``slots``: the accounts that sessions run as; without them they run as this process's.
    ``hub``: the road to the hub, begun behind the first screen; nothing here waits for it.
    """

    def __init__(
        self,
        session_argv: Sequence[str],
        settings: Limits,
        state_dir: Path,
        on_event: Callable[[events.StationEvent], None],
        *,
        pass_env: Sequence[str] = (),
        homes_root: Path | None = None,
        written_to: Sequence[Path] | None = None,
        leave_out: Sequence[Path] = (),
        stderr_level: int = logging.WARNING,
        environ: Mapping[str, str] | None = None,
        ahead: Ahead | None = None,
        alone: bool = False,
        idle_clock: IdleClock | None = None,
        boot_clock_s: Callable[[], float] | None = None,
        slots: SlotAccounts | None = None,
        hub: HubLink | None = None,
    ) -> None:
        self._limits = settings
        self._state_dir = state_dir
        self._on_event = on_event
        self._stderr_level = stderr_level
        self._environ = os.environ if environ is None else environ
        self._lodging = Lodging(
            session_argv,
            state_dir,
            self._environ,
            pass_env=pass_env,
            homes_root=homes_root,
            ahead=ahead,
            alone=alone,
            accounts=slots,
        )
        self._state = Sessions()
        self._seats: dict[int, Seat] = {}
        self._tasks = Tasks()
        self._kept = Kept(self.spool_path, self._tell, readers=self._lodging.readers)
        self._silence = Silence(settings, self._seats, lambda: self._state, self._apply, self._tell)
        self._reports = Reports(state_dir, (written_to, leave_out), self._kept, self._seats, self._tell)
        self._idle_clock = idle_clock
        self._boot_clock_s = boot_clock_s
        self._all_sittings: sittings.Sittings | None = None
        self._hub = hub
        self._hub_desk: Desk | None = None
        self._waiting = Waiting(
            self._lodging, self._tasks, lambda one: self._state.phase(one) == "starting", self._seat, self._tell
        )
        self._display = DisplayBetween(self._environ, state_dir, puts_back=slots is not None)
        self._departures = Departures(
            settings,
            self._lodging,
            self._seats,
            self._kept,
            self._reports,
            self._waiting,
            self._tasks,
            self._display,
            self._tell,
        )
        self._hearing = Hearing(
            self._seats,
            lambda: self._state,
            self._apply,
            self._tell,
            kept=self._kept,
            silence=self._silence,
            reports=self._reports,
            sittings=lambda: self._sittings,
            lay=lambda seat, wish: self._tasks.begin(self._lodging.lay(seat, wish)),
            desk=self._desk,
        )
        self._finished = asyncio.Event()
        self._ahead = ahead

    @property
    def spool_path(self) -> Path:
        """Where the timings are kept."""
        return self._state_dir / "timings.db"

    async def run(self) -> None:
        """Run until stopped. Raises :class:`StationAlreadyRunsError` or ``OSError`` where it cannot begin."""
        ahead = self._ahead
        self._hearing.began = time.monotonic() if ahead is None else ahead.began
        self._state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = homes.lock_state(self._state_dir) if ahead is None else ahead.lock
        log = OpenLog(self._state_dir, stderr_level=self._stderr_level)
        looking: asyncio.Task[None] | None = None
        try:
            if await self._lodging.begin():
                await empty_clipboards(self._environ, ())
            looking = asyncio.get_running_loop().create_task(self._silence.watch(self._lodging.processes))
            self._tell(events.StationStarted(os.getpid()))
            self._apply(moves.Begin())
            await self._finished.wait()
            await self._tasks.done()
        finally:
            if looking is not None:
                looking.cancel()
                await asyncio.wait([looking])
            if self._all_sittings is not None:
                await self._all_sittings.close()
            await self._end_what_is_left()
            if self._hub_desk is not None:
                self._hub_desk.close()
            self._kept.close()
            say(_log, "station-stopped", pid=os.getpid())
            log.close()
            os.close(lock)

    async def stop(self, *, in_time: bool = False) -> None:
        """End all sessions politely, then all else of theirs; return when nothing is left.

        ``in_time``: an officer at work who would lose something by it is told, and given time to save it.
        """
        try:
            if in_time and self._all_sittings is not None:
                await self._all_sittings.stop_notice()
        except Exception as fault:
            _log.error("station-fault", exc_info=fault)
        finally:
            self._apply(moves.Stop())
        await self._finished.wait()

    def reset(self) -> None:
        """End the session that is shown and show the next sign-in screen.

        An officer who would lose something by it is told, and given time.
        """
        state = self._state
        session = state.locked if state.locked is not None else state.in_use
        if session is not None and not (state.officer(session) and self._sittings.given_time(session)):
            self._apply(moves.MustEnd(session, "reset"))

    def lock(self) -> None:
        """Lock the session an officer works in, if there is one."""
        if self._state.front is not None and self._state.officer(self._state.front):
            self._sittings.lock(self._state.front, "asked")

    # --- the rules and their effects

    def _apply(self, event: spares.Event) -> None:
        before = self._state
        self._state, effects = spares.step(before, event)
        ends = [effect for effect in effects if isinstance(effect, moves.EndIt)]
        for end in ends:
            # Timed before anything is done about it.
            if before.in_front(end.session) and end.why not in ("stopping", "claimed"):
                self._kept.leaves(end.session, end.why)
            if end.why == "claimed" and before.phase(end.session) == "claiming":
                self._seats[end.session].claimed = before.locked
        for effect in effects:
            match effect:
                case moves.Start(session):
                    self._start(session)
                case moves.ShowScreen(session, name, focus):
                    self._seats[session].link.show(name, focus)
                case moves.ShowSecond(session, over):
                    if self._hub_desk is not None:
                        self._hub_desk.show_second(session, over)
                case moves.EndIt():
                    self._tasks.begin(self._end(effect))
                case moves.WaitForWipe(session):
                    asyncio.get_running_loop().call_later(WIPED_WITHIN_S, self._apply, moves.WipeLate(session))
                case moves.StartLater(delay_s):
                    asyncio.get_running_loop().call_later(delay_s, self._apply, moves.DelayOver())
                case moves.SayCannotStart(times, again_in_s):
                    self._say_cannot_start(times, again_in_s)
                case moves.Finish():
                    self._finished.set()
                case _:
                    self._sittings.do(effect)
        for end in ends:
            if self._hub_desk is not None:
                self._hub_desk.ends(end.session, end.why)
            if self._all_sittings is not None:
                self._all_sittings.ends(end.session, end.why)
        if self._hub_desk is not None:
            self._hub_desk.stands()

    def _desk(self) -> Desk | None:
        """Return what answers the hub, where there is one; its road is begun when it is first asked for."""
        if self._hub is not None and self._hub_desk is None:
            from launcher.station.hub.desk import Desk, Terminal

            self._hub_desk = Desk(
                Terminal(self._limits, self._seats, lambda: self._state, self._apply, self._tell, self._sittings),
                self._hub,
            )
            self._hub_desk.begin()
        return self._hub_desk

    @property
    def _sittings(self) -> sittings.Sittings:
        if self._all_sittings is None:
            self._tasks.begin(self._display.note())
            from launcher.station.held_still import HeldStill
            from launcher.station.idle import native_idle_clock
            from launcher.station.reopening import Reopening

            self._all_sittings = sittings.Sittings(
                self._limits,
                self._seats,
                lambda: self._state,
                self._apply,
                self._tell,
                kept=self._kept,
                reopening=Reopening(self._state_dir),
                idle_clock=self._idle_clock or native_idle_clock(self._environ),
                held_still=HeldStill(self._environ, self._tasks.begin, self._tell),
                on_screen=self._hearing.on_screen,
                clock=self._boot_clock_s,
            )
        return self._all_sittings

    def _start(self, session: int) -> None:
        try:
            started = self._lodging.start()
        except NoSlotFreeError as error:
            self._waiting.add(session, error)
        except Exception as fault:
            say(_log, "session-not-started", level=logging.ERROR, session=session, fault=type(fault).__name__)
            asyncio.get_running_loop().call_soon(self._apply, moves.Exited(session))
        else:
            self._seat(session, started)

    def _seat(self, session: int, started: Started) -> None:
        link = Link(
            lambda message: self._hearing.heard(session, message),
            lambda refused: self._hearing.refused(session, refused),
            lambda: self._hearing.link_closed(session),
        )
        process = started.process
        seat = Seat(session, process, link, started.home, started.at, started.at_wall)
        self._seats[session] = seat
        link.start(started.ours)
        process.exited.add_done_callback(lambda _: self._tasks.begin(self._exited(seat)))
        say(_log, "session-started", session=session, pid=process.pid)
        self._tell(events.SessionStarted(session, process.pid))

    def _say_cannot_start(self, times: int, again_in_s: float) -> None:
        error = SessionCannotStartError(f"Sessions have ended {times} times before an officer could log on.")
        why = error.reference
        say(_log, "session-cannot-start", level=logging.ERROR, reference=why, times=times, again_in_s=again_in_s)
        self._tell(events.CannotStart(error, times, again_in_s))

    async def _exited(self, seat: Seat) -> None:
        # Its last words may still be on the way: a session that said it logs off has not crashed.
        await seat.link.drained(LAST_WORDS_S)
        self._apply(moves.Exited(seat.session))

    async def _end(self, effect: moves.EndIt) -> None:
        try:
            await self._departures.end(effect)
        finally:
            if self._all_sittings is not None:
                self._all_sittings.gone(effect.session)
            self._apply(moves.Cleaned(effect.session))

    # --- the station's own life

    async def _end_what_is_left(self) -> None:
        """Whatever ended the run, no session outlives it."""
        await self._tasks.done(cancel=True)
        await self._lodging.end(tuple(self._seats.values()))
        self._seats.clear()

    def _tell(self, event: events.StationEvent) -> None:
        try:
            self._on_event(event)
        except Exception:
            # Whoever listens may be wrong; the officer's screen is not to suffer for it.
            _log.exception("event-not-taken")
        if self._hub_desk is not None:
            self._hub_desk.happened(event)
