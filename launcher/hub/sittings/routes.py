"""The addresses at which a station reports who sits there, hears where else they sit, and brings a sitting over."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool

from launcher.hub import limits
from launcher.hub.lateness import whenever
from launcher.hub.requests import AskingStation, Station, TheHub
from launcher.hub.service import Hub
from launcher.hub.sittings import bounds, bring, rows
from launcher.hub.sittings.bring import Bringing
from launcher.hub.sittings.elsewhere import elsewhere
from launcher.hub.waiting import until
from launcher.wire.hub.commands import CommandState
from launcher.wire.hub.sittings import AllElsewhere, BringHere, Report

router = APIRouter(prefix="/stations", tags=["station"])


A_MINUTE: Final = 10
"""Presses at one terminal, refused ones, too; how many bring something: :mod:`launcher.hub.sittings.bounds`."""


@router.put("/report", status_code=204)
def report(hub: TheHub, station: Station, said: Report) -> None:
    """Take the whole picture of a station; an older one changes nothing."""
    with bounds.watched(hub, station), hub.store.writing() as connection:
        concerned = rows.take(connection, hub, station, said)
    for one in concerned:
        hub.wakes.wake(f"station:{one}")


@router.get("/elsewhere")
def elsewhere_of(hub: TheHub, station: Station) -> AllElsewhere:
    """Return where else the officers who are logged on at this station are."""
    with hub.store.reading() as connection:
        return elsewhere(connection, hub, station.id)


@router.post("/bring")
async def bring_here(hub: TheHub, station: Station, said: BringHere) -> CommandState:
    """End the officer's own sitting at the other station and say what was open there; wait some seconds for that.

    A press that the other station has not taken by then is taken back.
    """
    await run_in_threadpool(limits.count, hub, f"station:{station.id}", "bring", A_MINUTE)
    begun = await run_in_threadpool(_begin, hub, station, said)
    if begun.wake is not None:
        hub.wakes.wake(f"station:{begun.wake}")
    first = await run_in_threadpool(_state, hub, begun)
    topics = (f"command:{first.id}",)
    seen = await until(hub, topics, lambda: _state(hub, begun), _is_settled, bring.ANSWERS_WITHIN_S)
    if seen.answer is None:
        seen = await run_in_threadpool(_give_up, hub, begun, seen)
    if seen.state != "acknowledged" or _is_settled(seen):
        return seen
    return await until(hub, topics, lambda: _state(hub, begun), _is_settled, bring.ANSWERS_WITHIN_S)


def _begin(hub: Hub, station: AskingStation, said: BringHere) -> Bringing:
    with bounds.watched(hub, station), hub.store.writing() as connection:
        return bring.begin(connection, hub, station, said)


def _state(hub: Hub, begun: Bringing) -> CommandState:
    with hub.store.reading() as connection:
        return bring.state(connection, hub, begun.act)


def _give_up(hub: Hub, begun: Bringing, seen: CommandState) -> CommandState:
    with whenever(), hub.store.writing() as connection:
        return bring.give_up(connection, hub, seen, begun.act)


def _is_settled(state: CommandState) -> bool:
    """Say whether nothing more is to be waited for: the screen is covered there, or the terminal hears nothing.

    Sign-offs there may take longer; what was open is known by then.
    """
    covered = state.answer is not None and (state.answer.covered_ms is not None or not state.answer.more)
    return covered or state.state in ("answered", "expired", "away")
