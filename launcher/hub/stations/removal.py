"""Stations that are no more: an administrator has said so, or a computer was enrolled in their place.

What they told and what was done there stays; who was logged on there is not any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Row, delete, select

from launcher.hub import tokens
from launcher.hub.audit import rows as audit
from launcher.hub.errors import NotThereError
from launcher.hub.finding import rows as finding
from launcher.hub.officers import rows as officers
from launcher.hub.sittings import ending
from launcher.hub.sittings.rows import locked
from launcher.hub.sittings.tables import pictures, shown_letters
from launcher.hub.stations import rows
from launcher.hub.stations.tables import stations
from launcher.hub.suspended.tables import barred_told

if TYPE_CHECKING:
    from launcher.hub.service import Hub

REMOVED: Final = "removed"
ENROLLED_ANEW: Final = "the terminal was enrolled anew"


@dataclass(frozen=True, slots=True)
class Gone:
    """Stations that were taken away, and the sittings that ended by it; ``wake``: stations to wake after the commit."""

    why: str
    at: float
    stations: tuple[Row[tuple[object, ...]], ...] = ()
    sittings: tuple[Row[tuple[object, ...]], ...] = ()
    wake: tuple[str, ...] = ()


def remove(connection: Connection, hub: Hub, station: str, *, by: str, by_name: str, reason: str) -> Gone:
    """Take a station away: its key is nobody's, its sittings are over. Raises :class:`NotThereError`."""
    found = connection.execute(select(stations).where(stations.c.station == station)).all()
    if not found:
        raise NotThereError("There is no such station.")
    gone = take_away(connection, hub, found, REMOVED)
    record(connection, hub, gone, by=by, by_name=by_name, reason=reason)
    return gone


def of_name(
    connection: Connection, terminal: str, place: str, *, but: str = ""
) -> Sequence[Row[tuple[object, ...]]]:  # fmt: skip
    """Return the stations of a terminal's name and place, however they are written."""
    alike = rows.called(connection, terminal)
    return [row for row in alike if row.place.casefold() == place.casefold() and row.station != but]


def take_away(connection: Connection, hub: Hub, found: Sequence[Row[tuple[object, ...]]], why: str) -> Gone:
    """Let go of stations and all that only they could use; call :func:`record` with it, as the last thing."""
    at = hub.clock()
    sat: list[Row[tuple[object, ...]]] = []
    wake: list[str] = []
    for row in found:
        if row.quarantined is not None:
            officers.removed_in_quarantine(connection, row.station)  # before sittings, as a report: none waits for both
    for station in (str(row.station) for row in found):
        locked(connection, station)
        over = ending.end_open(connection, station, at, why, final=True)
        for table in (stations, pictures, shown_letters, barred_told):
            connection.execute(delete(table).where(table.c.station == station))
        tokens.drop(connection, "station", station)  # after its row: a proof that was under way has given one
        finding.forget(connection, "terminal", station)
        sat += over.sittings
        wake += (*over.wake, station)
    return Gone(why, at, tuple(found), tuple(sat), tuple(dict.fromkeys(wake)))


def record(connection: Connection, hub: Hub, gone: Gone, *, by: str, by_name: str = "", reason: str = "") -> None:
    """Add rows to the audit: for each sitting that ended, and for each station."""
    ending.record(connection, hub, gone.sittings, gone.at, gone.why)
    for row in gone.stations:
        audit.append(
            connection, hub, "station-removed", actor=by, actor_name=by_name, station=row.station,
            terminal=row.terminal, reason=reason, details={"place": row.place, "why": gone.why},
        )  # fmt: skip
