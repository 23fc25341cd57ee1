"""Sessions that run as slot accounts: what belongs to one is told by its account, and ended by the kernel at once."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Collection, Mapping, Sequence

from launcher.station.launching import launch_in
from launcher.station.processes import PosixProcesses, SessionProcess, Swept
from launcher.station.slot_cleaning import end_all
from launcher.station.slot_homes import SlotHomes

_EXIT_WITHIN_S = 5.0


class SlotProcesses:
    """Linux, as root, with slot accounts (see :class:`SessionProcesses`)."""

    def __init__(self, homes: SlotHomes) -> None:
        self._homes = homes
        self._posix = PosixProcesses()

    def prepare(self) -> None:
        """Become a subreaper, and forbid core files here and below."""
        self._posix.prepare()

    def start(self, argv: Sequence[str], env: Mapping[str, str], token: str, fds: Sequence[int]) -> SessionProcess:
        """Start the program as the account of the slot whose folder the token names."""
        return self.adopt(launch_in(self._homes.slot_of(token), argv, env, fds), token)

    def adopt(self, started: subprocess.Popen[bytes], token: str) -> SessionProcess:
        """Watch over a started program by its pidfd."""
        return self._posix.adopt(started, token)

    def look(self, sessions: Collection[SessionProcess]) -> None:
        """Nothing need be remembered: a process cannot leave its account."""

    async def wait(self, session: SessionProcess, within_s: float) -> None:
        """Give the session time to end by itself."""
        await asyncio.wait([session.exited], timeout=within_s)

    async def end(self, session: SessionProcess, sessions: Collection[SessionProcess]) -> Swept:
        """End all processes of the session's account; nobody else's can be among them."""
        try:
            slot = self._homes.slot_of(session.token)
        except KeyError:
            return Swept(0, ())  # its slot was cleared before
        living = {one.pid for one in (session, *sessions)}
        ended, remained = await asyncio.to_thread(end_all, (slot,), reaped_elsewhere=living)
        await asyncio.wait([session.exited], timeout=_EXIT_WITHIN_S)
        alone = () if session.exited.done() else (f"session {session.pid}",)
        return Swept(ended, tuple(dict.fromkeys((*alone, *remained))))

    async def sweep(self, token: str) -> Swept:
        """End whatever carries the token of a session that is gone."""
        return await self._posix.sweep(token)
