"""Where officers sit, as the stations report it: whom to tell, and what a proof is compared with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, select

from launcher.hub.officers import rows as officers
from launcher.hub.sittings.tables import sittings
from launcher.hub.stations.rows import raise_for


@dataclass(frozen=True, slots=True)
class Seat:
    """One open sitting."""

    sitting: str
    station: str
    terminal: str
    officer: str
    number: str
    name: str
    user_name: str
    state: str


def seat(connection: Connection, sitting: str) -> Seat | None:
    """Return an open sitting."""
    asked = select(sittings).where(sittings.c.sitting == sitting, sittings.c.ended.is_(None))
    row = connection.execute(asked).one_or_none()
    return None if row is None else _seat(row)


def seats_of(connection: Connection, officer: str) -> tuple[Seat, ...]:
    """Return all open sittings of an officer."""
    asked = select(sittings).where(sittings.c.officer == officer, sittings.c.ended.is_(None))
    return tuple(map(_seat, connection.execute(asked.order_by(sittings.c.sitting))))


def of_person(connection: Connection, officer: str, forces: Collection[str]) -> ColumnElement[bool]:
    """Return the condition, on a row of ``sittings``, that one human sat there: under any issuer.

    Whoever is known by the same number or name to log on with is the same person, except in another force (``forces``:
    their domains). A number that a station has told of a sitting alone says nothing: an act on one officer would tell
    where another sits, who does not show.
    """
    known = officers.known(connection, officer)
    alike = () if known is None else officers.of_one_human(connection, known, forces)
    return sittings.c.officer.in_([officer, *(one.officer for one in alike)])


def tell_roles_changed(connection: Connection, officer: str) -> tuple[str, ...]:
    """Count ``roles`` up at each station where the officer sits; return the topics to wake after the commit."""
    stations = tuple(dict.fromkeys(one.station for one in seats_of(connection, officer)))
    for station in sorted(stations):
        raise_for(connection, station, "roles")
    return (f"officer:{officer}", *(f"station:{station}" for station in stations))


def _seat(row: Row[tuple[object, ...]]) -> Seat:
    return Seat(row.sitting, row.station, row.terminal, row.officer, row.number, row.name, row.user_name, row.state)
