"""Sessions that wait for a slot account: every one is in use, or something of an earlier session remains in it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from launcher.station import events
from launcher.station.errors import NoSlotFreeError
from launcher.station.lodging import Lodging, Started
from launcher.station.log import say
from launcher.station.tasks import Tasks

_AGAIN_S: Final = 1.0
"""How often slots that could not be cleared are looked at while a session waits for one."""

_log = logging.getLogger("launcher.station")


class Waiting:
    """Starts each of them as soon as a slot is free; ``wanted`` says whether it still is to be started."""

    def __init__(
        self,
        lodging: Lodging,
        tasks: Tasks,
        wanted: Callable[[int], bool],
        begun: Callable[[int, Started], None],
        tell: Callable[[events.StationEvent], None],
    ) -> None:
        self._lodging = lodging
        self._tasks = tasks
        self._wanted = wanted
        self._begun = begun
        self._tell = tell
        self._sessions: list[int] = []

    def add(self, session: int, error: NoSlotFreeError) -> None:
        """Have a session wait, and say so."""
        self._sessions.append(session)
        say(_log, "no-slot-free", level=logging.ERROR, session=session, reference=error.reference)
        self._tell(events.NoSlotFree(error, session))
        if len(self._sessions) == 1:
            self._look_later()

    def start(self) -> None:
        """Start those for which there is a slot now."""
        waiting, self._sessions = self._sessions, []
        for session in waiting:
            if not self._wanted(session):
                continue
            try:
                started = self._lodging.start()
            except NoSlotFreeError:
                self._sessions.append(session)
            except Exception as fault:
                say(_log, "session-not-started", level=logging.ERROR, session=session, fault=type(fault).__name__)
                self._sessions.append(session)
            else:
                self._begun(session, started)

    def _look_later(self) -> None:
        asyncio.get_running_loop().call_later(_AGAIN_S, lambda: self._tasks.begin(self._look()))

    async def _look(self) -> None:
        try:
            await self._lodging.clean_again()
            self.start()
        finally:
            # A fault is logged by whoever keeps the tasks; the next look may meet none.
            if self._sessions:
                self._look_later()
