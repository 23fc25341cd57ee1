"""The addresses at which the helpdesk acts, and hears what came of it."""

from __future__ import annotations

import time
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from starlette.concurrency import run_in_threadpool

from launcher.hub.acts import rows
from launcher.hub.officers.asking import AskingOfficer, needs
from launcher.hub.requests import TheHub
from launcher.hub.service import Hub
from launcher.hub.waiting import until
from launcher.wire.hub.commands import Command
from launcher.wire.hub.helpdesk import Act, Acted
from launcher.wire.hub.kinds import Id

router = APIRouter(prefix="/helpdesk/acts", tags=["helpdesk"])

LONGEST_WAIT_S: Final = 25.0
TAKEN_WITHIN_S: Final = 0.1
_Analyst = Annotated[AskingOfficer, needs("helpdesk")]


@router.post("")
async def act(hub: TheHub, analyst: _Analyst, said: Act) -> Acted:
    """Do something for an officer: at once, or once a second person agrees; the same key again is the same act."""
    made = await run_in_threadpool(_begun, hub, analyst, said)
    await _hand_out(hub, said, made)
    now = await run_in_threadpool(_look, hub, analyst, said.key)
    if now.state == "waits-for-second":
        hub.wakes.wake("requests")
    return now


@router.get("/{key}")
async def acted(
    hub: TheHub,
    analyst: _Analyst,
    key: Annotated[Id, Path()],
    wait_s: Annotated[float, Query(ge=0, le=LONGEST_WAIT_S)] = 0.0,
    seen: Annotated[int | None, Query(ge=0, le=2**53)] = None,
) -> Acted:
    """Return how an act stands.

    With ``wait_s`` it waits that long: with ``seen`` (a ``version``) until anything is otherwise, else until every
    terminal has answered or is away.
    """

    def enough(told: Acted) -> bool:
        return rows.is_settled(told) if seen is None else told.version != seen

    deadline = time.monotonic() + wait_s
    told = await run_in_threadpool(_look, hub, analyst, key)
    while not enough(told) and (left_s := deadline - time.monotonic()) > 0:
        before = told.version
        # An act that a second person agrees to has other commands than those that were listened for.
        told = await until(
            hub,
            _topics(told),
            lambda: _look(hub, analyst, key),
            lambda now: enough(now) or now.version != before,  # noqa: B023 - asked within this turn only
            left_s,
        )
    return told


def _begun(hub: Hub, analyst: AskingOfficer, said: Act) -> tuple[Command, ...]:
    with hub.store.writing() as connection:
        return rows.begin(connection, hub, said, analyst)


async def _hand_out(hub: Hub, said: Act, made: tuple[Command, ...]) -> None:
    """Wake the terminals, and let one take its command before anything else is done here: it is what is waited for."""
    connected = next((one for one in made if one.station in hub.news.told), None)
    if connected is None:
        rows.wake(hub, said, made)
        return
    taken = hub.wakes.listening(f"command:{connected.id}")
    try:
        rows.wake(hub, said, made)
        await taken.woken(TAKEN_WITHIN_S)
    finally:
        taken.end()


def _look(hub: Hub, analyst: AskingOfficer, key: str) -> Acted:
    with hub.store.reading() as connection:
        return rows.acted(connection, hub, key, analyst.officer)


def _topics(told: Acted) -> tuple[str, ...]:
    waiting = ("requests",) if told.state == "waits-for-second" else ()
    return (f"act:{told.key}", *waiting, *(f"command:{one.id}" for one in told.commands))
