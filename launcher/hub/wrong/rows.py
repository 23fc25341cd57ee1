"""Reads what is wrong now from what stations have told in the last minutes: at once, nothing is counted beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select

from launcher.hub.happenings.tables import happenings
from launcher.hub.sittings.tables import system_names
from launcher.hub.stations.reach import reachable_clause
from launcher.hub.stations.tables import stations
from launcher.hub.wrong import rules
from launcher.hub.wrong.rules import Cell, Fault
from launcher.hub.wrong.usual import usual_of
from launcher.wire.hub.helpdesk import WrongNow

if TYPE_CHECKING:
    from launcher.hub.service import Hub

MANY: Final = 40
"""More are not said: who has forty faults needs none more."""
AHEAD_S: Final = 300.0
"""A station's clock may be ahead by so much."""


def wrong_now(connection: Connection, hub: Hub) -> tuple[WrongNow, ...]:
    """Return what is wrong, the worst first; terminals that are away come before systems. No restricted system is."""
    restricted = hub.settings.helpdesk.restricted_systems
    begin = hub.clock() - hub.settings.wrong.minutes * 60
    cells = [cell for cell in _cells(connection, begin, hub.clock()) if cell.system not in restricted]
    found = rules.faults(cells, usual_of(connection), hub.settings.wrong)[:MANY]
    names = _names(connection, {fault.cell.system for fault in found})
    away = _away(connection, hub)
    return (*away, *(_said(connection, fault, names, begin, hub.clock()) for fault in found))


def _cells(connection: Connection, begin: float, end: float) -> list[Cell]:
    cells: dict[tuple[str, str], Cell] = {}
    for row in connection.execute(_counts(begin, end)):
        cell = cells.setdefault((row.system, row.place), Cell(row.system, row.place))
        cell.tried += row.n
        if row.came == _DONE:
            cell.took[row.bucket] = row.n
        elif row.came == _FAILED:
            cell.failures += row.n
            cell.stations.add(row.station)
            cell.since = row.since if cell.since is None else min(cell.since, row.since)
            cell.references[row.reference] = cell.references.get(row.reference, 0) + row.n
    return list(cells.values())


_DONE: Final = 1
_FAILED: Final = 2
_what = happenings.c
_system: Final[ColumnElement[str]] = case((_what.kind == rules.SIGN_IN, rules.SIGN_IN), else_=_what.system)
_done: Final[ColumnElement[bool]] = or_(
    and_(_what.kind == "launch", _what.outcome == "ready", _what.again.is_(False)),
    and_(_what.kind == rules.SIGN_IN, _what.outcome == "signed-in"),
)
_failed: Final[ColumnElement[bool]] = or_(
    and_(_what.kind == "launch", _what.outcome.in_(rules.FAILED)),
    and_(
        _what.kind == rules.SIGN_IN,
        or_(_what.outcome == "unknown", *(_what.reference.startswith(one) for one in rules.SERVERS_FAULT)),
    ),
)
_tried: Final[ColumnElement[bool]] = or_(_failed, _what.outcome.in_(("ready", "unknown", "signed-in")))


def _lately(begin: float, end: float) -> tuple[ColumnElement[bool], ...]:
    """The condition that it happened in that time and was told in it: what a station tells days later is not now."""
    return (
        _what.kind.in_(("launch", rules.SIGN_IN)), _what.at > begin, _what.at < end + AHEAD_S, _what.received > begin
    )  # fmt: skip


def _counts(begin: float, end: float) -> Select[tuple[str, str, int, int, str, str, int, float]]:
    """The question for counts, in one pass: of what was done by bucket, of what failed by station and reference."""
    asked = select(
        _system.label("system"), _what.place.label("place"),
        case((_done, _DONE), (_failed, _FAILED), else_=0).label("came"),
        case((_done, _what.bucket), else_=0).label("bucket"),
        case((_failed, _what.station), else_="").label("station"),
        case((_failed, _what.reference), else_="").label("reference"),
        func.count().label("n"), func.min(_what.at).label("since"),
    )  # fmt: skip
    return asked.where(*_lately(begin, end), _tried).group_by(*asked.selected_columns[:6])


def _said(
    connection: Connection, fault: Fault, names: dict[str, str], begin: float, end: float
) -> WrongNow:  # fmt: skip
    cell = fault.cell
    failing = fault.kind == "failing"
    since = begin if cell.since is None else cell.since
    return WrongNow(
        system=cell.system, name=names.get(cell.system, cell.system), place=cell.place, kind=fault.kind,
        n=cell.tried if failing else cell.opened, failures=cell.failures, terminals=len(cell.stations),
        p95_ms=fault.p95_ms, usual_p95_ms=fault.usual_p95_ms, reference=cell.reference if failing else "",
        words=_words(connection, cell, begin, end) if failing else "", since=since,
    )  # fmt: skip


def _words(connection: Connection, cell: Cell, begin: float, end: float) -> str:
    """Return the last words that the failing system itself has said there."""
    here = [_what.place == cell.place] if cell.place != rules.EVERYWHERE else []
    found = connection.execute(
        select(_what.words)
        .where(*_lately(begin, end), _failed, _system == cell.system, _what.reference == cell.reference, *here)
        .where(_what.words != "")
        .order_by(_what.at.desc())
        .limit(1)
    )
    return found.scalar_one_or_none() or ""


def _names(connection: Connection, systems: set[str]) -> dict[str, str]:
    asked = select(system_names.c.system, system_names.c.name).where(system_names.c.system.in_(systems))
    return {row.system: row.name for row in connection.execute(asked)} | {rules.SIGN_IN: "Log on"}


def _away(connection: Connection, hub: Hub) -> list[WrongNow]:
    """Return the places of which half the terminals are away that were there within the last day."""
    limits = hub.settings.wrong
    gone = case((reachable_clause(hub), 0), else_=1)
    missed = select(
        stations.c.place, func.count().label("n"), func.sum(gone).label("away"),
        func.min(case((gone == 1, stations.c.heard))).label("since"),
    )  # fmt: skip
    rows = connection.execute(
        missed.where(stations.c.quarantined.is_(None), stations.c.heard > hub.clock() - limits.away_hours * 3600)
        .group_by(stations.c.place)
        .having(func.sum(gone) >= limits.away_terminals, func.sum(gone) * 2 >= func.count())
        .order_by(func.sum(gone).desc(), stations.c.place)
        .limit(MANY)
    ).all()
    return [_said_away(row) for row in rows]


def _said_away(row: Row[tuple[str, int, int, float]]) -> WrongNow:
    return WrongNow(
        system="", name="", place=row.place, kind="terminals-away", n=row.n, failures=row.away, terminals=row.away,
        since=row.since,
    )  # fmt: skip
