"""How much one station may do in some time by its word alone: many times what officers do there, not a whole force's.

Whoever holds a stolen station's key can say that anybody is logged on there, is told where else they are, and can end
that. Until the station is quarantined, these bounds are what it costs them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from launcher.hub import limits
from launcher.hub.audit import rows as audit
from launcher.hub.errors import TooOftenError
from launcher.wire.hub.barred import officer_digest

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from launcher.hub.requests import AskingStation
    from launcher.hub.service import Hub

_log = logging.getLogger("launcher.hub")

SITTINGS: Final = 120
"""Officers who come to one terminal in an hour: one each half minute, all of the time."""
BRINGS: Final = 20
"""Sittings that are brought to one terminal in an hour."""
PEOPLE: Final = 120
"""Officers who become known, or known otherwise, in an hour by what a terminal says to have begun there."""
HAPPENED: Final = 20_000
"""Things that happened at one terminal and are kept, in a day.

As many as a terminal that was cut off keeps for its hub (its journal's own bound), and comes with at once. Ten officers
who share one make some 200 in a day; 720, one in each two minutes of day and night, would make 15,000.
"""
BEGAN: Final = 2_000
"""Of those, sittings that began: one in each 43 s of day and night; or 280 a day of a week, told at once after it.

As many have ended.
"""
BEGAN_OF_ONE: Final = 200
"""Of those that began, one officer's: one in each seven minutes of day and night; or 28 a day of a week, at once."""


def some_more_sittings(connection: Connection, station: AskingStation, many: int, now: float) -> None:
    """Count officers who have come to a station. Raises :class:`TooOftenError`."""
    if many:
        limits.count_in(connection, _who(station), "sittings", SITTINGS, limits.HOUR_S, now, tries=many)


def one_more_bring(connection: Connection, station: AskingStation, now: float) -> None:
    """Count a sitting that is brought to a station. Raises :class:`TooOftenError`."""
    limits.count_in(connection, _who(station), "brought", BRINGS, limits.HOUR_S, now)


def as_many_people(connection: Connection, station: AskingStation, many: int, now: float) -> int:
    """Count people of whom a station has told something new, and return of how many it is taken.

    No refusal: what happened is taken all the same, also from a station that was cut off for days.
    """
    return limits.as_many_in(connection, _who(station), "people", PEOPLE, limits.HOUR_S, now, tries=many)


def as_many_happened(connection: Connection, station: AskingStation, many: int, now: float) -> int:
    """Count things that happened at a station, and return how many of them are kept."""
    return limits.as_many_in(connection, _who(station), "happened", HAPPENED, limits.DAY_S, now, tries=many)


def as_many_began(connection: Connection, station: AskingStation, many: int, now: float) -> int:
    """Count sittings that began at a station, and return how many of them are kept."""
    return limits.as_many_in(connection, _who(station), "began", BEGAN, limits.DAY_S, now, tries=many)


def as_many_ended(connection: Connection, station: AskingStation, many: int, now: float) -> int:
    """Count sittings that ended at a station, and return how many of these ends are kept."""
    return limits.as_many_in(connection, _who(station), "ended", BEGAN, limits.DAY_S, now, tries=many)


def as_many_of_one(connection: Connection, station: AskingStation, officer: str, many: int, now: float) -> int:
    """Count one officer's sittings that began at a station, and return how many of them are kept."""
    who = f"{_who(station)}:{officer_digest(officer)}"  # a key by itself may be as long as the column
    return limits.as_many_in(connection, who, "began", BEGAN_OF_ONE, limits.DAY_S, now, tries=many)


@contextmanager
def watched(hub: Hub, station: AskingStation) -> Iterator[None]:
    """Write down that a station has come to one of its bounds, once an hour, in a transaction after the block's."""
    try:
        yield
    except TooOftenError:
        with hub.store.writing() as connection:
            record(connection, hub, station)
        raise


def record(connection: Connection, hub: Hub, station: AskingStation) -> None:
    """Write down that a station has come to one of its bounds, once an hour: as the last thing of a transaction."""
    with suppress(TooOftenError):
        limits.count_in(connection, _who(station), "bounds-told", 1, limits.HOUR_S, hub.clock())
        _log.warning("hub-station-bounded: %s tells or does more than officers do at one terminal", station.id)
        audit.append(
            connection, hub, "refused", actor=_who(station), station=station.id, terminal=station.terminal,
            reference=TooOftenError.reference, details={"bounds": "more than officers do at one terminal"},
        )  # fmt: skip


def _who(station: AskingStation) -> str:
    return f"station:{station.id}"
