"""The address at which the helpdesk sees what is wrong now."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from launcher.hub.notices import rows as notices
from launcher.hub.officers.asking import AskingOfficer, needs
from launcher.hub.requests import TheHub
from launcher.hub.told import rows as told
from launcher.hub.wrong import shared
from launcher.wire.hub.helpdesk import AllWrong

router = APIRouter(prefix="/helpdesk/wrong", tags=["wrong"])

Analyst = Annotated[AskingOfficer, needs("helpdesk", "it")]


@router.get("")
def wrong(hub: TheHub, analyst: Analyst) -> AllWrong:
    """Return what fails or is slow, the worst first, what officers have told, and the notices that hold.

    Who has told it, which is where they are, is said to the helpdesk: it is them that the officer tells.
    """
    now = hub.clock()
    seen = shared.wrong_now(hub)
    with hub.store.reading() as connection:
        return AllWrong(
            at=now,
            wrong=seen,
            told=told.open_ones(connection, hub, named="helpdesk" in analyst.roles),
            notices=notices.holding(connection, now),
        )
