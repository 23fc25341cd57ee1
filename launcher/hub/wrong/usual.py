"""Counts what openings usually take: each full hour once, in whichever process of the hub comes first."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from launcher.hub.happenings.tables import happenings
from launcher.hub.wrong.rules import SIGN_IN, Histogram
from launcher.hub.wrong.tables import usual, usual_hours

if TYPE_CHECKING:
    from launcher.hub.service import Hub

HOUR_S: Final = 3600
DAY_HOURS: Final = 24
LATE_S: Final = 600.0
"""An hour is counted so long after its end: what a station tells later than that is left out of what is usual."""


def keep(hub: Hub) -> None:
    """Count the full hours that were not counted yet, and forget days that nobody asks for any more."""
    now = hub.clock()
    last = int((now - LATE_S) // HOUR_S) - 1
    first = last - hub.settings.wrong.usual_days * DAY_HOURS + 1
    with hub.store.reading() as connection:
        if _is_counted(connection, last):
            return
        counted = set(connection.execute(select(usual_hours.c.hour).where(usual_hours.c.hour >= first)).scalars())
    for hour in range(first, last + 1):
        if hour not in counted:
            with hub.store.writing() as connection:
                _count_hour(connection, hour)
    with hub.store.writing() as connection:
        connection.execute(delete(usual_hours).where(usual_hours.c.hour < first))
        connection.execute(delete(usual).where(usual.c.day < first // DAY_HOURS))


def usual_of(connection: Connection) -> dict[str, Histogram]:
    """Return the histogram of each system over the days that are kept."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    counts = select(usual.c.system, usual.c.bucket, func.sum(usual.c.n)).group_by(usual.c.system, usual.c.bucket)
    for system, bucket, many in connection.execute(counts):
        found[system][bucket] = int(many)
    return dict(found)


def _is_counted(connection: Connection, hour: int) -> bool:
    return connection.execute(select(usual_hours.c.hour).where(usual_hours.c.hour == hour)).one_or_none() is not None


def _count_hour(connection: Connection, hour: int) -> None:
    try:
        with connection.begin_nested():
            connection.execute(insert(usual_hours).values(hour=hour))
    except IntegrityError:
        return  # another process counts it, or has
    day = hour // DAY_HOURS
    for kind, outcome in (("launch", "ready"), (SIGN_IN, "signed-in")):
        of_kind = happenings.c
        counts = (
            select(of_kind.system, of_kind.bucket, func.count())
            .where(
                of_kind.kind == kind, of_kind.outcome == outcome, of_kind.again.is_(False),
                of_kind.at >= hour * HOUR_S, of_kind.at < (hour + 1) * HOUR_S,
            )
            .group_by(of_kind.system, of_kind.bucket)
        )  # fmt: skip
        for system, bucket, many in connection.execute(counts).all():
            _add(connection, system if kind == "launch" else SIGN_IN, day, bucket, many)


def _add(connection: Connection, system: str, day: int, bucket: int, many: int) -> None:
    cell = (usual.c.system == system, usual.c.day == day, usual.c.bucket == bucket)
    if connection.execute(update(usual).where(*cell).values(n=usual.c.n + many)).rowcount == 0:
        connection.execute(insert(usual).values(system=system, day=day, bucket=bucket, n=many))
