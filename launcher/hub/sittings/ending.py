"""Noting that sittings are over: as their station says it, or where it will say nothing any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Row, select, update

from launcher.hub.audit import rows as audit
from launcher.hub.sittings import elsewhere
from launcher.hub.sittings.elsewhere import Changed
from launcher.hub.sittings.tables import sittings

if TYPE_CHECKING:
    from launcher.hub.service import Hub


@dataclass(frozen=True, slots=True)
class Over:
    """The sittings that were ended, as they were; ``wake``: stations to wake (``elsewhere``) after the commit."""

    sittings: tuple[Row[tuple[object, ...]], ...] = ()
    wake: tuple[str, ...] = ()


def end_open(connection: Connection, station: str, at: float, reason: str, *, final: bool) -> Over:
    """End all open sittings of a station; the caller holds its picture's row (:func:`rows.locked`).

    ``final``: no report opens them again.
    """
    here = select(sittings).where(sittings.c.station == station, sittings.c.ended.is_(None))
    gone = tuple(connection.execute(here))
    moved = frozenset(row.officer for row in gone)
    elsewhere.lock(connection, moved)
    note(connection, [row.sitting for row in gone], at, reason, final=final)
    return Over(gone, elsewhere.raise_for(connection, station, Changed(moved, frozenset())))


def note(connection: Connection, gone: Collection[str], at: float, reason: str = "", *, final: bool) -> None:
    """Write down that sittings have ended; without a ``reason`` their station tells it by itself."""
    if gone:
        ended: dict[str, object] = {"ended": at, "open_systems": 0, "end_told": final}
        if reason:
            ended["ended_reason"] = reason
        connection.execute(update(sittings).where(sittings.c.sitting.in_(gone)).values(ended))


def record(connection: Connection, hub: Hub, gone: Iterable[Row[tuple[object, ...]]], at: float, reason: str) -> None:
    """Add a row to the audit for each of them."""
    for row in gone:
        audit.append(
            connection, hub, "sign-in-ended", actor=row.officer, actor_name=row.name, station=row.station,
            terminal=row.terminal, reason=reason, details={"sitting": row.sitting}, happened=at,
        )  # fmt: skip
