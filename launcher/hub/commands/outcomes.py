"""What came of commands, in the audit: a command itself is forgotten long before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Row, or_, select, update

from launcher.hub.audit import rows as audit
from launcher.hub.commands.tables import commands
from launcher.hub.commands.where import with_terminal
from launcher.wire.hub.commands import Answer

if TYPE_CHECKING:
    from launcher.hub.service import Hub

MANY: Final = 500
"""Noted in one transaction: the next time the others."""
WAITED_FOR_S: Final = 12 * 3600.0
"""A command that was taken is waited for so long after its time.

A terminal that went off in the midst of it is on again with the next shift, and says itself what it knows. What is said
later than that is written down, too.
"""
NEVER_SAID: Final = "The terminal has taken it and not said what came of it."


def record(connection: Connection, hub: Hub, row: Row[tuple[object, ...]], said: Answer) -> None:
    """Write down a terminal's last answer. ``row``: the command, with its terminal."""
    came_of_it = {"outcome": said.outcome, "covered_ms": said.covered_ms, "took_ms": said.took_ms}
    left = {"left_signed_on": list(said.left_signed_on)} if said.left_signed_on else {}
    audit.append(
        connection, hub, "answered", actor=f"station:{row.station}", subject=str(row.officer), station=str(row.station),
        terminal=str(row.terminal), reference=said.reference, reason=said.words,
        details={**_of(row), **came_of_it, **left},
    )  # fmt: skip


def said_last(row: Row[tuple[object, ...]]) -> Answer | None:
    """Return the last word of a command's terminal; None: it has said nothing of it."""
    return None if row.answer is None else Answer.model_validate_json(str(row.answer))


def answer_of(row: Row[tuple[object, ...]]) -> Answer | None:
    """Return what came of a command: its terminal's last word; ``unknown`` where that is not waited for any more."""
    said = said_last(row)
    given_up = row.answered_at is not None and row.acknowledged_at is not None and (said is None or said.more)
    return _known(row, said) if given_up else said


def keep(hub: Hub) -> None:
    """Write down which commands no terminal has taken in their time, and of which none has said what came of them."""
    now = hub.clock()
    not_taken, waited_for = commands.c.acknowledged_at.is_(None), commands.c.expires <= now - WAITED_FOR_S
    over = (commands.c.answered_at.is_(None), commands.c.expires <= now, or_(not_taken, waited_for))
    with hub.store.reading() as connection:
        if connection.execute(select(commands.c.id).where(*over).limit(1)).one_or_none() is None:
            return
    with hub.store.writing() as connection:
        asked = with_terminal().where(*over).order_by(commands.c.id).limit(MANY).with_for_update(of=commands)
        for row in connection.execute(asked).all():
            connection.execute(update(commands).where(commands.c.id == row.id).values(answered_at=now))
            _note(connection, hub, row)


def _note(connection: Connection, hub: Hub, row: Row[tuple[object, ...]]) -> None:
    """Write down that nothing more is waited for: nobody took the command, or who did is silent."""
    happened, reason = row.expires, ""
    came_of_it: dict[str, object] = {"outcome": "expired"}
    if row.acknowledged_at is not None:
        known = _known(row, said_last(row))
        happened, reason = row.acknowledged_at, known.words
        came_of_it = {"outcome": known.outcome, "covered_ms": known.covered_ms}
    audit.append(
        connection, hub, "answered", actor="hub", subject=row.officer, station=row.station, terminal=row.terminal,
        happened=happened, reason=reason, details={**_of(row), **came_of_it},
    )  # fmt: skip


def _known(row: Row[tuple[object, ...]], said: Answer | None) -> Answer:
    """Return what is known of a command whose terminal is silent. ``said``: while it was about it."""
    if said is None:
        return Answer(outcome="unknown", at=row.expires, words=NEVER_SAID)
    if row.kind == "message":  # done once it stands on the screen: that it was read, nobody says
        return said.model_copy(update={"more": False})
    return said.model_copy(update={"outcome": "unknown", "words": NEVER_SAID, "more": False})


def _of(row: Row[tuple[object, ...]]) -> dict[str, object]:
    return {"command": row.id, "act": row.kind, "key": row.act, "sitting": row.sitting, "system": row.system or ""}
