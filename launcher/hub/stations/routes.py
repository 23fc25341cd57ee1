"""The addresses at which a station enrols, proves itself and asks for news."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import APIRouter, Depends, Request

from launcher.hub.requests import Station, TheHub, the_hub
from launcher.hub.stations import challenges, enrolling, reach, rows
from launcher.hub.stations.errors import QuarantinedError
from launcher.wire.hub.stations import Challenge, Enrolled, Known, News, Proved, SignedEnrol

router = APIRouter(prefix="/stations", tags=["station"])

_TWO = "Two computers have used the same key."


@router.post("/enrol")
def enrol(hub: TheHub, asked: SignedEnrol) -> Enrolled:
    """Make a station of whoever has the code."""
    with hub.store.writing() as connection:
        joined = enrolling.enrol(connection, hub, asked)
    if joined is None:
        hub.wakes.wake("stations")
        raise QuarantinedError(_TWO)
    for one in joined.wake:
        hub.wakes.wake(f"station:{one}")
    return joined.enrolled


@router.post("/challenge")
async def challenge(request: Request) -> Challenge:
    """Make a challenge for one proof."""
    return challenges.challenge(the_hub(request))


async def _through_the_door(hub: TheHub) -> AsyncIterator[None]:
    with hub.door.entering():
        yield


@router.post("/proof", dependencies=[Depends(_through_the_door)])
def proof(hub: TheHub, proved: Proved) -> Known:
    """Check a station's proof and give it a token."""
    with hub.store.writing() as connection:
        known = rows.prove(connection, hub, proved)
    if known is None:
        hub.wakes.wake(f"station:{proved.proof.station}")
        raise QuarantinedError(_TWO)
    return known


@router.get("/news")
def news(hub: TheHub, station: Station) -> News:
    """Return what there is for the station: asked for where sockets do not pass."""
    if reach.is_to_be_noted(station.polled, hub):
        with hub.store.writing() as connection:
            reach.polled(connection, hub, station.id)
    with hub.store.glancing() as connection:
        return rows.news(connection, station.id)
