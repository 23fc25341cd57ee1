"""What a station tells its hub: the whole picture when it has changed, and what happened, until the hub has it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from launcher.hub_client.errors import HubAwayError, HubRefusedError
from launcher.station.hub.ports import Happening, Picture
from launcher.station.hub.whenever import whenever
from launcher.station.log import say
from launcher.wire.hub.sittings import Ended, Happened, Happenings, Received, Report

if TYPE_CHECKING:
    from launcher.hub_client.station_link import StationLink
    from launcher.station.hub.journal import Journal
    from launcher.station.hub.place import Run

SETTLES_S: Final = 0.1
"""What changes several times in a moment is reported once."""
MANY: Final = 500
"""Things that happened, told at once; fewer on a line that does not carry so many in the time that an answer has."""
QUICK_S: Final = 2.0
"""Of what was taken within this, twice as many are told next."""
CANNOT_BE_TAKEN: Final = (413, 422)
"""What the hub says of a request that it will never take, whoever sends it and when."""
STATION_ENDED: Final = "station-ended"
"""The reason of a sitting whose station ended with it."""

_log = logging.getLogger("launcher.station.hub")


class Telling:
    """The reports and happenings of one station. ``letters_known`` hears which letters the hub has, on each change."""

    def __init__(
        self, link: StationLink, journal: Journal, run: Run, letters_known: Callable[[tuple[str, ...]], None]
    ) -> None:
        self._link = link
        self._journal = journal
        self._run = run
        self._letters_known = letters_known
        self._letters: tuple[str, ...] = ()
        self._picture = Picture()
        self._changed = asyncio.Event()
        self._happened = asyncio.Event()
        self._is_counted = False
        self._many = MANY
        self._reported: frozenset[str] = frozenset()
        self._has_reported = asyncio.Condition()

    def look(self) -> None:
        """Tell all again: the hub is there for the first time, or anew."""
        self._is_counted = False
        self._changed.set()
        self._happened.set()

    def picture(self, picture: Picture) -> None:
        """Take the whole picture."""
        self._picture = picture
        self._changed.set()

    def happened(self, happening: Happening) -> None:
        """Keep one thing that happened, and tell it."""
        self._keep(happening)
        self._happened.set()

    def after_a_kill(self) -> None:
        """Tell of the sittings that ended with an earlier run of the station."""
        for sitting, officer in self._journal.open_sittings():
            what = Ended(at=time.time(), reason=STATION_ENDED)
            self._keep(Happening(what, sitting=sitting, officer=officer))

    async def has_reported(self, sitting: str) -> None:
        """Wait until the hub has heard of a sitting: whoever has just logged on speaks to it at once."""
        async with self._has_reported:
            await self._has_reported.wait_for(lambda: sitting in self._reported)

    async def report_all(self) -> None:
        """Report whenever something has changed; runs until it is cancelled."""
        await whenever(self._changed, self._report)

    async def tell_all(self) -> None:
        """Tell what happened whenever there is something; runs until it is cancelled."""
        await whenever(self._happened, self.tell)

    async def _report(self) -> None:
        await asyncio.sleep(SETTLES_S)
        self._changed.clear()
        self._run.number += 1
        picture = self._picture
        said = Report(
            boot=self._run.boot, number=self._run.number, at=time.time(),
            sittings=picture.sittings, letters=picture.letters,
        )  # fmt: skip
        await self._link.ask("PUT", "/stations/report", object, said)
        async with self._has_reported:
            self._reported = frozenset(one.sitting for one in picture.sittings)
            self._has_reported.notify_all()
        letters = tuple(one.letters for one in picture.letters)
        if letters != self._letters:
            self._letters = letters
            self._letters_known(letters)

    async def tell(self) -> None:
        """Tell what the hub does not have yet; one thing that it cannot take is found and let go."""
        if not self._is_counted:  # whether the hub has counted further than this journal
            await self._say(())
            self._is_counted = True
        has_taken = True
        while waiting := self._journal.unreceived(self._many):
            began = time.monotonic()
            try:
                await self._say(waiting)
            except HubAwayError:
                self._fewer(waiting)  # so many may take longer on this line than anybody waits: it would begin anew
                raise
            except HubRefusedError as no:
                # Where one after the other is refused it is the hub: whoever calls this again asks it a little later.
                if no.status not in CANNOT_BE_TAKEN or (len(waiting) == 1 and not has_taken):
                    self._fewer(waiting)
                    raise
                if len(waiting) == 1:
                    self._let_go(waiting[0], no)
                    has_taken = False
                self._fewer(waiting)
            else:
                has_taken = True
                if time.monotonic() - began < QUICK_S:
                    self._many = min(MANY, 2 * self._many)

    def _fewer(self, waiting: tuple[Happened, ...]) -> None:
        self._many = max(1, len(waiting) // 2)

    def _let_go(self, thing: Happened, no: HubRefusedError) -> None:
        say(
            _log, "happening-let-go", level=logging.ERROR, kind=thing.what.kind, number=thing.seq,
            reference=no.reference, message=no.message,
        )  # fmt: skip
        self._journal.received(thing.seq)

    async def _say(self, waiting: tuple[Happened, ...]) -> None:
        said = Happenings(at=time.time(), happened=waiting)
        received = await self._link.ask("POST", "/stations/happenings", Received, said, again=True)
        self._journal.received(received.up_to)

    def _keep(self, happening: Happening) -> None:
        try:
            thing = Happened(
                seq=1, sitting=happening.sitting, officer=happening.officer, words=happening.words[:500],
                what=happening.what,
            )  # fmt: skip
        except ValidationError as fault:
            say(_log, "happening-not-kept", level=logging.ERROR, kind=happening.what.kind, fault=str(fault.title))
            return
        gone = self._journal.happened((thing,))
        if gone:
            say(_log, "hub-happenings-lost", level=logging.ERROR, times=gone)
