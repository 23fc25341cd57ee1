"""The stations as administrators see them, and the end of a quarantine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, or_, select, update

from launcher.hub.audit import rows as audit
from launcher.hub.errors import NotNowError, NotThereError
from launcher.hub.stations import rows
from launcher.hub.stations.reach import reachable_clause
from launcher.hub.stations.tables import ANY_LINK, stations
from launcher.wire.hub.stations import EnrolCode, ListedStation, MakeCode

if TYPE_CHECKING:
    from launcher.hub.service import Hub


def stations_of(
    connection: Connection, hub: Hub, after: str = "", many: int = 100_000, *, after_station: str = ""
) -> tuple[ListedStation, ...]:
    """Return the stations by terminal; ``after``: those whose terminal's name comes later.

    ``after_station``: and those of the same name that come after this one.
    """
    later = stations.c.terminal > after
    if after_station:
        later = or_(later, and_(stations.c.terminal == after, stations.c.station > after_station))
    asked = (
        select(stations, reachable_clause(hub).label("reachable"))
        .where(later)
        .order_by(stations.c.terminal, stations.c.station)
        .limit(many)
    )
    return tuple(
        ListedStation(
            station=row.station, terminal=row.terminal, place=row.place, version=row.version, enrolled=row.enrolled,
            heard=row.heard, reachable=row.reachable, quarantined=row.quarantined,
            quarantined_why=row.quarantined_why,
        )
        for row in connection.execute(asked)
    )  # fmt: skip


def meant(connection: Connection, given: str) -> str:
    """Return the station with this id, else the one that is called so. Raises :class:`NotThereError`."""
    by_id = select(stations.c.station).where(stations.c.station == given)
    if connection.execute(by_id).one_or_none() is not None:
        return given
    found = rows.called(connection, given)
    if len(found) != 1:
        many = f"{len(found)} stations are called" if found else "No station has the id or the name"
        raise NotThereError(f"{many} {given}.", hint="Give the id, st-…: station-launcher hub stations lists them.")
    return str(found[0].station)


def begin_quarantine(connection: Connection, hub: Hub, station: str, *, by: str, by_name: str, reason: str) -> str:
    """Trust a station no more, whose computer was stolen, say; return the terminal's name.

    Officers who have proved themselves from there prove themselves anew. Raises :class:`NotThereError`, and
    :class:`NotNowError` where the station is in quarantine already.
    """
    row = connection.execute(select(stations).where(stations.c.station == station).with_for_update()).one_or_none()
    if row is None:
        raise NotThereError("There is no such station.")
    if row.quarantined is not None:
        raise NotNowError("The station is quarantined already.")
    why = "an administrator has said so"
    rows.quarantine(connection, hub, row, why, by=by, by_name=by_name, reason=reason)
    return str(row.terminal)


def end_quarantine(
    connection: Connection, hub: Hub, station: str, *, by: str, by_name: str = "", reason: str = ""
) -> str:
    """Trust the key again and return the terminal's name; the next link is taken whatever it is.

    Raises :class:`NotThereError`, and :class:`NotNowError` where the station is in no quarantine.
    """
    row = connection.execute(select(stations).where(stations.c.station == station).with_for_update()).one_or_none()
    if row is None:
        raise NotThereError("There is no such station.")
    if row.quarantined is None:
        raise NotNowError("The station is not quarantined.")
    changed = {"quarantined": None, "quarantined_why": "", "link": ANY_LINK, "link_before": ""}
    connection.execute(update(stations).where(stations.c.station == station).values(changed))
    audit.append(
        connection, hub, "quarantined", actor=by, actor_name=by_name, station=station, terminal=row.terminal,
        reason=reason, details={"ended": True},
    )  # fmt: skip
    return str(row.terminal)


def new_code(connection: Connection, hub: Hub, asked: MakeCode, *, by: str, by_name: str = "") -> EnrolCode:
    """Make a code with which one station enrols, once; it is kept nowhere."""
    now = hub.clock()
    until = now + 3600.0 * (hub.settings.serve.code_hours if asked.hours is None else asked.hours)
    code = rows.make_code(connection, by, now, until, asked.terminal, asked.place)
    audit.append(
        connection, hub, "code-made", actor=by, actor_name=by_name, terminal=asked.terminal,
        details={"place": asked.place, "until": until},
    )  # fmt: skip
    return EnrolCode(code=code, until=until)
