"""What the hub keeps at its stations: who is suspended, which notices hold, where else officers are logged on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from launcher.station.hub.whenever import whenever
from launcher.wire.hub.sittings import AllElsewhere, AllNotices, Barred
from launcher.wire.hub.stations import News

if TYPE_CHECKING:
    from launcher.hub_client.station_link import StationLink
    from launcher.station.hub.desk_on_loop import DeskOnLoop
    from launcher.station.hub.journal import Journal

Kept = TypeVar("Kept", Barred, AllNotices)


class Lists:
    """The lists of one station. ``barred`` and ``notices`` are on its disk, so that they hold while the hub is away."""

    def __init__(self, link: StationLink, journal: Journal, desk: DeskOnLoop) -> None:
        self._link = link
        self._journal = journal
        self._desk = desk
        self._barred = _read(Barred, journal.told("barred"))
        self._notices = _read(AllNotices, journal.told("notices"))
        self._has_said: int | None = None
        self._elsewhere: int | None = None
        self._roles: int | None = None
        self._news = News()
        self._asked = asyncio.Event()
        self._over: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Say what is on the disk."""
        if self._barred is not None:
            self._say_barred(self._barred)
        self._say_notices()

    def here(self) -> None:
        """Ask where else officers are logged on: while the hub was away nobody heard of it."""
        self._elsewhere = None

    def news(self, news: News) -> None:
        """Ask for what has changed."""
        self._news = news
        self._asked.set()

    async def keep_all(self) -> None:
        """Ask whenever something has changed; runs until it is cancelled."""
        await whenever(self._asked, self._look)

    async def _look(self) -> None:
        news = self._news
        await self._look_barred(news.barred)  # first: it keeps somebody out
        if self._notices is None or news.notices != self._notices.version:
            self._notices = await self._link.ask("GET", "/stations/notices", AllNotices)
            self._journal.keep_told("notices", self._notices.model_dump_json())
            self._say_notices()
        if news.elsewhere != self._elsewhere:
            elsewhere = await self._link.ask("GET", "/stations/elsewhere", AllElsewhere)
            self._elsewhere = elsewhere.version
            self._desk.elsewhere(elsewhere.sittings)
        if news.roles != self._roles:
            first, self._roles = self._roles is None, news.roles
            if not first:
                self._desk.roles_changed()

    async def _look_barred(self, version: int) -> None:
        """Ask until the hub has been told that the list it has now is on the disk here: it counts on that."""
        while self._barred is None or self._has_said != version:
            have = 0 if self._barred is None else self._barred.version
            found = await self._link.ask("GET", "/stations/barred", Barred, query={"have": str(have)})
            if self._barred is None or found.version != have:
                self._journal.keep_told("barred", found.model_dump_json())
                self._barred = found
                self._say_barred(found)
            else:
                self._has_said = have
            version = found.version

    def _say_barred(self, told: Barred) -> None:
        self._desk.barred(told.officers, told.names, told.forces)

    def _say_notices(self) -> None:
        """Say those that are not over, and again when the next one is: also while the hub is away."""
        if self._over is not None:
            self._over.cancel()
        if self._notices is None:
            return
        now = self._link.clock.now()
        held = tuple(one for one in self._notices.notices if one.until is None or one.until > now)
        self._desk.notices(held)
        ends = min((one.until - now for one in held if one.until is not None), default=None)
        if ends is not None:
            self._over = asyncio.get_running_loop().call_later(min(ends + 0.1, 3600.0), self._say_notices)


def _read(kind: type[Kept], body: str) -> Kept | None:
    try:
        return kind.model_validate_json(body) if body else None
    except ValidationError:  # of another version: it is asked for anew
        return None
