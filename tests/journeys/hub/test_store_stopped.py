"""The hub's PostgreSQL is stopped, or killed, while something is under way: what was taken arrives, once.

Two processes of a hub, two terminals with their real links and stand-in sessions. Nobody at a screen waits for any of
it: an officer logs on and off as ever.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from launcher.hub_client.errors import HubRefusedError
from launcher.station import OfficerSignedIn, ReopenTold, SessionEnded
from launcher.wire.hub.helpdesk import Acted
from tests.journeys.hub.hub_bench import force, terminal, vouch_of
from tests.journeys.station_bench import Hands
from tests.servers.fault_proxy import FaultProxy, PassThrough, Refuse
from tests.servers.hub import HubProcess
from tests.servers.postgresql import PostgreSql

pytestmark = [pytest.mark.needs("postgresql"), pytest.mark.timeout(240)]


def answer_of(acted: Acted) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return the outcome of the one command of an act, what was open, and where it may be left signed on."""
    (command,) = acted.commands
    assert command.answer is not None
    return command.answer.outcome, command.answer.systems, command.answer.left_signed_on


def test_killed_between_the_row_and_the_terminal_that_is_to_take_it(
    tmp_path: Path, hub_of_two: HubProcess, store: PostgreSql
) -> None:
    async def journey(proxy: FaultProxy) -> None:
        async with force(hub_of_two, tmp_path, "5471", a_by=f"http://127.0.0.1:{proxy.port}") as here:
            await here.hands.do("holds", systems=["records", "anpr"], unsaved=2)
            page = await here.analyst.page("test#5471", sittings=1)
            os.kill(here.hands.pid, signal.SIGSTOP)
            await asyncio.to_thread(proxy.set, Refuse())
            acted = await here.analyst.act("log-off", "test#5471", page.sittings[0])  # a row, and nobody to take it
            await asyncio.to_thread(store.kill9)
            await asyncio.to_thread(hub_of_two.kill9)
            await asyncio.to_thread(store.start)
            await asyncio.to_thread(hub_of_two.start)
            await asyncio.to_thread(proxy.set, PassThrough())
            over = await here.analyst.outcome(acted)
            assert answer_of(over) == ("done", ("records", "anpr"), ())
            ended = [one.reason for one in here.a.at.events if isinstance(one, SessionEnded)]
            assert ended == ["reset"]

    with FaultProxy(int(hub_of_two.origin.rsplit(":", 1)[1])) as proxy:
        asyncio.run(journey(proxy))


def test_stopped_between_acknowledgement_and_answer_while_the_terminal_works_on(
    tmp_path: Path, hub_of_two: HubProcess, store: PostgreSql
) -> None:
    async def journey() -> None:
        async with force(hub_of_two, tmp_path, "5472") as here:
            await here.hands.do("holds", systems=["records"], unsaved=1)
            await here.hands.do("signed-on-at", systems=["Custody (host:992)"])
            page = await here.analyst.page("test#5472", sittings=1)
            acted = await here.analyst.act("log-off", "test#5472", page.sittings[0])
            while not (seen := await here.analyst.road.acted(acted.key, 5.0)).commands[0].answer:
                pass
            assert seen.commands[0].answer.more  # its officer has been told, and has some seconds
            await asyncio.to_thread(store.stop)
            # Nobody at the terminal notices: the session ends as announced, and the next officer logs on.
            shown, next_hands = await here.a.at.shown_session()
            assert shown.session != here.a.session
            await next_hands.do("sign-in", number="5473", user_name="user.5473", proved_by="local")
            while (await here.a.at.next(OfficerSignedIn)).session != shown.session:
                pass
            assert (await here.a.at.next(SessionEnded)).session == here.a.session
            with pytest.raises(HubRefusedError) as away:
                await here.analyst.act("lock", "test#5472", page.sittings[0])
            assert away.value.reference == "hub-store-away"
            assert await vouch_of(next_hands) is None
            await asyncio.to_thread(store.start)
            over = await here.analyst.outcome(acted)
            assert answer_of(over) == ("partly", ("records",), ("Custody (host:992)",))
            # What the hub could not be told meanwhile, it knows now: who sits there, and that the station vouches.
            while await vouch_of(next_hands) is None:
                pass
            page = await here.analyst.page("test#5473", sittings=1)
            lock = await here.analyst.outcome(await here.analyst.act("lock", "test#5473", page.sittings[0]))
            assert answer_of(lock)[0] == "done"
            ended = Counter(one.session for one in here.a.at.events if isinstance(one, SessionEnded))
            assert ended[here.a.session] == 1

    asyncio.run(journey())


def test_killed_while_a_message_is_read(tmp_path: Path, hub_of_two: HubProcess, store: PostgreSql) -> None:
    async def journey() -> None:
        async with force(hub_of_two, tmp_path, "5474") as here:
            await here.reads_while_away(store.kill9, store.start)

    asyncio.run(journey())


async def told_elsewhere(hands: Hands, terminal: str) -> str:
    """Wait until an officer is told that they are logged on at a terminal, reachable; return the sitting there."""
    while True:
        told = (await hands.said("still-logged-on"))["still-logged-on"]
        assert isinstance(told, dict)
        for one in told["sittings"]:
            if one["terminal"] == terminal and one["reachable"]:
                return str(one["sitting"])


def test_work_is_brought_after_the_database_was_away(tmp_path: Path, hub_of_two: HubProcess, store: PostgreSql) -> None:
    async def journey() -> None:
        async with terminal(hub_of_two, tmp_path / "a", "ST-A") as a, terminal(hub_of_two, tmp_path / "b", "ST-B") as b:
            there = await a.log_on("5475")
            await there.do("holds", systems=["records", "anpr"], unsaved=1)
            await a.at.spare()
            await a.at.spare()
            here = await b.log_on("5475")
            sitting = await told_elsewhere(here, "ST-A")
            await asyncio.to_thread(store.kill9)
            await here.do("tell", message={"kind": "bring-here", "sitting": sitting})
            brought = (await here.said("brought"))["brought"]
            assert isinstance(brought, dict)
            assert (brought["done"], brought["reference"]) == (False, "hub-store-away")
            await asyncio.to_thread(store.start)
            began = time.monotonic()
            while not brought["done"] and time.monotonic() - began < 60:
                await here.do("tell", message={"kind": "bring-here", "sitting": sitting})
                brought = (await here.said("brought"))["brought"]
                assert isinstance(brought, dict)
            assert (brought["done"], brought["systems"]) == (True, ["records", "anpr"])
            assert (await b.at.next(ReopenTold)).systems == 2
            assert (await a.at.next(SessionEnded)).session == a.session
            assert not [one for one in a.at.events if isinstance(one, SessionEnded) and one.session != a.session]

    asyncio.run(journey())
