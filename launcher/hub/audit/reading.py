"""Reading the audit, which is itself recorded: who read what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from launcher.hub.audit import rows, who
from launcher.hub.errors import MalformedError
from launcher.wire.hub.audit import WhoWas

if TYPE_CHECKING:
    from launcher.hub.service import Hub


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: an auditor's key and name, or whoever uses the hub's own command."""

    key: str
    name: str = ""


def read_who(hub: Hub, reader: Reader, terminal: str, begin: float, end: float) -> WhoWas:
    """Return who was on a terminal, and record that it was asked.

    Raises :class:`NoSuchTerminalError`, and :class:`MalformedError` for a time that ends before it begins: that nobody
    was there then would be a wrong answer.
    """
    if end < begin:
        hint = "Name the earlier time first (from), then the later one (to; now, where none is named)."
        raise MalformedError("The time that is asked for ends before it begins.", hint=hint)
    with hub.store.writing() as connection:
        found = who.who(connection, terminal, begin, end)
        asked = {"terminal": found.terminal, "from": begin, "to": end, "found": len(found.sittings)}
        record_reading(connection, hub, reader, "who", details=asked)
    return found


def record_reading(
    connection: Connection,
    hub: Hub,
    reader: Reader,
    what: str,
    *,
    subject: str = "",
    details: Mapping[str, object] | None = None,
) -> None:
    """Record that somebody has read the audit. ``what``: ``rows``, ``who``, ``export`` or ``verify``."""
    rows.append(
        connection, hub, "audit-read", actor=reader.key, actor_name=reader.name, subject=subject,
        details={"what": what, **(details or {})},
    )  # fmt: skip
