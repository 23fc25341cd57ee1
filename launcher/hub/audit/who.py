"""Who was on a terminal: from when the officers' sittings there began and ended, as the audit holds it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Row, func, select

from launcher.hub.audit.errors import NoSuchTerminalError
from launcher.hub.audit.tables import audit_rows
from launcher.hub.stations.tables import stations
from launcher.wire.hub.audit import WasThere, WhoWas

if TYPE_CHECKING:
    from collections.abc import Iterable

LOOK_BACK_S: Final = 31 * 86_400.0
"""A sitting that began earlier than this before the asked time is not found: none lasts so long."""


def who(connection: Connection, terminal: str, begin: float, end: float) -> WhoWas:
    """Return who was logged on there at some time between the two. Raises :class:`NoSuchTerminalError`."""
    name = _as_written(connection, terminal)
    row = audit_rows.c
    found = connection.execute(
        select(audit_rows)
        .where(row.terminal == name, row.happened >= begin - LOOK_BACK_S, row.kind.in_(("sign-in", "sign-in-ended")))
        .order_by(row.happened, row.seq)
    ).all()
    sittings = (one for one in _paired(found) if one.since <= end and (one.until is None or one.until >= begin))
    return WhoWas(terminal=name, begin=begin, end=end, sittings=tuple(sorted(sittings, key=lambda one: one.since)))


def _as_written(connection: Connection, terminal: str) -> str:
    """Return the terminal's name as it is written, however it was typed."""
    row = audit_rows.c
    there = select(row.seq).where(row.terminal == terminal).limit(1)
    if connection.execute(there).one_or_none() is not None:
        return terminal
    same = func.lower(stations.c.terminal) == terminal.lower()
    names = set(connection.execute(select(stations.c.terminal).where(same)).scalars())
    if len(names) != 1:
        raise NoSuchTerminalError(f"No terminal is called {terminal}.")
    return str(names.pop())


def _paired(rows: Iterable[Row[tuple[object, ...]]]) -> list[WasThere]:
    """Put beginnings and ends together by their sitting; of a sitting whose beginning is not known, the end alone."""
    sittings: dict[str, WasThere] = {}
    for row in rows:
        details = _details(row.details)
        sitting = str(details.get("sitting") or f"row-{row.seq}")
        begun = sittings.get(sitting)
        if row.kind == "sign-in":
            until, reason = (begun.until, begun.reason) if begun is not None else (None, "")
            sittings[sitting] = WasThere(
                officer=row.actor, name=row.actor_name, station=row.station, terminal=row.terminal, sitting=sitting,
                since=row.happened, until=until, reason=reason, proved_by=str(details.get("proved_by", "")),
                row=row.seq,
            )  # fmt: skip
        elif begun is not None:
            sittings[sitting] = begun.model_copy(update={"until": row.happened, "reason": row.reason})
        else:
            sittings[sitting] = WasThere(
                officer=row.actor, name=row.actor_name, station=row.station, terminal=row.terminal, sitting=sitting,
                since=row.happened, until=row.happened, reason=row.reason, row=row.seq,
            )  # fmt: skip
    return list(sittings.values())


def _details(said: str) -> dict[str, object]:
    found = json.loads(said) if said else {}
    return found if isinstance(found, dict) else {}
