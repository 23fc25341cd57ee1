"""An officer's session and a real hub: proved behind the work on the station's word, with roles as the hub says."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from launcher.bootstrap.parts import officer_road
from launcher.hub import tokens
from launcher.hub.commands import rows as commands
from launcher.hub.service import Hub
from launcher.hub.settings import HubSettings as ServiceSettings
from launcher.hub.settings import RoleSettings
from launcher.hub.stations.tables import stations
from launcher.hub.suspended import rows as suspended
from launcher.hub_client.errors import refused
from launcher.hub_client.officer import OfficerRoad
from launcher.hub_client.proved import Proof, Refused
from launcher.policy.hub_settings import HubSettings
from launcher.residue.patterns import Patterns
from launcher.session import commands as c
from launcher.session.parts import Parts
from launcher.station.hub.ports import Picture
from launcher.station.hub.questions import VouchFor
from launcher.wire import messages as m
from launcher.wire.hub.commands import Answer, CommandKind, Outcome
from launcher.wire.hub.officers import Me
from launcher.wire.hub.sittings import Person, Vouched
from launcher.wire.hub.stations import Refused as RefusedByHub
from tests.contract.hub.terminal import PaperDesk, enrolled_place, linked
from tests.servers.fault_proxy import FaultProxy, PassThrough, Refuse
from tests.servers.hub_in_process import HubServer
from tests.unit.hub.hands import sitting
from tests.unit.session.bench import Bench, Running
from tests.unit.session.lock_bench import locked


@pytest.fixture
def settings() -> ServiceSettings:
    return ServiceSettings(roles=RoleSettings(helpdesk=("all-staff",)))


@dataclass
class AtHub(Bench):
    """A bench of a station that has a hub at ``address``."""

    address: str = ""
    roads: list[OfficerRoad] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.change = self._with_hub

    def _with_hub(self, parts: Parts) -> Parts:
        settings = parts.settings.model_copy(update={"hub": HubSettings(addresses=(self.address,))})
        make = officer_road(settings)
        assert make is not None

        def made(proof: Proof, refused: Refused) -> OfficerRoad:
            self.roads.append(make(proof, refused))
            return self.roads[-1]

        return replace(parts, settings=settings, officer_road=made)


@contextlib.asynccontextmanager
async def vouching(here: Running, desk: PaperDesk) -> AsyncIterator[None]:
    """Say for the block, as a station does, who sits here, each time that the session asks for it."""
    vouches = asyncio.create_task(_vouch(here, desk))
    try:
        yield
    finally:
        vouches.cancel()
        await asyncio.wait((vouches,))


async def _vouch(here: Running, desk: PaperDesk) -> None:
    for said in itertools.count():
        while len(here.watched.of(m.WantsVouch)) <= said:
            here.watched.changed.clear()
            await here.watched.changed.wait()
        asked = here.watched.of(m.WantsVouch)[said]
        who = signed_in(here)
        desk.link.picture(Picture((sitting(who, "s-1", proved_by="local"),)))
        vouched = await desk.asked(VouchFor(asked.nonce, asked.until, "s-1", who, "local"))
        assert isinstance(vouched, Vouched)
        here.send(m.VouchedHere(nonce=asked.nonce, vouched=vouched))


def signed_in(here: Running) -> Person:
    said = here.watched.of(m.SignedIn)[-1]
    return Person(
        officer=said.officer, number=said.number, name=said.name, user_name=said.user_name, groups=said.groups
    )


@contextlib.asynccontextmanager
async def at_work(hub: Hub, origin: str, tmp_path: Path, address: str = "") -> AsyncIterator[tuple[Running, PaperDesk]]:
    place = await enrolled_place(hub, origin, tmp_path / "link")
    async with linked(place) as desk:
        await desk.is_reachable()
        async with AtHub(tmp_path / "bench", address=address or origin).session() as here:
            here.send(m.HubState(enrolled=True, reachable=True))
            await here.log_on()
            here.send(c.LaunchpadResponds())
            yield here, desk


def test_the_panel_is_there_with_the_role_and_goes_with_it(hub: Hub, hub_server: HubServer, tmp_path: Path) -> None:
    async def play() -> None:
        async with at_work(hub, hub_server.origin, tmp_path) as (here, desk), vouching(here, desk):
            now = await here.until(lambda now: now.hub is not None and now.hub.proved)
            assert now.hub is not None
            assert set(now.hub.roles) == {"officer", "helpdesk"}
            assert now.helpdesk is not None
            officer = signed_in(here).officer
            with hub.store.writing() as connection:
                suspended.suspend(connection, hub, officer, "i#b", "B. Marsh", "a lost card")
            here.send(m.RolesChanged())
            now = await here.until(lambda now: now.hub is not None and not now.hub.proved)
            assert now.helpdesk is None
            assert now.stage == "signed-in"  # what ends the session is the station's command

    asyncio.run(play())


def test_who_ended_a_frozen_session_is_said_in_the_next_one(hub: Hub, hub_server: HubServer, tmp_path: Path) -> None:
    async def play() -> None:
        async with at_work(hub, hub_server.origin, tmp_path) as (here, desk):
            done(hub, signed_in(here).officer, "log-off", "done", "Frozen")
            done(hub, signed_in(here).officer, "lock", "failed", "Not locked")
            async with vouching(here, desk):
                now = await here.until(lambda now: bool(now.deeds))
                assert [(one.what, one.by_name, one.reason) for one in now.deeds] == [
                    ("log-off", "C. Analyst", "Frozen")
                ]
                assert [(one.what, one.text) for one in now.notices] == [("deed", str(now.deeds[0].command))]

    def done(hub: Hub, officer: str, kind: CommandKind, outcome: Outcome, reason: str) -> None:
        with hub.store.writing() as connection:
            station = connection.execute(select(stations.c.station)).scalar_one()
            made = commands.add(
                connection, hub, station, kind, sitting="s-0", officer=officer, reason=reason, by_name="C. Analyst"
            )
            commands.answer(connection, hub, station, made.id, Answer(outcome=outcome, at=1.0))

    asyncio.run(play())


def test_with_the_session_its_token_ends_at_the_hub(hub: Hub, hub_server: HubServer, tmp_path: Path) -> None:
    async def play() -> None:
        async with at_work(hub, hub_server.origin, tmp_path) as (here, desk), vouching(here, desk):
            await here.until(lambda now: now.hub is not None and now.hub.proved)
            assert held(hub) == 1
            here.send(c.LogOff(confirmed=True))
            await here.ended()
            assert held(hub) == 0

    def held(hub: Hub) -> int:
        with hub.store.reading() as connection:
            counted = select(func.count()).select_from(tokens.tokens).where(tokens.tokens.c.kind == "officer")
            return connection.execute(counted).scalar_one()

    asyncio.run(play())


def test_a_hub_that_is_away_stops_nobody_and_is_asked_again_when_it_is_back(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    async def play() -> None:
        with FaultProxy(hub_server.port) as proxy:
            proxy.set(Refuse())
            address = f"http://127.0.0.1:{proxy.port}"
            async with at_work(hub, hub_server.origin, tmp_path, address) as (here, desk):
                now = await here.until(lambda now: now.hub is not None and now.hub.error is not None)
                assert now.hub is not None
                assert now.hub.error is not None
                assert now.hub.error.reference == "hub-unreachable"
                assert now.stage == "signed-in"
                proxy.set(PassThrough())
                here.send(m.HubState(enrolled=True, reachable=False), m.HubState(enrolled=True, reachable=True))
                async with vouching(here, desk):
                    now = await here.until(lambda now: now.hub is not None and now.hub.proved)
                    assert now.hub is not None
                    assert now.hub.error is None

    asyncio.run(play())


def test_a_station_that_does_not_vouch_is_said_to_be_the_hindrance(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    async def play() -> None:
        async with at_work(hub, hub_server.origin, tmp_path) as (here, _):
            await here.heard(lambda: here.watched.of(m.WantsVouch))
            here.send(m.VouchedHere(nonce="somebody else's", vouched=None))
            here.send(m.VouchedHere(nonce=here.watched.of(m.WantsVouch)[-1].nonce, vouched=None))
            now = await here.until(lambda now: now.hub is not None and now.hub.error is not None)
            assert now.hub is not None
            assert now.hub.error is not None
            assert now.hub.error.reference == "not-vouched-for"
            assert not now.hub.roles

    asyncio.run(play())


@pytest.mark.parametrize("status", [503, 429])
def test_a_hub_that_cannot_say_takes_no_role_away(
    hub: Hub, hub_server: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    async def me(_: OfficerRoad) -> Me:
        raise refused(status, RefusedByHub(reference="hub-store-away", message="The hub's store does not answer."))

    async def play() -> None:
        async with at_work(hub, hub_server.origin, tmp_path) as (here, desk), vouching(here, desk):
            await here.until(lambda now: now.hub is not None and now.hub.proved)
            monkeypatch.setattr(OfficerRoad, "me", me)
            here.send(m.RolesChanged())
            now = await here.until(lambda now: now.hub is not None and now.hub.error is not None)
            assert now.hub is not None
            assert (now.hub.proved, set(now.hub.roles)) == (True, {"officer", "helpdesk"})
            assert now.helpdesk is not None

    asyncio.run(play())


def test_who_could_not_be_proved_while_locked_is_when_they_are_back(
    hub: Hub, hub_server: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.session.hub.at_hub.again_s", lambda _: 3600.0)

    async def play() -> None:
        async with at_work(hub, hub_server.origin, tmp_path) as (here, desk):
            await here.heard(lambda: here.watched.of(m.WantsVouch))
            here.send(m.VouchedHere(nonce=here.watched.of(m.WantsVouch)[-1].nonce, vouched=None))
            await here.until(lambda now: now.hub is not None and now.hub.error is not None)
            await locked(here)
            async with vouching(here, desk):
                here.send(m.Resume(pid=os.getpid()))
                await here.until(lambda now: now.hub is not None and now.hub.proved)

    asyncio.run(play())


def test_the_hubs_token_is_told_masked_where_nothing_may_be_left_of_it(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "link")
        bench = AtHub(tmp_path / "bench", address=hub_server.origin, residue_check=True)
        async with linked(place) as desk, bench.session() as here:
            await desk.is_reachable()
            await here.log_on()
            here.send(m.HubState(enrolled=True, reachable=True), c.LaunchpadResponds())
            async with vouching(here, desk):
                await here.until(lambda now: now.hub is not None and now.hub.proved)
                (token,) = bench.roads[0].secrets()
                found = token.reveal().encode()
                await here.heard(
                    lambda: any(Patterns.from_wire(one).found_in(found) for one in here.watched.of(m.Canaries))
                )
                assert token.reveal() not in here.watched.everything()
                before = len(here.watched.of(m.Canaries))
                here.send(c.LogOff(confirmed=True))
                await here.ended()
                last = here.watched.of(m.Canaries)[before:]
                assert any(Patterns.from_wire(one).found_in(found) for one in last), (
                    "what was just ended is searched for"
                )

    asyncio.run(play())
