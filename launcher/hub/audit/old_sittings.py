"""Removes sittings, what happened, was ordered and agreed to there, and what was told: in time, unless it is held.

Of what is counted the newest stays: SQLite would give its number out again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, ScalarSelect, Table, and_, delete, func, literal, not_, select, tuple_

from launcher.hub.audit.holds import covers
from launcher.hub.audit.retention import DAY_S
from launcher.hub.commands.tables import commands
from launcher.hub.happenings.tables import happenings
from launcher.hub.officers.tables import role_grants
from launcher.hub.second.tables import second_requests
from launcher.hub.sittings.tables import sittings
from launcher.hub.stations.tables import stations
from launcher.hub.told.tables import told

if TYPE_CHECKING:
    from launcher.hub.service import Hub

BATCH: Final = 2000
"""Rows removed in one transaction: stations that tell something meanwhile do not wait for long."""


def keep(hub: Hub) -> int:
    """Remove what is over; return how many rows that were."""
    before = hub.clock() - hub.settings.audit.sitting_days * DAY_S
    return sum(_remove(hub, table, over) for table, over in _over(before))


def _over(before: float) -> tuple[tuple[Table, ColumnElement[bool]], ...]:
    what, sat, said = happenings.c, sittings.c, told.c
    held_happening = covers(officers=(what.officer,), terminal=what.terminal, begin=what.at, end_=what.at)
    held_sitting = covers(officers=(sat.officer,), terminal=sat.terminal, begin=sat.since, end_=sat.ended)
    held_telling = covers(officers=(said.officer,), terminal=said.terminal, begin=said.at, end_=said.at)
    ordered = commands.c
    terminal = select(stations.c.terminal).where(stations.c.station == ordered.station).scalar_subquery()
    sat_at = select(sat.terminal).where(sat.sitting == ordered.sitting).scalar_subquery()
    held_command = covers(
        officers=(ordered.officer,), terminal=func.coalesce(terminal, sat_at, ""), begin=ordered.made, end_=ordered.made
    )  # fmt: skip
    return (
        (happenings, and_(what.at < before, not_(held_happening))),
        (sittings, and_(sat.ended < before, not_(held_sitting))),
        (told, and_(said.at < before, not_(held_telling), said.id < _newest(said.id))),
        (commands, and_(ordered.made < before, not_(held_command), ordered.id < _newest(ordered.id))),
        *_agreed(before),
    )


def _agreed(before: float) -> tuple[tuple[Table, ColumnElement[bool]], ...]:
    """Roles that were granted, and what a second person was asked for."""
    given, asked = role_grants.c, second_requests.c
    held_grant = covers(
        officers=(given.officer, given.granted_by), terminal=literal(""), begin=given.at, end_=given.until
    )  # fmt: skip
    held_request = covers(
        officers=(asked.officer, asked.by, asked.second), terminal=asked.terminal, begin=asked.made, end_=asked.expires
    )  # fmt: skip
    return (
        (role_grants, and_(given.until < before, not_(held_grant), given.id < _newest(given.id))),
        (second_requests, and_(asked.expires < before, not_(held_request))),
    )


def _newest(number: ColumnElement[int]) -> ScalarSelect[int]:
    return select(func.max(number)).correlate(None).scalar_subquery()


def _remove(hub: Hub, table: Table, over: ColumnElement[bool]) -> int:
    key = tuple(table.primary_key.columns)
    removed = 0
    while True:
        with hub.store.writing() as connection:
            some = connection.execute(select(*key).where(over).limit(BATCH)).all()
            if some:
                connection.execute(delete(table).where(tuple_(*key).in_([tuple(row) for row in some])))
        removed += len(some)
        if len(some) < BATCH:
            return removed
