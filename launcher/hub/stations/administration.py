"""The addresses at which administrators look after stations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from launcher.hub.officers.asking import AskingOfficer, needs
from launcher.hub.requests import TheHub
from launcher.hub.stations import listed, removal
from launcher.wire.hub.kinds import Word
from launcher.wire.hub.stations import (
    BeginQuarantine,
    EndQuarantine,
    EnrolCode,
    ListedStation,
    MakeCode,
    RemoveStation,
)

router = APIRouter(prefix="/administrators", tags=["administrator"])

Administrator = Annotated[AskingOfficer, needs("administrator")]
Looking = Annotated[AskingOfficer, needs("administrator", "it")]


@router.get("/stations")
def stations(
    hub: TheHub,
    _: Looking,
    after: Annotated[Word, Query()] = "",
    after_station: Annotated[str, Query(max_length=64)] = "",
    many: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> tuple[ListedStation, ...]:
    """Return the stations by terminal, after a name; with ``after_station``: of the last one of the page before."""
    with hub.store.reading() as connection:
        return listed.stations_of(connection, hub, after, many, after_station=after_station)


@router.post("/codes")
def codes(hub: TheHub, administrator: Administrator, asked: MakeCode) -> EnrolCode:
    """Make a code with which one station enrols, once."""
    with hub.store.writing() as connection:
        return listed.new_code(connection, hub, asked, by=administrator.officer, by_name=administrator.name)


@router.post("/stations/{station}/quarantined", status_code=204)
def quarantined(
    hub: TheHub, administrator: Administrator, station: Annotated[str, Path(max_length=64)], said: BeginQuarantine
) -> None:
    """Trust a station no more: its computer was stolen, or somebody else has its key."""
    with hub.store.writing() as connection:
        listed.begin_quarantine(
            connection, hub, station, by=administrator.officer, by_name=administrator.name, reason=said.reason
        )
    hub.wakes.wake(f"station:{station}")


@router.post("/stations/{station}/removed", status_code=204)
def removed(
    hub: TheHub, administrator: Administrator, station: Annotated[str, Path(max_length=64)], said: RemoveStation
) -> None:
    """Take a station away that is no more: who was logged on there is not, and its key is nobody's."""
    with hub.store.writing() as connection:
        gone = removal.remove(
            connection, hub, station, by=administrator.officer, by_name=administrator.name, reason=said.reason
        )
    for one in gone.wake:
        hub.wakes.wake(f"station:{one}")


@router.post("/stations/{station}/quarantine-ended", status_code=204)
def quarantine_ended(
    hub: TheHub, administrator: Administrator, station: Annotated[str, Path(max_length=64)], said: EndQuarantine
) -> None:
    """Trust a quarantined station's key again."""
    with hub.store.writing() as connection:
        listed.end_quarantine(
            connection, hub, station, by=administrator.officer, by_name=administrator.name, reason=said.reason
        )
