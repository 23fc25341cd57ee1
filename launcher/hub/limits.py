"""How often somebody may ask for something: counted in the store, so that all processes of a hub count together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Column, Connection, Double, Index, String, Table, delete, select, update

from launcher.hub.database import insert_unless_there, metadata
from launcher.hub.errors import TooOftenError

if TYPE_CHECKING:
    from launcher.hub.service import Hub

MINUTE_S: Final = 60.0
HOUR_S: Final = 3600.0
DAY_S: Final = 86_400.0
_LATELY: Final = {MINUTE_S: "minute", HOUR_S: "hour", DAY_S: "day"}

limits: Final = Table(
    "limits",
    metadata,
    Column("who", String(600), primary_key=True),
    Column("what", String(32), primary_key=True),
    Column("spent", Double, nullable=False),  # tries that are not made good for yet, at
    Column("at", Double, nullable=False),
    Index(None, "at"),
)


def count(hub: Hub, who: str, what: str, most: int, within_s: float = MINUTE_S) -> None:
    """Count one try, in a transaction of its own: it counts whatever comes of it. See :func:`count_in`."""
    with hub.store.writing() as connection:
        count_in(connection, who, what, most, within_s, hub.clock())


def count_in(
    connection: Connection, who: str, what: str, most: int, within_s: float, now: float, *, tries: int = 1
) -> None:
    """Count some tries: ``most`` may come at once, and as many in each ``within_s`` after (a day at most).

    Raises :class:`TooOftenError`, which says when they may come; none of them counts then.
    """
    spent = _spent(connection, who, what, most / within_s, now)
    beyond = spent + tries - most
    if beyond > 0:
        wait_s = min(within_s, beyond * within_s / most)
        raise TooOftenError(f"You have asked too often in the last {_LATELY[within_s]}.", retry_after_s=wait_s)
    _spend(connection, who, what, spent + tries, now)


def as_many_in(
    connection: Connection, who: str, what: str, most: int, within_s: float, now: float, *, tries: int
) -> int:  # fmt: skip
    """Count as many of some tries as may come, and return how many those are; see :func:`count_in`."""
    if not tries:
        return 0
    spent = _spent(connection, who, what, most / within_s, now)
    many = min(tries, max(0, int(most - spent)))
    if many:
        _spend(connection, who, what, spent + many, now)
    return many


def sweep(connection: Connection, now: float) -> None:
    """Forget who has long not asked."""
    connection.execute(delete(limits).where(limits.c.at < now - DAY_S))


def _spent(connection: Connection, who: str, what: str, a_second: float, now: float) -> float:
    """Return what is not made good for yet, and lock it."""
    asked = select(limits).where(limits.c.who == who, limits.c.what == what).with_for_update()
    row = connection.execute(asked).one_or_none()
    if row is None:
        if insert_unless_there(connection, limits, {"who": who, "what": what, "spent": 0.0, "at": now}):
            return 0.0
        row = connection.execute(asked).one()  # another process was asked at the same moment
    return max(0.0, float(row.spent) - max(0.0, now - float(row.at)) * a_second)


def _spend(connection: Connection, who: str, what: str, spent: float, now: float) -> None:
    mine = (limits.c.who == who) & (limits.c.what == what)
    connection.execute(update(limits).where(mine).values(spent=spent, at=now))
