"""What came of commands, in the audit: a command itself is forgotten long before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Row, select, update

from launcher.hub.audit import rows as audit
from launcher.hub.commands.tables import commands
from launcher.hub.commands.where import with_terminal

if TYPE_CHECKING:
    from launcher.hub.service import Hub
    from launcher.wire.hub.commands import Answer

MANY: Final = 500
"""Noted in one transaction: the next time the others."""


def record(connection: Connection, hub: Hub, row: Row[tuple[object, ...]], said: Answer) -> None:
    """Write down a terminal's last answer. ``row``: the command, with its terminal."""
    came_of_it = {"outcome": said.outcome, "covered_ms": said.covered_ms, "took_ms": said.took_ms}
    left = {"left_signed_on": list(said.left_signed_on)} if said.left_signed_on else {}
    audit.append(
        connection, hub, "answered", actor=f"station:{row.station}", subject=str(row.officer), station=str(row.station),
        terminal=str(row.terminal), reference=said.reference, reason=said.words,
        details={**_of(row), **came_of_it, **left},
    )  # fmt: skip


def keep(hub: Hub) -> None:
    """Write down which commands no terminal has taken in their time."""
    over = (commands.c.answered_at.is_(None), commands.c.acknowledged_at.is_(None), commands.c.expires <= hub.clock())
    with hub.store.reading() as connection:
        if connection.execute(select(commands.c.id).where(*over).limit(1)).one_or_none() is None:
            return
    with hub.store.writing() as connection:
        asked = with_terminal().where(*over).order_by(commands.c.id).limit(MANY).with_for_update(of=commands)
        for row in connection.execute(asked).all():
            connection.execute(update(commands).where(commands.c.id == row.id).values(answered_at=hub.clock()))
            audit.append(
                connection, hub, "answered", actor="hub", subject=row.officer, station=row.station,
                terminal=row.terminal, happened=row.expires, details={**_of(row), "outcome": "expired"},
            )  # fmt: skip


def _of(row: Row[tuple[object, ...]]) -> dict[str, object]:
    return {"command": row.id, "act": row.kind, "key": row.act, "sitting": row.sitting, "system": row.system or ""}
