"""What there is for the stations whose sockets a process has: one look at the store for all that are woken meanwhile.

A notice wakes each of ten thousand: a look for each took the hub most of a minute, and its other requests with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from launcher.hub.stations import rows

if TYPE_CHECKING:
    from launcher.hub.database import Database
    from launcher.wire.hub.stations import News

MANY: Final = 200
"""Stations in one look: what follows from it is done before anything else is heard."""

Found = Mapping[str, "News | Exception"]


class FreshNews:
    """All methods but the constructor belong to the process's loop."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._asked: dict[str, list[asyncio.Future[News]]] = {}
        self._looking: asyncio.Task[None] | None = None
        self.told: dict[str, News] = {}
        """What each station was told last on its socket. Only to be read on other threads."""

    async def of(self, station: str) -> News:
        """Return what there is for a station, by a look that begins after this call.

        Raises :class:`StationUnknownError`, :class:`QuarantinedError`, :class:`StoreAwayError`.
        """
        asked: asyncio.Future[News] = asyncio.get_running_loop().create_future()
        self._asked.setdefault(station, []).append(asked)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        return await asked

    async def _look(self) -> None:
        try:
            while self._asked:
                asked = {station: self._asked.pop(station) for station in tuple(self._asked)[:MANY]}
                found = await self._found(asked)
                for station, waiting in asked.items():
                    for one in waiting:
                        _settle(one, found[station])
        finally:
            self._looking = None

    async def _found(self, asked: Iterable[str]) -> Found:
        try:
            return await run_in_threadpool(self._read, tuple(asked))
        except Exception as fault:
            return dict.fromkeys(asked, fault)

    def _read(self, asked: tuple[str, ...]) -> Found:
        with self._store.glancing() as connection:
            return rows.news_of_some(connection, asked)


def _settle(one: asyncio.Future[News], found: News | Exception) -> None:
    if one.done():  # its socket has ended
        return
    if isinstance(found, Exception):
        one.set_exception(found)
    else:
        one.set_result(found)
