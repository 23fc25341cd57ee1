"""What a supervisor does reaches the terminal: a role that is granted, its end, and their word for a second person."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from launcher.hub.officers import granted
from launcher.hub.officers import rows as officers
from launcher.hub.officers.asking import AskingOfficer
from launcher.hub.second import deciding
from launcher.hub.second import rows as second
from launcher.hub.service import Hub
from launcher.hub.settings import HubSettings, RoleSettings
from launcher.hub.suspended.barred import is_barred
from launcher.station.hub.ports import NoAnswer, Picture
from launcher.station.hub.questions import SaySecond
from launcher.wire.hub.commands import Answer, Command
from launcher.wire.hub.helpdesk import Act
from launcher.wire.hub.officers import GrantRole
from launcher.wire.hub.sittings import Person
from tests.contract.hub.terminal import PaperDesk, enrolled_place, linked, seen
from tests.servers.hub_in_process import HubServer
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import person, sitting

ALICE = person("4471", "sergeants")
SERGEANT, INSPECTOR = person("2001", "sergeants"), person("3001", "inspectors")
ANALYST = AskingOfficer("i#ann", "1001", "Ann", "ann", frozenset({"officer", "helpdesk"}), 0, "openid", "")


@pytest.fixture
def settings() -> HubSettings:
    return HubSettings(roles=RoleSettings(helpdesk=("helpdesk",), supervisors={"sergeants": 1, "inspectors": 2}))


def test_a_granted_role_is_told_where_its_officer_sits_and_so_is_its_end(
    hub: Hub, hub_server: HubServer, clock: Clock, tmp_path: Path
) -> None:
    def grant() -> None:
        asked = GrantRole(officer=ALICE.officer, role="helpdesk", hours=0.1, reason="a busy night", key="k-1")
        with hub.store.writing() as connection:
            _, topics = granted.grant(connection, hub, asked, ALICE.name, ANALYST)
        for topic in topics:
            hub.wakes.wake(topic)

    async def play() -> None:
        async with linked(await enrolled_place(hub, hub_server.origin, tmp_path / "state")) as desk:
            await desk.is_reachable()
            desk.link.picture(Picture((sitting(ALICE, "s-1", proved_by="local"),)))
            await seen(lambda: _known(hub))
            await asyncio.to_thread(grant)
            await desk.until(lambda: desk.roles == 1)
            clock.pass_s(361)
            await asyncio.to_thread(granted.keep, hub)
            await desk.until(lambda: desk.roles == 2)

    asyncio.run(play())


def test_a_supervisor_who_is_senior_agrees_at_the_terminal_and_one_who_is_not_is_refused(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    act = Act(key="a-1", case="c-1", kind="suspend", officer=ALICE.officer, reason="a stolen card")

    async def agrees(desk: PaperDesk, command: Command, who: Person) -> NoAnswer | None:
        assert command.request is not None
        return await desk.asked(SaySecond(command.request, command.id, who, "local", approve=True))

    async def play() -> None:
        async with linked(await enrolled_place(hub, hub_server.origin, tmp_path / "state")) as desk:
            desk.outcome = lambda command: None if command.kind == "ask-supervisor" else Answer(outcome="done", at=0)
            await desk.is_reachable()
            desk.link.picture(Picture((sitting(ALICE, "s-1", proved_by="local"),)))
            await seen(lambda: _known(hub))
            with hub.store.writing() as connection:
                request = second.ask(connection, hub, act, ANALYST)
            await asyncio.to_thread(deciding.ask_for_supervisor, hub, request, "s-1", ANALYST)
            await desk.until(lambda: bool(desk.commands))
            asked = desk.commands[0]
            assert (asked.kind, asked.request, asked.text[:13]) == ("ask-supervisor", request, "suspend Offic")

            refused = await agrees(desk, asked, SERGEANT)
            assert refused is not None
            assert refused.reference == "second-person-barred"
            assert await agrees(desk, asked, INSPECTOR) is None
            await desk.until(lambda: len(desk.commands) == 2)
            assert desk.commands[1].kind == "suspend"
            await desk.until(lambda: bool(desk.told_barred) and desk.told_barred[-1][0] != ())
            with hub.store.reading() as connection:
                assert is_barred(connection, ALICE, ())

    asyncio.run(play())


def _known(hub: Hub) -> bool:
    with hub.store.reading() as connection:
        return officers.known(connection, ALICE.officer) is not None
