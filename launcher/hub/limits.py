"""How often somebody may ask for something: counted in the store, so that all processes of a hub count together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Column, Connection, Double, Index, String, Table, delete, select, update

from launcher.hub.database import insert_unless_there, metadata
from launcher.hub.errors import TooOftenError

if TYPE_CHECKING:
    from launcher.hub.service import Hub

MINUTE_S: Final = 60.0

limits: Final = Table(
    "limits",
    metadata,
    Column("who", String(600), primary_key=True),
    Column("what", String(32), primary_key=True),
    Column("spent", Double, nullable=False),  # tries that are not made good for yet, at
    Column("at", Double, nullable=False),
    Index(None, "at"),
)


def count(hub: Hub, who: str, what: str, a_minute: int) -> None:
    """Count one try, in a transaction of its own: it counts whatever comes of it.

    ``a_minute`` tries may come at once, and as many in each minute after. Raises :class:`TooOftenError`, which says
    when the next one may come.
    """
    now = hub.clock()
    with hub.store.writing() as connection:
        wait_s = _counted(connection, who, what, a_minute, now)
    if wait_s > 0:
        raise TooOftenError("You have asked too often in the last minute.", retry_after_s=wait_s)


def sweep(connection: Connection, now: float) -> None:
    """Forget who has long not asked."""
    connection.execute(delete(limits).where(limits.c.at < now - 2 * MINUTE_S))


def _counted(connection: Connection, who: str, what: str, a_minute: int, now: float) -> float:
    """Count it and return 0, or return how long it is until it may be."""
    mine = (limits.c.who == who) & (limits.c.what == what)
    asked = select(limits).where(mine).with_for_update()
    row = connection.execute(asked).one_or_none()
    if row is None:
        if insert_unless_there(connection, limits, {"who": who, "what": what, "spent": 1.0, "at": now}):
            return 0.0
        row = connection.execute(asked).one()  # another process was asked at the same moment
    a_second = a_minute / MINUTE_S
    spent = max(0.0, row.spent - max(0.0, now - row.at) * a_second)
    if spent + 1 > a_minute:
        return float((spent + 1 - a_minute) / a_second)
    connection.execute(update(limits).where(mine).values(spent=spent + 1, at=now))
    return 0.0
