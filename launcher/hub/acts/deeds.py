"""What was done to an officer's sessions, as the officer sees it: who, what and why."""

from __future__ import annotations

import hashlib
from typing import Final

from sqlalchemy import Connection, Row, exists, select

from launcher.hub import database
from launcher.hub.acts.rules import FOR_ONE_SYSTEM, FOR_THE_OFFICER
from launcher.hub.acts.tables import acts
from launcher.hub.commands import outcomes
from launcher.hub.commands.tables import commands
from launcher.hub.commands.where import with_terminal
from launcher.wire.hub.helpdesk import Act
from launcher.wire.hub.officers import Deed

DAYS_S: Final = 7 * 86_400.0
MANY: Final = 50
_ABOVE_COMMANDS: Final = 2**52
"""What no terminal was told of has no command whose number it could have, and gets one that none comes to."""


def deeds_of(connection: Connection, officer: str, now: float | None = None) -> tuple[Deed, ...]:
    """Return what the helpdesk has done to an officer's sessions in the last days, the newest first."""
    now = database.now() if now is None else now
    asked = (
        with_terminal()
        .where(
            commands.c.officer == officer,
            commands.c.made > now - DAYS_S,
            commands.c.kind.not_in(("bring", "ask-supervisor")),  # their own press, and a question
        )
        .order_by(commands.c.id.desc())
        .limit(MANY)
    )
    told = [_deed(row, now) for row in connection.execute(asked)]
    everything = (*told, *without_terminal(connection, officer, now))
    return tuple(sorted(everything, key=lambda one: one.at, reverse=True)[:MANY])


def without_terminal(connection: Connection, officer: str, now: float, within_s: float = DAYS_S) -> tuple[Deed, ...]:
    """Return what was done to an officer of which no terminal of theirs was told, the newest first.

    They were suspended while they were logged on nowhere, or let in again.
    """
    told = exists().where(commands.c.act == acts.c.key, commands.c.officer == officer)
    asked = (
        select(acts)
        .where(acts.c.officer == officer, acts.c.state == "sent", acts.c.made > now - within_s, ~told)
        .order_by(acts.c.made.desc(), acts.c.key)
        .limit(MANY)
    )
    noted = ((row, Act.model_validate_json(row.said)) for row in connection.execute(asked))
    return tuple(
        Deed(
            id=_ABOVE_COMMANDS + int.from_bytes(hashlib.sha256(act.key.encode()).digest()[:6]), at=row.made,
            kind=act.kind, by_name=row.asker_name, reason=act.reason, terminal="", outcome="done",
        )
        for row, act in noted
        if act.kind in FOR_THE_OFFICER
    )  # fmt: skip


def _deed(row: Row[tuple[object, ...]], now: float) -> Deed:
    answer = outcomes.answer_of(row)
    if answer is not None and not (answer.more and row.kind in FOR_ONE_SYSTEM):
        outcome: str = answer.outcome
    else:  # also where a system's officer was given time first, and nothing was done yet
        outcome = "expired" if row.acknowledged_at is None and row.expires <= now else ""
    return Deed(
        id=row.id, at=row.made, kind=row.kind, by_name=row.by_name, reason=row.reason, terminal=row.terminal,
        system=row.system or "", outcome=outcome,
    )  # fmt: skip
