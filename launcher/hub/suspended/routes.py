"""The address at which a station asks who is suspended."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from launcher.hub.requests import Station, TheHub
from launcher.hub.suspended import rows
from launcher.wire.hub.sittings import Barred

router = APIRouter(prefix="/stations", tags=["station"])


@router.get("/barred")
def barred(hub: TheHub, station: Station, have: Annotated[int, Query(ge=0, le=2**53)] = 0) -> Barred:
    """Return the digests of suspended officers; ``have``: the version that the station has on its disk."""
    with hub.store.writing() as connection:
        rows.note_told(connection, station.id, have, hub.clock())
    with hub.store.reading() as connection:  # the list and its version as they were at one moment
        return rows.barred(connection, hub)
