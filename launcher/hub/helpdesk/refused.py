"""The log-ons that a terminal refused lately. Nobody was proved by them, so they stand on no officer's page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Subquery, select, union_all

from launcher.hub.happenings.tables import happenings
from launcher.wire.hub.helpdesk import RefusedLogOn

if TYPE_CHECKING:
    from launcher.hub.service import Hub

LATELY_S: Final = 3600.0
SHOWN: Final = 5
LOOKED_THROUGH: Final = 100
"""So much of what happened last at a terminal is looked through, however much happens at all others."""


def refused_lately(connection: Connection, hub: Hub, stations: Iterable[str]) -> dict[str, tuple[RefusedLogOn, ...]]:
    """Return, by station, its last refused log-ons of the last hour, the newest first; none of them has a name."""
    lately = [select(_last_of(station)) for station in stations]
    if not lately:
        return {}
    each = union_all(*lately).subquery()
    asked = (
        select(each)
        .where(
            each.c.kind == "sign-in",
            each.c.outcome.in_(("refused", "unknown")),
            each.c.officer == "",  # one at a locked session is on its officer's page
            each.c.at > hub.clock() - LATELY_S,
        )
        .order_by(each.c.seq.desc())
    )
    found: dict[str, list[RefusedLogOn]] = {}
    for row in connection.execute(asked):
        here = found.setdefault(row.station, [])
        if len(here) < SHOWN:
            here.append(RefusedLogOn(at=row.at, reference=row.reference, words=row.words))
    return {station: tuple(refused) for station, refused in found.items()}


def _last_of(station: str) -> Subquery:
    what = happenings.c
    columns = (what.station, what.seq, what.kind, what.outcome, what.officer, what.at, what.reference, what.words)
    asked = select(*columns).where(what.station == station)
    return asked.order_by(what.seq.desc()).limit(LOOKED_THROUGH).subquery()
