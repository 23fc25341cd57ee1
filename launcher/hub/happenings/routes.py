"""The address at which a station tells what happened."""

from __future__ import annotations

from fastapi import APIRouter

from launcher.hub.happenings import rows
from launcher.hub.requests import Station, TheHub
from launcher.wire.hub.sittings import Happenings, Received

router = APIRouter(prefix="/stations", tags=["station"])


@router.post("/happenings")
def happened(hub: TheHub, station: Station, said: Happenings) -> Received:
    """Store what happened, each thing once; what is not in the answer's ``up_to`` may be sent again.

    ``up_to`` may be higher than what was sent: a station that has lost its own count goes on from there.
    """
    with hub.store.writing() as connection:
        taken = rows.take(connection, hub, station, said)
    hub.metrics.let_go(taken.let_go)
    for one in taken.wake:
        hub.wakes.wake(f"station:{one}")
    return Received(up_to=taken.up_to)
