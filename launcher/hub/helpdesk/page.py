"""One page an officer: where they are logged on, what is open and in which state, what happened and what was done."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, select

from launcher.hub.acts import rules
from launcher.hub.acts.deeds import without_terminal
from launcher.hub.commands import rows as commands
from launcher.hub.happenings.tables import happenings
from launcher.hub.helpdesk import visible
from launcher.hub.helpdesk.visible import is_restricted_system
from launcher.hub.sittings.rows import open_of, sitting_of
from launcher.hub.sittings.tables import sittings, system_names
from launcher.hub.stations.reach import reachable_clause
from launcher.hub.stations.tables import stations
from launcher.hub.suspended.barred import is_barred
from launcher.wire.hub.helpdesk import OfficerPage, SittingView, Waterfall
from launcher.wire.records import LaunchRecord, SignInRecord

if TYPE_CHECKING:
    from launcher.hub.officers.rows import KnownOfficer
    from launcher.hub.service import Hub
    from launcher.wire.hub.commands import CommandState

RECENT_S: Final = 3 * 86_400.0
RECENT: Final = 40
LEFT_S: Final = 86_400.0
LEFT: Final = 100
"""Lines of all sittings of that time, each once."""
DEEDS: Final = 30
SUSPENSIONS_S: Final = 30 * 86_400.0
_RECORD: Final = TypeAdapter[SignInRecord | LaunchRecord](SignInRecord | LaunchRecord)


def page(connection: Connection, hub: Hub, known: KnownOfficer) -> OfficerPage:
    """Return the page of an officer who may be seen."""
    views = tuple(_view(connection, hub, row) for row in open_of(connection, known.officer))
    barred = is_barred(connection, known, hub.settings.forces.domains)
    return OfficerPage(
        officer=known.officer,
        number=known.number,
        name=known.name,
        suspended=barred,
        sittings=views,
        left_signed_on=_left_signed_on(connection, hub, known.officer),
        recent=_recent(connection, hub, known.officer),
        deeds=_deeds(connection, hub, known.officer),
        suspensions=without_terminal(connection, known.officer, hub.clock(), SUSPENSIONS_S),
        acts=rules.allowed(hub.settings.helpdesk, suspended=barred, sitting_somewhere=bool(views)),
    )


def _view(connection: Connection, hub: Hub, row: Row[tuple[object, ...]]) -> SittingView:
    asked = select(stations, reachable_clause(hub).label("reachable")).where(stations.c.station == row.station)
    station = connection.execute(asked).one()
    whole = sitting_of(row)
    shown = tuple(one for one in whole.systems if not is_restricted_system(hub, one.system))
    return SittingView(
        station=row.station, terminal=row.terminal, place=row.place, reachable=bool(station.reachable),
        last_heard=station.heard, sitting=whole.model_copy(update={"systems": shown}),
        hidden_systems=len(shown) < len(whole.systems),
    )  # fmt: skip


def _left_signed_on(connection: Connection, hub: Hub, officer: str) -> tuple[str, ...]:
    """Return what has not confirmed a sign-off in the last day; none of a sitting with a system that does not show."""
    asked = (
        select(sittings.c.left_signed_on, happenings.c.record)
        .join(happenings, (happenings.c.sitting == sittings.c.sitting) & (happenings.c.kind == "ended"))
        .where(
            sittings.c.officer == officer,
            sittings.c.ended > hub.clock() - LEFT_S,
            sittings.c.left_signed_on != "[]",
        )
        .order_by(sittings.c.ended.desc())
        .limit(RECENT)
    )
    left: dict[str, None] = {}
    for row in connection.execute(asked):
        if not any(is_restricted_system(hub, system) for system in json.loads(row.record).get("systems", ())):
            left |= dict.fromkeys(json.loads(row.left_signed_on))
    return tuple(left)[:LEFT]


def _recent(connection: Connection, hub: Hub, officer: str) -> tuple[Waterfall, ...]:
    asked = (
        select(happenings, system_names.c.name)
        .outerjoin(system_names, system_names.c.system == happenings.c.system)
        .where(
            happenings.c.officer == officer,
            happenings.c.at > hub.clock() - RECENT_S,
            happenings.c.kind.in_(("sign-in", "launch")),
            happenings.c.system.not_in(hub.settings.helpdesk.restricted_systems),
        )
        .order_by(happenings.c.at.desc(), happenings.c.seq.desc())
        .limit(RECENT)
    )
    return tuple(
        Waterfall(
            terminal=row.terminal, record=_RECORD.validate_json(row.record).model_copy(update={"at": row.at}),
            name=row.name or row.system, words=row.words,
        )
        for row in connection.execute(asked)
    )  # fmt: skip


def _deeds(connection: Connection, hub: Hub, officer: str) -> tuple[CommandState, ...]:
    done = commands.states(connection, hub, officer=officer, many=DEEDS)
    shown = (one for one in done if one.system is None or not is_restricted_system(hub, one.system))
    return tuple(visible.command(hub, one) for one in shown)
