"""The addresses of the second person: another analyst's, and a station's at which a supervisor has agreed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from launcher.hub.commands import rows as commands
from launcher.hub.errors import NotThereError
from launcher.hub.officers.asking import AskingOfficer, needs
from launcher.hub.requests import Station, TheHub
from launcher.hub.second import deciding, rows
from launcher.wire.hub.commands import CommandState
from launcher.wire.hub.helpdesk import AskSupervisor, Second, SecondRequest
from launcher.wire.hub.kinds import Id
from launcher.wire.hub.officers import SecondVouched

router = APIRouter(tags=["second person"])

Analyst = Annotated[AskingOfficer, needs("helpdesk")]
_Request = Annotated[Id, Path()]


@router.get("/helpdesk/requests")
def requests(hub: TheHub, analyst: Analyst) -> tuple[SecondRequest, ...]:
    """Return the acts that wait for a second person, the oldest first; none about whoever asks."""
    with hub.store.reading() as connection:
        return rows.listed(connection, hub, analyst)


@router.post("/helpdesk/requests/{request}")
def decide(hub: TheHub, analyst: Analyst, request: _Request, answer: Second) -> SecondRequest:
    """Agree to exactly what was read, or refuse it, as another analyst than the one who asks."""
    return deciding.by_analyst(hub, request, answer, analyst)


@router.post("/helpdesk/requests/{request}/supervisor")
def ask_supervisor(hub: TheHub, analyst: Analyst, request: _Request, asked: AskSupervisor) -> CommandState:
    """Ask for a supervisor at the officer's terminal instead."""
    command, _ = deciding.ask_for_supervisor(hub, request, asked.sitting, analyst)
    with hub.store.reading() as connection:
        states = commands.states(connection, hub, officer=command.officer)
    found = next((one for one in states if one.id == command.id), None)
    if found is None:
        raise NotThereError("The command is not there any more.")
    return found


@router.post("/stations/second", status_code=204)
def second(hub: TheHub, station: Station, said: SecondVouched) -> None:
    """Take a station's signed word that a supervisor has agreed there, or has refused."""
    deciding.by_supervisor(hub, said, station)
