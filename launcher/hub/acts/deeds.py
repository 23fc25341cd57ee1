"""What was done to an officer's sessions, as the officer sees it: who, what and why."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Row, select

from launcher.hub import database
from launcher.hub.commands.tables import commands
from launcher.hub.stations.tables import stations
from launcher.wire.hub.commands import Answer
from launcher.wire.hub.officers import Deed

DAYS_S: Final = 7 * 86_400.0
MANY: Final = 50


def deeds_of(connection: Connection, officer: str, now: float | None = None) -> tuple[Deed, ...]:
    """Return what the helpdesk has done to an officer's sessions in the last days, the newest first."""
    now = database.now() if now is None else now
    asked = (
        select(commands, stations.c.terminal)
        .join(stations, stations.c.station == commands.c.station)
        .where(
            commands.c.officer == officer,
            commands.c.made > now - DAYS_S,
            commands.c.kind.not_in(("bring", "ask-supervisor")),  # their own press, and a question
        )
        .order_by(commands.c.id.desc())
        .limit(MANY)
    )
    return tuple(_deed(row, now) for row in connection.execute(asked))


def _deed(row: Row[tuple[object, ...]], now: float) -> Deed:
    if row.answer is not None:
        outcome: str = Answer.model_validate_json(row.answer).outcome
    else:
        outcome = "expired" if row.acknowledged_at is None and row.expires <= now else ""
    return Deed(
        id=row.id, at=row.made, kind=row.kind, by_name=row.by_name, reason=row.reason, terminal=row.terminal,
        system=row.system or "", outcome=outcome,
    )  # fmt: skip
