"""The panel's engine over the real road to a real hub: what the hub on paper does, the hub itself does, too."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from launcher.hub_client.officer import OfficerRoad
from launcher.hub_client.road import HubRoad
from launcher.identity.kerberos import gss
from launcher.session.helpdesk import commands as c
from launcher.session.helpdesk.panel import Helpdesk
from launcher.wire.hub.commands import CommandState
from launcher.wire.hub.officers import KerberosProof, OfficerProof
from tests.servers.hub_in_process import HubServer
from tests.servers.kdc import Kdc
from tests.unit.hub.command_line.analysts import CAROL, HOST
from tests.unit.hub.hands import StationHand
from tests.unit.session.helpdesk.paper_desk import PaperDesk

Proof = Callable[[], Awaitable[OfficerProof]]


def proof_of(cache: Path) -> Proof:
    async def proof() -> OfficerProof:
        shown = gss.Context(cache, "HTTP", HOST).step("")
        assert shown is not None
        return OfficerProof(proof=KerberosProof(token=shown.reveal()))

    return proof


async def taken(station: StationHand, kind: str) -> CommandState:
    """Take the next command of this kind at the terminal, as its link would."""
    async with asyncio.timeout(20):
        while True:
            for signed in await asyncio.to_thread(station.commands):
                if signed.command.kind == kind:
                    return await asyncio.to_thread(station.take, signed.command.id)


@pytest.fixture
def environment(shared_realm: Kdc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRB5_CONFIG", str(shared_realm.config))
    monkeypatch.setenv("KRB5RCACHENAME", "none:")


@pytest.mark.usefixtures("environment")
def test_a_caller_is_verified_helped_and_a_second_person_agrees(
    station: StationHand, hub_server: HubServer, tickets: dict[str, Path]
) -> None:
    async def play() -> None:
        station.news()
        async with asyncio.TaskGroup() as tasks:
            roads = [OfficerRoad(HubRoad((hub_server.origin,)), proof_of(tickets[who])) for who in ("alice", "bob")]
            desks = [PaperDesk(tasks), PaperDesk(tasks)]
            panels = [Helpdesk(desk) for desk in desks]
            for panel, road in zip(panels, roads, strict=True):
                me = await road.me()
                panel.roles([one.role for one in me.roles], me.supervisor, road)
            await helped(panels[0], desks[0], station)
            await seconded(panels, desks, station)
            for panel in panels:
                panel.end()
            for road in roads:
                await road.end()
                await road.close()

    asyncio.run(play())


async def helped(panel: Helpdesk, desk: PaperDesk, station: StationHand) -> None:
    panel.serve(c.HelpdeskLook(True))
    panel.serve(c.HelpdeskOpenCase("The screen is frozen"))
    await desk.until(lambda now: now.looking.case)
    panel.serve(c.HelpdeskFind("mos"))
    view = await desk.until(lambda now: now.looking.found)
    assert [one.officer for one in view.looking.found.officers] == [CAROL.officer]  # type: ignore[union-attr]
    panel.serve(c.HelpdeskLetters("bkd mrt"))
    view = await desk.until(lambda now: now.page.page)
    assert view.looking.case is not None
    assert view.looking.case.verified == view.page.officer == CAROL.officer
    page = view.page.page
    assert page is not None
    assert (page.sittings[0].terminal, page.sittings[0].sitting.unsaved) == ("FD-02", 2)

    panel.serve(c.HelpdeskAct("act-1", "log-off", CAROL.officer, "The screen is frozen", "c"))
    command = await taken(station, "log-off")
    await asyncio.to_thread(station.answer, command.id, covered_ms=40.0, more=True)
    view = await desk.until(lambda now: now.acts and now.acts[0].done_ms is not None)
    assert view.acts[0].state != "answered" or view.acts[0].acted.commands[0].answer.more  # type: ignore[union-attr]
    left = ("HOST9, line L21",)
    await asyncio.to_thread(station.answer, command.id, "partly", covered_ms=40.0, left_signed_on=left)
    view = await desk.until(lambda now: _left(now.acts[0].acted.commands[0]) == left)  # type: ignore[union-attr]
    assert view.acts[0].state == "answered"


def _left(command: CommandState) -> tuple[str, ...]:
    return command.answer.left_signed_on if command.answer is not None else ()


async def seconded(panels: list[Helpdesk], desks: list[PaperDesk], station: StationHand) -> None:
    (alice, bob), (at_alice, at_bob) = panels, desks
    alice.serve(c.HelpdeskAct("act-2", "forget-credential", CAROL.officer, "A new password", "c", system="warrants"))
    await at_alice.until(lambda now: now.acts[0].state == "waits-for-second")
    bob.serve(c.HelpdeskLook(True))
    view = await at_bob.until(lambda now: now.force.requests)
    request = view.force.requests[0]
    bob.serve(c.HelpdeskSecond(request.request, request.digest, True))
    command = await taken(station, "forget-credential")
    await asyncio.to_thread(station.answer, command.id)
    await at_alice.until(lambda now: now.acts[0].state == "answered")

    bob.serve(c.HelpdeskNotice("card-1", "Warrants is slow", systems=("warrants",), hours=1))
    view = await at_bob.until(lambda now: now.force.wrong and now.force.wrong.notices)
    assert view.notice.done
    bob.serve(c.HelpdeskGrant("card-2", CAROL.officer, "it", 2, "Night shift"))
    view = await at_bob.until(lambda now: now.grants.granted)
    assert view.grants.granted[0].name == CAROL.name
