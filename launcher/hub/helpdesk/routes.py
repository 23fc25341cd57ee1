"""The addresses at which the helpdesk looks somebody up: each look belongs to a case, is counted and written down."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from sqlalchemy import Connection, Row, func, not_, select

from launcher.hub.audit import rows as audit
from launcher.hub.cases import rows as cases
from launcher.hub.cases.errors import LettersRefusedError
from launcher.hub.helpdesk import looking, visible
from launcher.hub.helpdesk.page import page
from launcher.hub.helpdesk.verifying import by_letters
from launcher.hub.officers import counting
from launcher.hub.officers.asking import AskingOfficer, needs
from launcher.hub.officers.seats import seats_of
from launcher.hub.requests import TheHub
from launcher.hub.service import Hub
from launcher.hub.stations.reach import reachable_clause
from launcher.hub.stations.tables import stations
from launcher.hub.told import rows as told
from launcher.wire.hub.helpdesk import (
    AwayTerminals,
    ByLetters,
    Case,
    Found,
    OfficerPage,
    OpenCase,
    UnreachableTerminal,
    VerifyCaller,
)
from launcher.wire.hub.kinds import Id, OfficerKey

router = APIRouter(prefix="/helpdesk", tags=["helpdesk"])

MOST_AWAY: Final = 1000
_Analyst = Annotated[AskingOfficer, needs("helpdesk")]
_OfHelpdeskOrIt = Annotated[AskingOfficer, needs("helpdesk", "it")]


@router.post("/cases")
def open_case(hub: TheHub, analyst: _Analyst, said: OpenCase) -> Case:
    """Open a case: why somebody is looked up."""
    with hub.store.writing() as connection:
        return cases.open_case(connection, analyst.officer, said, hub.clock())


@router.post("/cases/{case}/letters")
def verify_caller(hub: TheHub, analyst: _Analyst, case: Annotated[Id, Path()], said: VerifyCaller) -> ByLetters:
    """Find the caller by the six letters on their screen; who sits there is verified for a while."""
    counting.count(hub, analyst, "letters", hub.settings.helpdesk.letters_a_minute)
    with hub.store.writing() as connection:
        found = by_letters(connection, hub, analyst, case, said.letters)
    if isinstance(found, LettersRefusedError):
        raise found
    return found


@router.get("/find")
def find(
    hub: TheHub,
    analyst: _Analyst,
    case: Annotated[Id, Query()],
    q: Annotated[str, Query(max_length=120)],
) -> Found:
    """Find officers and terminals by name, number, terminal, place, or the number of what was told."""
    counting.count(hub, analyst, "find", hub.settings.helpdesk.finds_a_minute)
    told.count_look(hub, analyst, q)
    with hub.store.reading() as connection:
        mine = cases.case_of(connection, analyst.officer, case, hub.clock())
        found = looking.found(connection, hub, q)
    if q.strip():
        looked = {"case": case, "q": q, "officers": len(found.officers), "terminals": len(found.terminals)}
        with hub.store.writing() as connection:
            if cases.note_look(connection, case, f"find {q}", hub.clock()):
                at = {(one.station, one.terminal) for one in found.terminals}
                _audit_look(connection, hub, analyst, mine, looked, at)
    return found


@router.get("/officers")
def officer_page(
    hub: TheHub, analyst: _Analyst, case: Annotated[Id, Query()], officer: Annotated[OfficerKey, Query()]
) -> OfficerPage:
    """Return an officer's page. Kept fresh in the same case, it is one look in five minutes."""
    if _is_new_page(hub, analyst, case, officer):
        counting.count(hub, analyst, "page", hub.settings.helpdesk.pages_a_minute)
        _note_page(hub, analyst, case, officer)
    with hub.store.reading() as connection:
        cases.case_of(connection, analyst.officer, case, hub.clock())
        return page(connection, hub, visible.officer(connection, hub, officer))


@router.get("/away")
def away(hub: TheHub, _: _OfHelpdeskOrIt) -> AwayTerminals:
    """Return the terminals that cannot be reached now, by place, and since when nothing was heard of them."""
    gone = (not_(reachable_clause(hub)), stations.c.quarantined.is_(None))
    with hub.store.reading() as connection:
        n = connection.execute(select(func.count()).select_from(stations).where(*gone)).scalar_one()
        asked = select(stations).where(*gone).order_by(stations.c.place, stations.c.terminal).limit(MOST_AWAY)
        terminals = tuple(
            UnreachableTerminal(terminal=row.terminal, place=row.place, last_heard=row.heard)
            for row in connection.execute(asked)
        )
    return AwayTerminals(terminals=terminals, n=n)


def _is_new_page(hub: Hub, analyst: AskingOfficer, case: str, officer: str) -> bool:
    with hub.store.reading() as connection:
        cases.case_of(connection, analyst.officer, case, hub.clock())
        return cases.is_new(connection, case, f"page {officer}", hub.clock())


def _note_page(hub: Hub, analyst: AskingOfficer, case: str, officer: str) -> None:
    """Write a look at a page down, also at that of somebody who is not there or does not show."""
    with hub.store.writing() as connection:
        mine = cases.case_of(connection, analyst.officer, case, hub.clock())
        if cases.note_look(connection, case, f"page {officer}", hub.clock()):
            shows = any(visible.seen(connection, hub, (officer,)))
            at = {(one.station, one.terminal) for one in seats_of(connection, officer)} if shows else set()
            _audit_look(connection, hub, analyst, mine, {"case": case}, at, subject=officer)


def _audit_look(
    connection: Connection,
    hub: Hub,
    analyst: AskingOfficer,
    case: Row[tuple[object, ...]],
    details: dict[str, object],
    at: set[tuple[str, str]],
    *,
    subject: str = "",
) -> None:
    """Write a look down, with its terminal where it is one: a row names no more. ``at``: those that were seen."""
    station, terminal = next(iter(at)) if len(at) == 1 else ("", "")
    audit.append(
        connection, hub, "page" if subject else "look-up", actor=analyst.officer, actor_name=analyst.name,
        subject=subject, station=station, terminal=terminal, reason=case.reason, details=details,
    )  # fmt: skip
