"""Who was on a terminal: from when the officers' sittings there began and ended, as the audit holds it.

What the audit does not hold yet, or any more, is taken from the sittings: one that was reported only, an end that no
station has told.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Row, and_, or_, select

from launcher.hub.audit import meant
from launcher.hub.audit.tables import audit_rows
from launcher.hub.sittings.tables import sittings
from launcher.wire.hub.audit import WasThere, WhoWas

if TYPE_CHECKING:
    from collections.abc import Iterable

LOOK_BACK_S: Final = 31 * 86_400.0
"""A sitting that began earlier than this before the asked time is not found: none lasts so long."""


def who(connection: Connection, terminal: str, begin: float, end: float) -> WhoWas:
    """Return who was logged on there at some time between the two. Raises :class:`NoSuchTerminalError`."""
    name = meant.terminal(connection, terminal)
    row = audit_rows.c
    found = connection.execute(
        select(audit_rows)
        .where(row.terminal == name, row.happened >= begin - LOOK_BACK_S, row.kind.in_(("sign-in", "sign-in-ended")))
        .order_by(row.happened, row.seq)
    ).all()
    recorded = _paired(found)
    known = recorded | _reported(connection, name, begin, end, recorded)
    there = (one for one in known.values() if one.since <= end and (one.until is None or one.until >= begin))
    return WhoWas(terminal=name, begin=begin, end=end, sittings=tuple(sorted(there, key=lambda one: one.since)))


def _reported(
    connection: Connection, terminal: str, begin: float, end: float, recorded: dict[str, WasThere]
) -> dict[str, WasThere]:
    """Return the sittings that the audit lacks, and those whose end it lacks."""
    row = sittings.c
    found = connection.execute(
        select(sittings).where(
            row.terminal == terminal,
            or_(
                and_(row.since <= end, or_(row.ended.is_(None), row.ended >= begin)),
                row.sitting.in_([one.sitting for one in recorded.values() if one.until is None]),
            ),
        )
    ).all()
    return {one.sitting: _told(one, recorded.get(one.sitting)) for one in found}


def _told(row: Row[tuple[object, ...]], recorded: WasThere | None) -> WasThere:
    # One that was never in a report is noted as over where it began: when it was is not known.
    until = row.ended if row.end_told or row.ended != row.since else None
    if recorded is not None:
        over = {"until": until, "reason": row.ended_reason} if recorded.until is None else {}
        return recorded.model_copy(update=over)
    return WasThere(
        officer=row.officer, name=row.name, station=row.station, terminal=row.terminal, sitting=row.sitting,
        since=row.since, until=until, reason=row.ended_reason, proved_by=row.proved_by,
    )  # fmt: skip


def _paired(rows: Iterable[Row[tuple[object, ...]]]) -> dict[str, WasThere]:
    """Put beginnings and ends together by their sitting; of a sitting whose beginning is not known, the end alone."""
    paired: dict[str, WasThere] = {}
    for row in rows:
        details = _details(row.details)
        sitting = str(details.get("sitting") or f"row-{row.seq}")
        begun = paired.get(sitting)
        if row.kind == "sign-in":
            until, reason = (begun.until, begun.reason) if begun is not None else (None, "")
            paired[sitting] = WasThere(
                officer=row.actor, name=row.actor_name, station=row.station, terminal=row.terminal, sitting=sitting,
                since=row.happened, until=until, reason=reason, proved_by=str(details.get("proved_by", "")),
                row=row.seq,
            )  # fmt: skip
        elif begun is not None:
            paired[sitting] = begun.model_copy(update={"until": row.happened, "reason": row.reason})
        else:
            paired[sitting] = WasThere(
                officer=row.actor, name=row.actor_name, station=row.station, terminal=row.terminal, sitting=sitting,
                since=row.happened, until=row.happened, reason=row.reason, row=row.seq,
            )  # fmt: skip
    return paired


def _details(said: str) -> dict[str, object]:
    found = json.loads(said) if said else {}
    return found if isinstance(found, dict) else {}
