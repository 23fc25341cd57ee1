"""Where sessions live: their folders, the accounts they run as, and what is done before the first and after each."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from launcher.station import homes, leftovers
from launcher.station.ahead import Ahead
from launcher.station.environment import session_environment
from launcher.station.launching import pair
from launcher.station.log import say
from launcher.station.processes import SessionProcess, SessionProcesses, native_processes

if TYPE_CHECKING:
    from launcher.station.seat import Seat
    from launcher.station.slot_keeping import SlotAccounts, SlotKeeping
    from launcher.wire.messages import WantsKept

_log = logging.getLogger("launcher.station")


@dataclass(frozen=True, slots=True)
class Started:
    """A session that was started: its process, our end of its link, its folder, and when (monotonic, and epoch)."""

    process: SessionProcess
    ours: socket.socket
    home: Path
    at: float
    at_wall: float


class Lodging:
    """Starts sessions, of one account or each in a slot account (``accounts``), and clears what they leave.

    The other arguments are the supervisor's.
    """

    def __init__(
        self,
        argv: Sequence[str],
        state_dir: Path,
        environ: Mapping[str, str],
        *,
        pass_env: Sequence[str],
        homes_root: Path | None,
        ahead: Ahead | None,
        alone: bool,
        accounts: SlotAccounts | None,
    ) -> None:
        self._argv = tuple(argv)
        self._state_dir = state_dir
        self._environ = environ
        self._pass_env = tuple(pass_env)
        self._homes_root = homes_root
        self._ahead = ahead
        self._accounts = accounts
        self._keeping: SlotKeeping | None = None
        self.homes: homes.SessionHomes | None = None
        self.processes: SessionProcesses = native_processes(alone=alone)

    @property
    def readers(self) -> int | None:
        """The group that reads the timings; None where every session has the account that keeps them."""
        return self._accounts.slots[0].group if self._accounts is not None else None

    async def begin(self) -> bool:
        """End and remove what a station before left, and make the place for the sessions' folders.

        Returns whether the display may keep something of an officer, whose station had no time to see to it. Raises
        :class:`StationAlreadyRunsError`, or ``OSError``.
        """
        self.processes.prepare()
        if self._accounts is not None:
            self._begin_in_slots(self._accounts)
        left = await leftovers.clear(self._homes_root, self.processes)
        if self.homes is None:
            self.homes = self._ahead.homes if self._ahead is not None else homes.Homes(self._homes_root)
        say(_log, "station-started", pid=os.getpid(), in_memory=self.homes.in_memory)
        # In slots nothing tells whether one was killed, and the display is nobody's but the station's.
        return left or self._accounts is not None

    def _begin_in_slots(self, accounts: SlotAccounts) -> None:
        from launcher.station.slot_homes import SlotHomes, open_to_slots
        from launcher.station.slot_keeping import SlotKeeping
        from launcher.station.slot_processes import SlotProcesses

        made = self._ahead.homes if self._ahead is not None else None
        if not isinstance(made, SlotHomes):
            made = SlotHomes(accounts.slots, accounts.root, environ=self._environ, open_to_all=accounts.open_to_all)
        self.homes = made
        self.processes = SlotProcesses(made)
        self._keeping = SlotKeeping(accounts, made)
        open_to_slots(self._state_dir, accounts.slots[0].group)
        if made.left_over or made.remained:
            level = logging.ERROR if made.remained else logging.WARNING
            say(_log, "left-over-ended", level=level, ended_processes=made.left_over, remained=made.remained)
        if not made.mounted:
            say(_log, "slot-folders-not-mounted", level=logging.WARNING, in_memory=made.in_memory)
        say(_log, "slot-accounts", times=len(accounts.slots))

    def start(self) -> Started:
        """Start a session. Raises :class:`NoSlotFreeError`, or ``OSError`` where the program does not begin."""
        if self._ahead is not None:
            ahead, self._ahead = self._ahead, None
            process = self.processes.adopt(ahead.process, ahead.home.name)
            self._hand_password(ahead.search)
            return Started(process, ahead.ours, ahead.home, ahead.started, ahead.started_wall)
        assert self.homes is not None  # noqa: S101 - it has begun
        home = self.homes.make()
        with contextlib.ExitStack() as where_it_fails, contextlib.ExitStack() as always:
            where_it_fails.callback(self.homes.remove, home)
            ours, theirs = pair()
            where_it_fails.callback(ours.close)
            always.callback(theirs.close)
            handed, search = os.pipe() if self._keeping is not None else (None, None)
            if search is not None:
                where_it_fails.callback(os.close, search)
            if handed is not None:
                always.callback(os.close, handed)
            env = session_environment(
                self._environ,
                home,
                token=home.name,
                link=theirs.fileno(),
                passed=self._pass_env,
                own=self.homes.own_environment(home),
                search=handed,
            )
            process = self.processes.start(
                self._argv, env, home.name, (theirs.fileno(), *(() if handed is None else (handed,)))
            )
            where_it_fails.pop_all()
        self._hand_password(search)
        return Started(process, ours, home, time.monotonic(), time.time())

    async def lay(self, seat: Seat, wish: WantsKept) -> None:
        """Lay out what is kept of the officer who is proved in a session, and tell it where."""
        if self._keeping is not None:
            await self._keeping.lay(seat, wish)

    async def clear(self, seat: Seat) -> homes.Cleared:
        """Remove all that a session of which no process lives has left; a fault in it is said, not raised.

        A slot in which it came to a fault is kept back.
        """
        from launcher.station.slot_homes import SlotHomes

        try:
            return await self._clear(seat)
        except Exception as fault:
            _log.exception("session-not-cleared")
            if isinstance(self.homes, SlotHomes):
                self.homes.keep_back(seat.home, tuple(seat.worked_in))
            return homes.Cleared((), (f"fault: {type(fault).__name__}",))

    async def _clear(self, seat: Seat) -> homes.Cleared:
        assert self.homes is not None  # noqa: S101 - it has begun
        if self._keeping is None:
            return self.homes.remove(seat.home)
        await self._keeping.take_back(seat)
        return await asyncio.to_thread(self.homes.remove, seat.home, tuple(seat.worked_in))

    async def clean_again(self) -> None:
        """Look again at slots that were kept back because something remained in them."""
        from launcher.station.slot_homes import SlotHomes

        if isinstance(self.homes, SlotHomes):
            await asyncio.to_thread(self.homes.clean_again)

    async def end(self, seats: Collection[Seat]) -> None:
        """End every session that is left, and remove everything."""
        if self._ahead is not None:
            # The run ended before the first session had its seat.
            self._ahead.end()
            self.homes, self._ahead = self._ahead.homes, None
        for seat in seats:
            try:
                await self.processes.end(seat.process, [one.process for one in seats])
            except Exception:
                _log.exception("session-not-ended")  # the next one is ended all the same
            await seat.link.close()
            await self.clear(seat)
        left = self.homes.close() if self.homes is not None else ()
        if left:
            say(_log, "folders-left", level=logging.ERROR, remained=left)

    def _hand_password(self, search: int | None) -> None:
        if search is not None and self._keeping is not None:
            self._keeping.hand_password(search)
        elif search is not None:
            with contextlib.suppress(OSError):
                os.close(search)
