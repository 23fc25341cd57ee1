"""A station's words about who somebody is: noted, and in the audit where they do not go with what is known."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from launcher.hub import limits
from launcher.hub.audit import rows as audit
from launcher.hub.errors import TooOftenError
from launcher.hub.officers import rows
from launcher.hub.officers.errors import OfficerTicketRefusedError
from launcher.hub.officers.guarded import guarded_groups
from launcher.hub.officers.tables import officers
from launcher.hub.officers.tellers import by_station
from launcher.hub.sittings.tables import sittings
from launcher.hub.stations.tables import stations
from launcher.wire.hub.sittings import Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from launcher.hub.service import Hub


def note(connection: Connection, hub: Hub, station: str, people: Iterable[Person]) -> dict[Person, str]:
    """Note people as a station tells of them; return those whose name to log on with is not taken for sure, and why.

    The caller gives them to :func:`record`, at the end of its transaction.
    """
    guarded = guarded_groups(hub.settings)
    why: dict[Person, str] = {}
    for person in sorted(people, key=lambda one: one.officer):  # in one order: two of these never wait for each other
        why[person] = rows.note(connection, person, by_station(station), hub.clock(), guarded)
    return {person: said for person, said in why.items() if said}


def give_way(connection: Connection, hub: Hub, station: str) -> None:
    """Have the numbers and names that a station in quarantine has told give way to what others have told last.

    Of whom no other has told they stay until a token or another station tells of them: when they next log on.
    """
    by = by_station(station)
    is_other = or_(sittings.c.number != officers.c.number, sittings.c.name != officers.c.name)
    asked = (
        select(sittings)
        .join(officers, officers.c.officer == sittings.c.officer)
        .join(stations, stations.c.station == sittings.c.station)
        .where(or_(officers.c.number_by == by, officers.c.name_by == by))
        .where(is_other, sittings.c.station != station, stations.c.quarantined.is_(None))
        .order_by(sittings.c.officer, sittings.c.since)
        .with_for_update(of=officers, skip_locked=True)  # the station's row is held, which reports take after these
    )
    last = {row.officer: row for row in connection.execute(asked)}
    for row in last.values():
        said = Person(officer=row.officer, number=row.number, name=row.name, user_name=row.user_name)
        rows.note(connection, said, by_station(row.station), hub.clock(), guarded_groups(hub.settings))


def record(connection: Connection, hub: Hub, station: str, terminal: str, not_sure: Mapping[Person, str]) -> None:
    """Write down why what a station has told of somebody is not taken for sure: once an hour of each officer."""
    for person, why in not_sure.items():
        with suppress(TooOftenError):
            limits.count_in(connection, person.officer, "words-told", 1, limits.HOUR_S, hub.clock())
            audit.append(
                connection, hub, "refused", actor=f"station:{station}", subject=person.officer, station=station,
                terminal=terminal, reference=OfficerTicketRefusedError.reference, reason=why,
                details={"user_name": person.user_name},
            )  # fmt: skip
