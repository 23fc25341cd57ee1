"""The link at work, on its thread's loop: one enrolment, its journal, and all that is said and heard meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from launcher.errors import LauncherError
from launcher.hub_client.road import HubRoad
from launcher.hub_client.station_link import QUARANTINED, Prover, StationLink
from launcher.station.hub.asks import Asks
from launcher.station.hub.commanding import Commanding
from launcher.station.hub.desk_on_loop import DeskOnLoop
from launcher.station.hub.enrolment import JOURNAL, hub_folder, read_enrolled
from launcher.station.hub.heard import LastHeard, note_heard
from launcher.station.hub.journal import Journal
from launcher.station.hub.lists import Lists
from launcher.station.hub.telling import Telling
from launcher.station.log import say

if TYPE_CHECKING:
    from launcher.signing import SigningKey
    from launcher.station.hub.place import HubFacts, Run
    from launcher.station.hub.ports import HubDesk
    from launcher.wire.hub.stations import Enrolled, News

ENROLMENT_S: Final = 5.0
LAST_WORDS_S: Final = 0.6
"""What is left to say when the station ends has so long; it is on the disk all the same."""

_log = logging.getLogger("launcher.station.hub")


class LinkWork:
    """One enrolment's work. Made, run and closed on the thread's loop."""

    def __init__(
        self,
        state: Path,
        facts: HubFacts,
        enrolled: Enrolled,
        key: SigningKey,
        run: Run,
        desk: HubDesk,
        on_loop: Callable[[Callable[[], None]], None],
    ) -> None:
        self._state = state
        self._enrolled = enrolled
        self._run = run
        self._desk = DeskOnLoop(desk, on_loop)
        self._journal = Journal(hub_folder(state) / JOURNAL, enrolled.station)
        self._road = HubRoad(facts.addresses, facts.ca_file)
        prover = Prover(enrolled, key, run.boot, facts.terminal, facts.place, facts.version)
        self._link = StationLink(
            self._road, prover, self._journal, self, sockets=facts.sockets, poll_s=facts.poll_s
        )  # fmt: skip
        self.commanding = Commanding(self._link, self._journal, enrolled, run.boot, self._desk.carry_out)
        self.telling = Telling(self._link, self._journal, run, self._desk.letters_known)
        self.asks = Asks(self._link, prover, self.telling.has_reported)
        self._lists = Lists(self._link, self._journal, self._desk)
        self._stopping = asyncio.Event()
        self._why = ""

    def after_a_kill(self) -> None:
        """Say what ended with an earlier run of the station: before anything of this one is written beside it."""
        if self._run.first:
            self.commanding.after_a_kill()
            self.telling.after_a_kill()
            self._run.first = False

    async def run(self) -> None:
        """Work until :meth:`stop`, or until the enrolment is another."""
        self._lists.begin()
        self._desk.state(enrolled=True, reachable=False)
        tasks = [
            asyncio.create_task(part)
            for part in (
                self._link.run(), self.commanding.take_all(), self.commanding.deliver_all(), self.telling.report_all(),
                self.telling.tell_all(), self._lists.keep_all(), self._watch_enrolment(), self._stopping.wait(),
            )
        ]  # fmt: skip
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            if self._stopping.is_set() and self._link.is_there:
                await self._last_words()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def stop(self) -> None:
        """End the work."""
        self._stopping.set()

    async def close(self) -> None:
        """Give back what is held."""
        await self.asks.close()
        await self._road.close()
        self._journal.close()

    async def _last_words(self) -> None:
        with suppress(LauncherError, TimeoutError):
            async with asyncio.timeout(LAST_WORDS_S):
                await asyncio.gather(self.commanding.deliver(), self.telling.tell())

    # --- from the link

    def here(self, news: News) -> None:
        """The hub is there: say all that it may not know, and ask for all that may have changed."""
        if self._why:
            say(_log, "hub-here-again")
        self._why = ""
        offset_s = self._link.clock.offset_s
        if abs(offset_s) > 30:
            say(_log, "hub-clock-differs", level=logging.WARNING, in_s=round(offset_s))
        self._note(LastHeard(reachable=True, offset_s=offset_s))
        self._desk.state(enrolled=True, reachable=True)
        self._lists.here()
        self.telling.look()
        self.news(news)

    def news(self, news: News) -> None:
        """There is something new."""
        self.commanding.look()
        self._lists.news(news)

    def away(self, why: LauncherError) -> None:
        """The hub could not be had."""
        if why.reference != self._why:
            self._why = why.reference
            level = logging.ERROR if why.reference == QUARANTINED else logging.WARNING
            say(_log, "hub-away", level=level, reference=why.reference, message=why.message)
            heard = LastHeard(reachable=False, reference=why.reference, words=why.message, next_step=why.next_step)
            self._note(heard)
        self._desk.state(enrolled=True, reachable=False)

    def _note(self, heard: LastHeard) -> None:
        with suppress(OSError):  # for the doctor's eyes
            note_heard(self._state, heard)

    async def _watch_enrolment(self) -> None:
        while read_enrolled(self._state) == self._enrolled:  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(ENROLMENT_S)
        say(_log, "hub-enrolment-changed")
