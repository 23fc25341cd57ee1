"""Taking a station's picture: which sittings are open there, and what has ended since the last one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, select, update

from launcher.hub.database import insert_unless_there
from launcher.hub.errors import NotNowError
from launcher.hub.finding import rows as finding
from launcher.hub.officers import words
from launcher.hub.sittings import bounds, elsewhere, ending, letters
from launcher.hub.sittings.clocks import StationClock, clock_of
from launcher.hub.sittings.elsewhere import Changed
from launcher.hub.sittings.tables import pictures, sittings, system_names
from launcher.hub.stations.errors import StationUnknownError
from launcher.hub.stations.tables import stations
from launcher.wire.hub.sittings import OpenSystem, Person, Sitting

if TYPE_CHECKING:
    from launcher.hub.requests import AskingStation
    from launcher.hub.service import Hub
    from launcher.wire.hub.sittings import Report

__all__ = ["BEGAN_ANEW", "locked", "open_of", "sitting_of", "systems_of", "take"]

BEGAN_ANEW: Final = "the station ended"
_SEEN_ELSEWHERE: Final = ("state", "open_systems", "unsaved")
_SYSTEMS: Final = TypeAdapter(tuple[OpenSystem, ...])


def take(connection: Connection, hub: Hub, station: AskingStation, said: Report) -> tuple[str, ...]:
    """Take a whole picture; an older one of the same run changes nothing.

    Returns the stations whose ``elsewhere`` was counted up: they are woken after the commit. Raises
    :class:`NotNowError` where the picture is not of the run that proved itself, or names another station's sitting, and
    :class:`TooOftenError` where more officers come to it than can.
    """
    if said.boot != station.boot:
        raise NotNowError("The report is of another run of the station than the one that proved itself.")
    picture = locked(connection, station.id)
    if picture.boot == said.boot and said.number <= picture.number:
        return ()
    now = hub.clock()
    connection.execute(
        update(pictures)
        .where(pictures.c.station == station.id)
        .values(boot=said.boot, number=said.number, at=now)
    )  # fmt: skip
    known = _known(connection, station.id, said)
    told = {one.sitting: one for one in said.sittings if not _over(known.get(one.sitting))}
    gone = [row for row in known.values() if row.ended is None and row.sitting not in told]
    came = [one for one in told.values() if one.sitting not in known or known[one.sitting].ended is not None]
    bounds.some_more_sittings(connection, station, len(came), now)
    finding.note(connection, "terminal", station.id, (station.terminal, station.place))
    not_sure = words.note(connection, hub, station.id, [one.person for one in came])
    moved = frozenset({one.person.officer for one in came} | {row.officer for row in gone})
    elsewhere.lock(connection, moved)
    altered = _write(connection, station, known, told.values(), clock_of(said.at, now))
    began_anew = picture.boot not in ("", said.boot)
    why = BEGAN_ANEW if began_anew else ""
    ending.note(connection, [row.sitting for row in gone], now, why, final=began_anew)
    letters.show(connection, station.id, said, frozenset(told), now)
    raised = elsewhere.raise_for(connection, station.id, Changed(moved, altered))
    if began_anew:
        ending.record(connection, hub, gone, now, why)
    words.record(connection, hub, station.id, station.terminal, not_sure)
    return raised


def locked(connection: Connection, station: str) -> Row[tuple[object, ...]]:
    """Return the station's row of what it has told; until the commit nothing else that it tells is taken.

    Raises :class:`StationUnknownError` where it was removed meanwhile.
    """
    known = select(pictures).join(stations, stations.c.station == pictures.c.station)
    asked = known.where(pictures.c.station == station).with_for_update(of=pictures)
    row = connection.execute(asked).one_or_none()
    if row is None:
        insert_unless_there(connection, pictures, {"station": station})
        row = connection.execute(asked).one_or_none()  # which another request may have made at this moment
    if row is None:
        raise StationUnknownError("The station is not known here.")
    return row


def sitting_of(row: Row[tuple[object, ...]], *, groups: tuple[str, ...] = ()) -> Sitting:
    """Return a sitting as it was reported; its officer's groups are kept elsewhere."""
    person = Person(officer=row.officer, number=row.number, name=row.name, user_name=row.user_name, groups=groups)
    return Sitting.model_validate(
        {
            "sitting": row.sitting, "person": person, "since": row.since, "state": row.state,
            "state_since": row.state_since, "systems": systems_of(row.systems), "unsaved": row.unsaved,
            "running": row.running, "proved_by": row.proved_by,
        }
    )  # fmt: skip


