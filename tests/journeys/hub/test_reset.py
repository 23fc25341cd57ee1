"""Journeys across a force: a hub as it is served, two terminals with stand-in sessions, an analyst at one of them."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from launcher.station import ReopenTold, SessionEnded
from launcher.station.lock_events import SecondAsked
from launcher.wire.hub.barred import officer_digest
from launcher.wire.hub.helpdesk import Acted, AskSupervisor
from tests.journeys.hub.hub_bench import force, terminal
from tests.servers.hub import HubProcess

BOTH = ["hub_of_one", pytest.param("hub_of_two", marks=pytest.mark.needs("postgresql"))]


@pytest.fixture(params=["hub_of_one"])
def hub(request: pytest.FixtureRequest) -> HubProcess:
    """One of the hubs that the journeys share."""
    running = request.getfixturevalue(request.param)
    assert isinstance(running, HubProcess)
    return running


def only_answer(acted: Acted) -> tuple[str, tuple[str, ...]]:
    """Return the outcome and the systems of the one command of an act that is over."""
    assert acted.state == "answered", acted
    (command,) = [one for one in acted.commands if one.kind != "ask-supervisor"]
    assert command.answer is not None
    return command.answer.outcome, command.answer.systems


@pytest.mark.parametrize("hub", BOTH, indirect=True)
def test_a_frozen_session_at_one_terminal_is_ended_from_another(tmp_path: Path, hub: HubProcess) -> None:
    async def journey() -> None:
        async with force(hub, tmp_path, "4471") as here:
            await here.hands.do("holds", systems=["records", "anpr"], unsaved=2)
            await here.hands.do("signed-on-at", systems=["Custody (host:992)"])
            page = await here.analyst.page("test#4471", sittings=1)
            os.kill(here.hands.pid, signal.SIGSTOP)
            acted = await here.analyst.act("log-off", "test#4471", page.sittings[0])
            acted = await here.analyst.road.acted(acted.key, 25.0)
            assert only_answer(acted) == ("partly", ("records", "anpr"))
            answer = acted.commands[0].answer
            assert answer is not None
            assert answer.covered_ms is not None
            assert answer.left_signed_on == ("Custody (host:992)",)
            assert (await here.a.at.next(SessionEnded)).reason == "reset"
            page = await here.analyst.page("test#4471", sittings=0)
            assert page.left_signed_on == ("Custody (host:992)",)

    asyncio.run(journey())


@pytest.mark.parametrize("hub", BOTH, indirect=True)
def test_an_officer_brings_their_work_from_the_other_terminal(tmp_path: Path, hub: HubProcess) -> None:
    async def journey() -> None:
        async with AsyncExitStack() as all_of_it:
            a = await all_of_it.enter_async_context(terminal(hub, tmp_path / "a", "BR-A"))
            b = await all_of_it.enter_async_context(terminal(hub, tmp_path / "b", "BR-B"))
            there = await a.log_on("4472")
            await there.do("holds", systems=["records", "anpr"], unsaved=1)
            await a.at.spare()
            await a.at.spare()
            here = await b.log_on("4472")
            told = (await here.said("still-logged-on"))["still-logged-on"]
            assert isinstance(told, dict)
            (elsewhere,) = told["sittings"]
            assert (elsewhere["terminal"], elsewhere["reachable"]) == ("BR-A", True)
            await here.do("tell", message={"kind": "bring-here", "sitting": elsewhere["sitting"]})
            brought = (await here.said("brought"))["brought"]
            assert isinstance(brought, dict)
            assert (brought["done"], brought["systems"]) == (True, ["records", "anpr"])
            assert (await b.at.next(ReopenTold)).systems == 2
            assert (await a.at.next(SessionEnded)).session == a.session
            # Nowhere else any more, and the officer is told so.
            while (await here.said("still-logged-on"))["still-logged-on"] != {"sittings": []}:
                pass

    asyncio.run(journey())


def test_a_supervisor_at_the_terminal_approves_what_suspends_an_officer(tmp_path: Path, hub: HubProcess) -> None:
    async def journey() -> None:
        async with force(hub, tmp_path, "4473") as here:
            await here.hands.do("tell", message={"kind": "wants-letters"})
            shown = (await here.hands.said("letters"))["letters"]
            assert isinstance(shown, dict)
            page = await here.analyst.page("test#4473", sittings=1)
            caller = await here.analyst.verified(str(shown["letters"]))
            assert caller.officer == "test#4473"
            suspend = await here.analyst.act("suspend", "test#4473", None)
            assert (suspend.state, suspend.request is not None) == ("waits-for-second", True)
            asked = AskSupervisor(sitting=page.sittings[0].sitting.sitting)
            await here.analyst.road.ask_supervisor(str(suspend.request), asked)
            card = (await here.a.at.next(SecondAsked)).session
            hands = await here.a.hands_on(card)
            words = (await hands.said("ask-second"))["ask-second"]
            assert isinstance(words, dict)
            supervisor = {"officer": "test#9", "number": "9", "name": "A. Rank", "user_name": "a.rank"}
            said = {"kind": "second", "request": words["request"], "approve": True, **supervisor}
            await hands.do("tell", message={**said, "groups": ["inspectors"], "proved_by": "directory"})
            outcome, _ = only_answer(await here.analyst.road.acted(suspend.key, 25.0))
            assert outcome == "done"
            while (await here.a.at.next(SessionEnded)).session != here.a.session:
                pass
            # Every terminal is told, and lets them in nowhere.
            barred = officer_digest("test#4473")
            while barred not in str(await here.desk.said("barred")):
                pass

    asyncio.run(journey())


def test_what_is_answered_while_the_hub_is_dead_arrives_once_it_lives(tmp_path: Path, hub: HubProcess) -> None:
    async def journey() -> None:
        async with force(hub, tmp_path, "4474") as here:
            await here.reads_while_away(hub.kill9, hub.start)

    asyncio.run(journey())
