"""Where else the officers of a station sit, and whom it concerns when that changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from launcher.hub.helpdesk import visible
from launcher.hub.officers import rows as officer_rows
from launcher.hub.officers import sessions
from launcher.hub.officers.tables import officers
from launcher.hub.sittings.tables import sittings
from launcher.hub.stations import rows as stations_rows
from launcher.hub.stations.reach import reachable_clause
from launcher.hub.stations.tables import stations
from launcher.wire.hub.sittings import AllElsewhere, Elsewhere

if TYPE_CHECKING:
    from launcher.hub.officers.seats import Seat
    from launcher.hub.service import Hub


@dataclass(frozen=True, slots=True)
class Changed:
    """Officers of one station who came or went (``moved``), and those of whose sittings there other things changed."""

    moved: frozenset[str]
    altered: frozenset[str]


def lock(connection: Connection, moved: Collection[str]) -> None:
    """Take stations at which the same officers come or go one after the other: each sees what the other did."""
    if not moved:
        return
    rows = select(officers.c.officer).where(officers.c.officer.in_(moved)).order_by(officers.c.officer)
    connection.execute(rows.with_for_update()).all()


def raise_for(connection: Connection, station: str, changed: Changed) -> tuple[str, ...]:
    """Count ``elsewhere`` up for all stations that are concerned; wake ``station:<each>`` after the commit.

    A station that an officer has come to or gone from is itself concerned, where they sit at others, too.
    """
    if not changed.moved and not changed.altered:
        return ()
    others = connection.execute(
        select(sittings.c.station, sittings.c.officer)
        .where(
            sittings.c.officer.in_(changed.moved | changed.altered),
            sittings.c.ended.is_(None),
            sittings.c.station != station,
        )
    ).all()  # fmt: skip
    concerned = {one.station for one in others}
    if any(one.officer in changed.moved for one in others):
        concerned.add(station)
    return _raised(connection, concerned)


def concerned_by_reach(connection: Connection, station: str) -> frozenset[str]:
    """Return the stations at which officers of a station sit that can be reached now, or no longer."""
    here = select(sittings.c.officer).where(sittings.c.station == station, sittings.c.ended.is_(None))
    others = select(sittings.c.station).where(
        sittings.c.officer.in_(here), sittings.c.ended.is_(None), sittings.c.station != station
    )
    return frozenset(connection.execute(others).scalars())


def reach_changed(connection: Connection, concerned: Iterable[str]) -> tuple[str, ...]:
    """Count ``elsewhere`` up for these stations; wake ``station:<each>`` after the commit.

    In a transaction of its own: that of the proof or the end holds the station's own row, and two stations of one
    officer would wait for each other.
    """
    return _raised(connection, concerned)


def elsewhere(connection: Connection, hub: Hub, station: str) -> AllElsewhere:
    """Return where else all who are logged on at the station are, as far as it is told (:func:`is_told`)."""
    open_here = select(sittings.c.sitting, sittings.c.officer).where(
        sittings.c.station == station, sittings.c.ended.is_(None)
    )
    sit = connection.execute(open_here).all()
    here = {one.officer for one in sit if is_told(connection, hub, one.officer, one.sitting)}
    found = connection.execute(
        select(sittings, reachable_clause(hub).label("reachable"))
        .join(stations, stations.c.station == sittings.c.station)
        .where(sittings.c.officer.in_(here), sittings.c.ended.is_(None), sittings.c.station != station)
        .order_by(sittings.c.since, sittings.c.sitting)
    ).all()
    version = connection.execute(select(stations.c.elsewhere).where(stations.c.station == station)).scalar_one()
    told = tuple(
        Elsewhere(
            sitting=one.sitting, officer=one.officer, terminal=one.terminal, place=one.place, since=one.since,
            state=one.state, systems=one.open_systems, unsaved=one.unsaved, reachable=bool(one.reachable),
        )
        for one in found
    )  # fmt: skip
    return AllElsewhere(version=version, sittings=told)


def proved_at(connection: Connection, hub: Hub, where: Seat) -> tuple[str, ...]:
    """Count ``elsewhere`` up at a sitting from which its officer proves themselves now: as above, with whole topics."""
    if is_told(connection, hub, where.officer, where.sitting):
        return ()
    return tuple(f"station:{station}" for station in _raised(connection, (where.station,)))


def is_told(connection: Connection, hub: Hub, officer: str, sitting: str) -> bool:
    """Say whether the station of a sitting is told where else its officer is.

    Whoever does not show is not shown by a station's word alone, which a stolen one gives, too: they have proved
    themselves to the hub from there.
    """
    if not hub.settings.helpdesk.restricted_groups:
        return True
    known = officer_rows.known(connection, officer)
    hidden = known is not None and visible.is_restricted(connection, hub, known)
    return not hidden or sessions.is_proved_at(connection, hub, officer, sitting)


def _raised(connection: Connection, concerned: Iterable[str]) -> tuple[str, ...]:
    in_order = tuple(sorted(concerned))  # in one order: two of these never wait for each other
    for station in in_order:
        stations_rows.raise_for(connection, station, "elsewhere")
    return in_order
