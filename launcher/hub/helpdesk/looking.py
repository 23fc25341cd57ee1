"""Finding officers and terminals, and who sits where."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, select

from launcher.hub.finding import rows as finding
from launcher.hub.helpdesk import visible
from launcher.hub.helpdesk.refused import refused_lately
from launcher.hub.sittings.tables import sittings
from launcher.hub.stations.reach import reachable_clause
from launcher.hub.stations.tables import stations
from launcher.hub.told import rows as told
from launcher.wire.hub.helpdesk import Found, FoundOfficer, FoundTerminal

if TYPE_CHECKING:
    from launcher.hub.officers.rows import KnownOfficer
    from launcher.hub.service import Hub

SHOWN: Final = 20
CANDIDATES: Final = 200
"""So many of each sort are looked through for those who show."""


def found(connection: Connection, hub: Hub, untrusted_query: str) -> Found:
    """Return who and what is found, at most :data:`SHOWN` of each: first who told what they quote the number of."""
    tellers, told_at = told.by_number(connection, hub, untrusted_query)
    others = finding.each(connection, "officer", untrusted_query, CANDIDATES)
    keys = chain(tellers, (key for key in others if key not in tellers))
    people = list(islice(visible.seen(connection, hub, keys), SHOWN + 1))
    terminals = list(dict.fromkeys((*told_at, *finding.find(connection, "terminal", untrusted_query, SHOWN + 1))))
    return Found(
        officers=officers_of(connection, people[:SHOWN]),
        terminals=terminals_of(connection, hub, terminals[:SHOWN]),
        more=len(people) > SHOWN or len(terminals) > SHOWN,
    )


def officers_of(connection: Connection, people: list[KnownOfficer]) -> tuple[FoundOfficer, ...]:
    """Return them as they are shown."""
    keys = [one.officer for one in people]
    asked = select(sittings.c.officer).where(sittings.c.officer.in_(keys), sittings.c.ended.is_(None)).distinct()
    logged_on = set(connection.execute(asked).scalars())
    return tuple(
        FoundOfficer(officer=one.officer, number=one.number, name=one.name, logged_on=one.officer in logged_on)
        for one in people
    )


def terminals_of(connection: Connection, hub: Hub, keys: list[str]) -> tuple[FoundTerminal, ...]:
    """Return stations as they are shown, each with those who sit there and show, and the log-ons refused lately."""
    asked = select(stations, reachable_clause(hub).label("reachable")).where(stations.c.station.in_(keys))
    rows = {row.station: row for row in connection.execute(asked)}
    sat = select(sittings.c.station, sittings.c.officer).where(sittings.c.station.in_(keys), sittings.c.ended.is_(None))
    there: dict[str, list[str]] = {}
    for row in connection.execute(sat.order_by(sittings.c.since)):
        there.setdefault(row.station, []).append(row.officer)
    refused = refused_lately(connection, hub, rows)
    return tuple(
        FoundTerminal(
            station=key, terminal=rows[key].terminal, place=rows[key].place, reachable=bool(rows[key].reachable),
            officers=officers_of(connection, list(visible.seen(connection, hub, there.get(key, [])))),
            refused=refused.get(key, ()),
        )
        for key in keys
        if key in rows
    )  # fmt: skip
