"""The addresses at which notices are given, taken back and heard."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from launcher.hub.notices import rows
from launcher.hub.officers.asking import AskingOfficer, needs
from launcher.hub.requests import Station, TheHub
from launcher.wire.hub.helpdesk import GiveNotice
from launcher.wire.hub.sittings import AllNotices, NoticeLine

router = APIRouter(tags=["notices"])

Analyst = Annotated[AskingOfficer, needs("helpdesk", "it")]
_Id = Annotated[int, Path(ge=1, le=2**53)]


@router.get("/stations/notices")
def notices_here(hub: TheHub, station: Station) -> AllNotices:
    """Return the notices that hold at the station's place, the newest first."""
    with hub.store.reading() as connection:
        return rows.holding_at(connection, station.place, hub.clock())


@router.get("/helpdesk/notices")
def notices(hub: TheHub, _: Analyst) -> tuple[NoticeLine, ...]:
    """Return all notices that hold, the newest first."""
    with hub.store.reading() as connection:
        return rows.holding(connection, hub.clock())


@router.post("/helpdesk/notices")
def give_notice(hub: TheHub, analyst: Analyst, asked: GiveNotice) -> NoticeLine:
    """Give a notice: it shows within seconds."""
    with hub.store.writing() as connection:
        notice, is_new = rows.give(connection, hub, asked, analyst)
    if is_new:
        hub.wakes.wake("stations")
    return notice


@router.post("/helpdesk/notices/{number}/withdrawn", status_code=204)
def withdraw_notice(hub: TheHub, analyst: Analyst, number: _Id) -> None:
    """Take a notice back, as quickly; one that is over stays so."""
    with hub.store.writing() as connection:
        changed = rows.withdraw(connection, hub, number, analyst)
    if changed:
        hub.wakes.wake("stations")
