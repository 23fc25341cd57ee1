"""The addresses at which a station tells the helpdesk something, and the helpdesk closes it."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path

from launcher.hub import limits
from launcher.hub.officers.asking import AskingOfficer, needs
from launcher.hub.requests import Station, TheHub
from launcher.hub.told import rows
from launcher.wire.hub.sittings import Told, ToldNumber

router = APIRouter(tags=["told"])

Analyst = Annotated[AskingOfficer, needs("helpdesk", "it")]

A_MINUTE: Final = 20
"""One terminal tells no more: a key that is held down is no flood."""
A_DAY: Final = 500
"""One each three minutes of day and night: each stands in the audit, and a stolen terminal tells without end."""


@router.post("/stations/told")
def tell(hub: TheHub, station: Station, said: Told) -> ToldNumber:
    """Tell the helpdesk of an error; the answer is the number to quote."""
    limits.count(hub, f"station:{station.id}", "told", A_MINUTE)
    limits.count(hub, f"station:{station.id}", "told-day", A_DAY, limits.DAY_S)
    with hub.store.writing() as connection:
        number = rows.take(connection, hub, station, said)
    hub.wakes.wake("wrong")
    return ToldNumber(number=number)


@router.post("/helpdesk/told/{number}/closed", status_code=204)
def close(hub: TheHub, analyst: Analyst, number: Annotated[str, Path(max_length=20)]) -> None:
    """Note that somebody has looked at it."""
    with hub.store.writing() as connection:
        rows.close(connection, hub, number, analyst)
    hub.wakes.wake("wrong")
