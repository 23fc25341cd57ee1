"""Who asks: the station or officer behind a request's token; for the features' addresses to depend on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from launcher.hub import tokens
from launcher.hub.errors import NotProvedError
from launcher.hub.service import Hub

_station_token = HTTPBearer(scheme_name="station", auto_error=False, description="A token of POST /stations/proof.")


def the_hub(request: Request) -> Hub:
    """Return the hub that this process is."""
    hub: Hub = request.app.state.hub
    return hub


async def _the_hub(request: Request) -> Hub:
    """Do so on the loop: a plain function would be handed to a worker thread, once for each request."""
    return the_hub(request)


TheHub = Annotated[Hub, Depends(_the_hub)]


@dataclass(frozen=True, slots=True)
class AskingStation:
    """An enrolled station that has proved itself; ``boot`` is the run it proved for."""

    id: str
    boot: str
    terminal: str
    place: str
    polled: float = 0.0


def asking_station(
    hub: TheHub, untrusted: Annotated[HTTPAuthorizationCredentials | None, Depends(_station_token)]
) -> AskingStation:
    """Return the station that asks. Raises :class:`NotProvedError`, or that it is quarantined."""
    from launcher.hub.stations.rows import station_that_may

    if untrusted is None:
        raise NotProvedError("The request has no token of a station.")
    with hub.store.glancing() as connection:
        found = tokens.held(connection, "station", untrusted.credentials, hub.clock())
        row = station_that_may(connection, found.holder)
    return AskingStation(row.station, str(found.extra.get("boot", "")), row.terminal, row.place, row.polled)


Station = Annotated[AskingStation, Depends(asking_station)]
