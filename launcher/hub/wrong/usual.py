"""Counts what openings usually take: each full hour once, in whichever process of the hub comes first."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Select, delete, func, insert, select

from launcher.hub.database import insert_unless_there
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
        begun = connection.execute(select(func.min(happenings.c.at))).scalar_one()
    missing = [hour for hour in range(first, last + 1) if hour not in counted]
    before = [hour for hour in missing if begun is None or (hour + 1) * HOUR_S <= begun]
    if before:  # all at once: a new hub has weeks of them
        with hub.store.writing() as connection:
            insert_unless_there(connection, usual_hours, *({"hour": hour} for hour in before))
    for hour in missing[len(before) :]:
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
    if not insert_unless_there(connection, usual_hours, {"hour": hour}):
        return  # another process counts it, or has
    day = hour // DAY_HOURS
    cells = {
        (row.system, row.bucket): row.n
        for row in connection.execute(select(usual).where(usual.c.day == day).with_for_update())
    }
    for kind, outcome in (("launch", "ready"), (SIGN_IN, "signed-in")):
        for row in connection.execute(_counts(kind, outcome, hour)):
            cell = (row.system if kind == "launch" else SIGN_IN, row.bucket)
            cells[cell] = cells.get(cell, 0) + row.n
    connection.execute(delete(usual).where(usual.c.day == day))
    if cells:
        rows = [{"system": system, "day": day, "bucket": bucket, "n": n} for (system, bucket), n in cells.items()]
        connection.execute(insert(usual), rows)


def _counts(kind: str, outcome: str, hour: int) -> Select[tuple[str, int, int]]:
    what = happenings.c
    begin = float(hour * HOUR_S)
    return (
        select(what.system, what.bucket, func.count().label("n"))
        .where(what.kind == kind, what.outcome == outcome, what.again.is_(False))
        .where(what.at >= begin, what.at < begin + HOUR_S)
        .group_by(what.system, what.bucket)
    )
