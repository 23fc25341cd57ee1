"""The addresses at which a station enrols, proves itself and asks for news."""

from __future__ import annotations

from fastapi import APIRouter, WebSocket

from launcher.hub.requests import Station, TheHub
from launcher.hub.stations import reach, rows
from launcher.hub.stations.errors import QuarantinedError
from launcher.hub.stations.socket import serve_socket
from launcher.wire.hub.stations import Challenge, Enrol, Enrolled, Known, News, Proved

router = APIRouter(prefix="/stations", tags=["station"])

_TWO = "Two computers have used the same key."


@router.post("/enrol")
def enrol(hub: TheHub, asked: Enrol) -> Enrolled:
    """Make a station of whoever has the code."""
    with hub.store.writing() as connection:
        enrolled = rows.enrol(connection, asked, hub.name, hub.key.public, hub.clock())
    if enrolled is None:
        hub.wakes.wake("stations")
        raise QuarantinedError(_TWO)
    return enrolled


@router.post("/challenge")
def challenge(hub: TheHub) -> Challenge:
    """Make a challenge for one proof."""
    with hub.store.writing() as connection:
        return rows.challenge(connection, hub.name, hub.clock())


@router.post("/proof")
def proof(hub: TheHub, proved: Proved) -> Known:
    """Check a station's proof and give it a token."""
    with hub.store.writing() as connection:
        known = rows.prove(connection, proved, hub.name, hub.clock())
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
    with hub.store.reading() as connection:
        return rows.news(connection, station.id)


@router.websocket("/socket")
async def socket(websocket: WebSocket) -> None:
    """Prove the station on the socket, then wake it whenever there is news."""
    await serve_socket(websocket, websocket.app.state.hub)
