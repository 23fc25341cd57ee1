"""Who asks: the station or officer behind a request's token; for the features' addresses to depend on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

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
    """An enrolled station that has proved itself; ``boot`` is the run it proved for, ``command`` its last one's id."""

    id: str
    boot: str
    terminal: str
    place: str
    polled: float = 0.0
    command: int = 0


def asking_station(
    hub: TheHub, untrusted: Annotated[HTTPAuthorizationCredentials | None, Depends(_station_token)]
) -> AskingStation:
    """Return the station that asks. Raises :class:`NotProvedError`, or that it is quarantined."""
    from launcher.hub.stations.rows import of_token

    if untrusted is None:
        raise NotProvedError("The request has no token of a station.")
    with hub.store.glancing() as connection:
        row = of_token(connection, untrusted.credentials, hub.clock())
    boot = str(json.loads(row.extra).get("boot", ""))
    return AskingStation(row.station, boot, row.terminal, row.place, row.polled, row.command)


Station = Annotated[AskingStation, Depends(asking_station)]