def systems_of(kept: str) -> tuple[OpenSystem, ...]:
    """Return the open systems of a row."""
    return _SYSTEMS.validate_json(kept)


def open_of(connection: Connection, officer: str) -> list[Row[tuple[object, ...]]]:
    """Return the open sittings of an officer, the oldest first."""
    asked = select(sittings).where(sittings.c.officer == officer, sittings.c.ended.is_(None))
    return list(connection.execute(asked.order_by(sittings.c.since, sittings.c.sitting)))


def _over(row: Row[tuple[object, ...]] | None) -> bool:
    return row is not None and bool(row.end_told)


def _known(connection: Connection, station: str, said: Report) -> dict[str, Row[tuple[object, ...]]]:
    """Return the rows of all sittings that are named or still open at the station."""
    named = [one.sitting for one in said.sittings]
    if len(set(named)) != len(named):
        raise NotNowError("The report names a sitting twice.")
    here = (sittings.c.station == station) & sittings.c.ended.is_(None)
    known = {
        row.sitting: row for row in connection.execute(select(sittings).where(here | sittings.c.sitting.in_(named)))
    }
    for one in said.sittings:
        row = known.get(one.sitting)
        if row is not None and (row.station != station or row.officer != one.person.officer):
            raise _taken()
    return known


def _taken() -> NotNowError:
    return NotNowError("A sitting of this name is another station's or another officer's.")


def _write(
    connection: Connection,
    station: AskingStation,
    known: dict[str, Row[tuple[object, ...]]],
    told: Iterable[Sitting],
    clock: StationClock,
) -> frozenset[str]:
    """Write the sittings that are new or have changed; return the officers of those that others see otherwise now."""
    altered: set[str] = set()
    for one in told:
        row = known.get(one.sitting)
        now_told = _told(one, row, clock)
        if row is None:
            who = {"officer": one.person.officer, "number": one.person.number, "name": one.person.name}
            where = {"station": station.id, "terminal": station.terminal, "place": station.place, "boot": station.boot}
            made = {"sitting": one.sitting, "user_name": one.person.user_name, **who, **where, **now_told}
            if not insert_unless_there(connection, sittings, made):
                raise _taken()  # at this moment, by another station
        elif any(getattr(row, field) != value for field, value in now_told.items()) or row.boot != station.boot:
            changed = {**now_told, "boot": station.boot}
            connection.execute(update(sittings).where(sittings.c.sitting == one.sitting).values(changed))
            if any(getattr(row, field) != now_told[field] for field in _SEEN_ELSEWHERE):
                altered.add(one.person.officer)
        _note_names(connection, one, row)
    return frozenset(altered)


def _told(one: Sitting, row: Row[tuple[object, ...]] | None, clock: StationClock) -> dict[str, object]:
    # What has not changed stays: on the hub's clock it is a little otherwise each time.
    since = clock.on_hubs(one.since) if row is None else row.since
    state_since = clock.on_hubs(one.state_since) if row is None or row.state != one.state else row.state_since
    return {
        "proved_by": one.proved_by, "since": since, "state": one.state, "state_since": state_since,
        "systems": _SYSTEMS.dump_json(_systems(one, clock)).decode(), "open_systems": len(one.systems),
        "unsaved": one.unsaved, "running": one.running, "ended": None, "ended_reason": "",
    }  # fmt: skip


def _systems(one: Sitting, clock: StationClock) -> tuple[OpenSystem, ...]:
    if not clock.ahead_s:
        return one.systems
    return tuple(system.model_copy(update={"since": clock.on_hubs(system.since)}) for system in one.systems)


def _note_names(connection: Connection, one: Sitting, row: Row[tuple[object, ...]] | None) -> None:
    """Keep what systems are called on the screens, as they are first seen open in a sitting."""
    before = {system.system for system in systems_of(row.systems)} if row is not None else set()
    names = {system.system: system.name for system in one.systems if system.system not in before and system.name}
    if not names:
        return
    asked = select(system_names.c.system, system_names.c.name).where(system_names.c.system.in_(names))
    known = {row.system: row.name for row in connection.execute(asked)}
    new = [{"system": system, "name": names[system]} for system in sorted(names) if system not in known]
    if new:
        insert_unless_there(connection, system_names, *new)
    for system in sorted(known):
        if known[system] != names[system]:
            of_it = system_names.c.system == system
            connection.execute(update(system_names).where(of_it).values(name=names[system]))
