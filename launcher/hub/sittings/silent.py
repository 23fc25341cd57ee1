"""Stations not heard of for days: whoever was logged on there counts as gone, until they are heard again.

A computer that was switched off for good, stolen or quarantined tells of no end; its officers would be shown there for
ever. One that was only cut off reports them when it is back, and they are shown again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Row, Select, and_, func, select

from launcher.hub.sittings import ending
from launcher.hub.sittings.rows import locked
from launcher.hub.sittings.tables import pictures, sittings
from launcher.hub.stations.tables import stations

if TYPE_CHECKING:
    from launcher.hub.service import Hub

SILENT_S: Final = 3 * 86_400.0
"""As the help page *hub* says it."""


def keep(hub: Hub) -> None:
    """End the sittings of stations that are silent, each in its own transaction."""
    with hub.store.reading() as connection:
        silent = connection.execute(_silent(hub)).all()
    for one in silent:
        with hub.store.writing() as connection:
            wake = _end(connection, hub, one.station)
        for station in wake:
            hub.wakes.wake(f"station:{station}")


def _end(connection: Connection, hub: Hub, station: str) -> tuple[str, ...]:
    locked(connection, station)
    still = connection.execute(_silent(hub).where(stations.c.station == station)).one_or_none()
    if still is None:
        return ()  # it was heard in this moment
    heard = _heard(still)
    since = datetime.fromtimestamp(heard, UTC).isoformat(sep=" ", timespec="seconds")
    why = f"not heard of since {since}"
    return ending.end_open(connection, station, heard + SILENT_S, why, final=False).wake


def _heard(row: Row[tuple[object, ...]]) -> float:
    return float(max(row.heard, row.at or 0.0))


def _silent(hub: Hub) -> Select[tuple[str, float, float]]:
    """Return the question for stations with open sittings that have no socket and were not heard of lately."""
    before = hub.clock() - SILENT_S
    sat = select(sittings.c.station).where(sittings.c.ended.is_(None))
    unheard = and_(stations.c.connected_to == "", stations.c.heard < before, func.coalesce(pictures.c.at, 0.0) < before)
    return (
        select(stations.c.station, stations.c.heard, pictures.c.at)
        .outerjoin(pictures, pictures.c.station == stations.c.station)
        .where(stations.c.station.in_(sat), unheard)
    )
