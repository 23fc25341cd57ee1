"""The addresses at which a station tells the helpdesk something, and the helpdesk closes it."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query

from launcher.hub import limits
from launcher.hub.cases import rows as cases
from launcher.hub.officers.asking import AskingOfficer, needs
from launcher.hub.requests import Station, TheHub
from launcher.hub.told import rows
from launcher.wire.hub.helpdesk import ToldView
from launcher.wire.hub.kinds import Id
from launcher.wire.hub.sittings import Told, ToldNumber

router = APIRouter(tags=["told"])

Analyst = Annotated[AskingOfficer, needs("helpdesk", "it")]

A_MINUTE: Final = 20
"""One terminal tells no more: a key that is held down is no flood."""
A_DAY: Final = 500
"""One each three minutes of day and night: each stands in the audit, and a stolen terminal tells without end."""

_Number = Annotated[str, Path(max_length=20)]


@router.post("/stations/told")
def tell(hub: TheHub, station: Station, said: Told) -> ToldNumber:
    """Tell the helpdesk of an error; the answer is the number to quote."""
    limits.count(hub, f"station:{station.id}", "told", A_MINUTE)
    limits.count(hub, f"station:{station.id}", "told-day", A_DAY, limits.DAY_S)
    with hub.store.writing() as connection:
        number = rows.take(connection, hub, station, said)
    hub.wakes.wake("wrong")
    return ToldNumber(number=number)


@router.get("/helpdesk/told/{number}")
def look_up(
    hub: TheHub, analyst: Annotated[AskingOfficer, needs("helpdesk")], number: _Number, case: Annotated[Id, Query()]
) -> ToldView:
    """Return what was told with the number that an officer quotes, also when it is closed or days old."""
    rows.count_look(hub, analyst, number)
    with hub.store.writing() as connection:
        mine = cases.case_of(connection, analyst.officer, case, hub.clock())
        found = rows.look_up(connection, hub, number, analyst, mine)
    if found is None:  # which is written down, too
        raise rows.not_told()
    return found


@router.post("/helpdesk/told/{number}/closed", status_code=204)
def close(hub: TheHub, analyst: Analyst, number: _Number) -> None:
    """Note that somebody has looked at it."""
    with hub.store.writing() as connection:
        rows.close(connection, hub, number, analyst)
    hub.wakes.wake("wrong")
