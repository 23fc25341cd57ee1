"""Commands of the hub: asked for, checked, noted on the disk, acknowledged, begun once, and their answers delivered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from launcher.errors import LauncherError
from launcher.hub_client.errors import HubRefusedError
from launcher.station.hub.errors import (
    CommandExpiredError,
    CommandForgedError,
    CommandInterruptedError,
    CommandNotBegunError,
    CommandSeenError,
)
from launcher.station.hub.taking import Known, answer_of, why_not
from launcher.station.hub.whenever import whenever
from launcher.station.log import say
from launcher.wire.hub.commands import Acknowledged, Commands, CommandState

if TYPE_CHECKING:
    from launcher.hub_client.station_link import StationLink
    from launcher.station.hub.journal import Journal
    from launcher.wire.hub.commands import Answer, Command, SignedCommand
    from launcher.wire.hub.stations import Enrolled

_OVER: Final = frozenset({404, 409})
"""The hub knows no such command, or has had its answer: nothing more can be said of it."""

_log = logging.getLogger("launcher.station.hub")


class Commanding:
    """The commands of one station. ``carry_out`` is called once for each that is begun."""

    def __init__(
        self, link: StationLink, journal: Journal, enrolled: Enrolled, boot: str, carry_out: Callable[[Command], None]
    ) -> None:
        self._link = link
        self._journal = journal
        self._enrolled = enrolled
        self._boot = boot
        self._carry_out = carry_out
        self._asked = asyncio.Event()
        self._answered = asyncio.Event()

    def look(self) -> None:
        """Ask the hub for commands, and say what it was not told yet."""
        self._asked.set()
        self._answered.set()

    def answer(self, command: int, answer: Answer) -> None:
        """Keep an answer and deliver it."""
        self._journal.answer(command, answer)
        self._answered.set()

    def after_a_kill(self) -> None:
        """Answer what an earlier run of the station has left: none of it is begun again."""
        now = self._link.clock.now()
        for command, begun in self._journal.left_over():
            why: LauncherError = CommandNotBegunError("The station ended before it had begun with it.")
            if begun:
                why = CommandInterruptedError("The station ended in the midst of it.")
            self._journal.answer(command, answer_of(why, now))

    async def take_all(self) -> None:
        """Take commands whenever there are any; runs until it is cancelled."""
        await whenever(self._asked, self._look)

    async def deliver_all(self) -> None:
        """Deliver answers whenever there are any; runs until it is cancelled."""
        await whenever(self._answered, self.deliver)

    async def _look(self) -> None:
        for command in self._journal.taken_only():
            await self._acknowledge(command)
        while True:
            found = await self._link.ask(
                "GET", "/stations/commands", Commands, query={"since": str(self._journal.last)}
            )
            took = [await self._take(signed) for signed in found.commands]
            if not any(took):
                return

    async def _take(self, untrusted: SignedCommand) -> bool:
        known = Known(self._enrolled, self._journal.last, self._link.clock.now())
        why = why_not(untrusted, known)
        if why is not None:
            await self._refuse(untrusted.command.id, why)
            return False
        command = untrusted.command
        self._journal.take(command)
        await self._acknowledge(command)
        return True

    async def _acknowledge(self, command: Command) -> None:
        """Tell the hub that it is noted here, then begin with it."""
        now = self._link.clock.now()
        if command.expires <= now:
            self.answer(command.id, answer_of(CommandExpiredError("The hub was away until its time was over."), now))
            return
        said = Acknowledged(boot=self._boot, at=now)
        try:
            await self._link.ask(
                "POST", f"/stations/commands/{command.id}/acknowledged", CommandState, said, again=True
            )
        except HubRefusedError as no:
            if no.status not in _OVER:
                raise
            say(_log, "command-not-to-be-begun", command=command.id, reference=no.reference)
            self._journal.forget(command.id)
            return
        self._journal.begin(command.id)
        say(_log, "command-begun", command=command.id, kind=command.kind, officer=command.officer)
        self._carry_out(command)

    async def _refuse(self, command: int, why: LauncherError) -> None:
        level = logging.ERROR if isinstance(why, CommandForgedError) else logging.WARNING
        say(_log, "command-refused", level=level, command=command, reference=why.reference)
        before = self._journal.knows(command) if isinstance(why, CommandSeenError) else None
        await self._say(command, before or answer_of(why, self._link.clock.now()))

    async def deliver(self) -> None:
        """Deliver what the hub does not have yet."""
        while undelivered := self._journal.undelivered():
            for command, answer in undelivered:
                await self._say(command, answer)
                self._journal.delivered(command, answer)

    async def _say(self, command: int, answer: Answer) -> None:
        try:
            await self._link.ask("POST", f"/stations/commands/{command}/answer", object, answer, again=True)
        except HubRefusedError as no:
            if no.status not in _OVER:
                raise
            say(_log, "answer-not-taken", level=logging.WARNING, command=command, reference=no.reference)
