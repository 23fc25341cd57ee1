"""The addresses at which a station takes its commands and answers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from launcher.hub.commands import rows
from launcher.hub.requests import Station, TheHub
from launcher.wire.hub.commands import Acknowledged, Answer, Commands, CommandState

router = APIRouter(prefix="/stations/commands", tags=["station"])

_Id = Annotated[int, Path(ge=1, le=2**53)]


@router.get("")
def commands_since(hub: TheHub, station: Station, since: Annotated[int, Query(ge=0, le=2**53)] = 0) -> Commands:
    """Return the station's commands after an id that were not taken and have not expired."""
    with hub.store.glancing() as connection:
        return rows.since(connection, station.id, since, hub.clock(), station.command)


@router.post("/{command}/acknowledged")
def acknowledge(hub: TheHub, station: Station, command: _Id, said: Acknowledged) -> CommandState:
    """Take a command: it is noted on the station's disk, and never handed out again."""
    with hub.store.writing() as connection:
        taken = rows.acknowledge(connection, station.id, command, said, hub.clock())
    hub.wakes.wake(f"command:{command}")
    return taken


@router.post("/{command}/answer", status_code=204)
def answer(hub: TheHub, station: Station, command: _Id, said: Answer) -> None:
    """Say what came of a command."""
    with hub.store.writing() as connection:
        rows.answer(connection, hub, station.id, command, said)
    hub.wakes.wake(f"command:{command}")
