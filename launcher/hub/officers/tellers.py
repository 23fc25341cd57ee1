"""By whose word something is known: a station's counts only while the station is trusted.

What stations say is kept with who has said it, as ``station:<id>``; all else that tells something of an officer is a
token's or an administrator's word, and counts whatever happens. Once a station is in quarantine or removed, no role and
no session rests on what it has said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select

from launcher.hub.stations.tables import stations

BY_WORD: Final = "station:"
GONE: Final = f"{BY_WORD}quarantined"
"""In place of a station that was removed while it was in quarantine: no station is called so."""


def by_station(station: str) -> str:
    """Return how a station is named as who has said something."""
    return f"{BY_WORD}{station}"


def is_word(by: str) -> bool:
    """Say whether a station has said it: its word gives way to a token's."""
    return by.startswith(BY_WORD)


def all_count(connection: Connection, by: Iterable[str]) -> bool:
    """Say whether what these have said counts."""
    ids = _stations(by)
    if not ids:
        return True
    trusted = select(func.count()).where(stations.c.station.in_(ids), stations.c.quarantined.is_(None))
    return connection.execute(trusted).scalar_one() == len(ids)


def counts(by: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the same as a condition, of a column that says who has said it."""
    trusted = stations.c.station == func.substr(by, len(BY_WORD) + 1), stations.c.quarantined.is_(None)
    return or_(by.not_like(f"{BY_WORD}%"), exists().where(*trusted))


def distrusted(connection: Connection, by: Iterable[str]) -> frozenset[str]:
    """Return those whose word gives way to any other's: in quarantine now, or when they were removed.

    Not one that was removed as a good one: what it has said is no lie.
    """
    asked = select(stations.c.station).where(stations.c.station.in_(_stations(by)), stations.c.quarantined.is_not(None))
    return frozenset({GONE, *map(by_station, connection.execute(asked).scalars())})


def _stations(by: Iterable[str]) -> Collection[str]:
    return {one.removeprefix(BY_WORD) for one in by if is_word(one)}
