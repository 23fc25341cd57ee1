"""An officer's road to the hub: proved on the station's word, renewed, refused, and ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from launcher.hub import tokens
from launcher.hub.service import Hub
from launcher.hub.settings import HubSettings, RoleSettings
from launcher.hub_client.errors import HubAwayError, HubRefusedError
from launcher.hub_client.officer import OfficerRoad, new_key
from launcher.hub_client.road import HubRoad
from launcher.station.hub.ports import Picture
from launcher.station.hub.questions import VouchFor
from launcher.wire.hub.helpdesk import GiveNotice, OpenCase
from launcher.wire.hub.officers import KerberosProof, OfficerProof, VouchedProof
from launcher.wire.hub.sittings import Person, Vouched
from tests.contract.hub.terminal import PaperDesk, enrolled_place, linked
from tests.servers.fault_proxy import Cut, FaultProxy, PassThrough, Refuse
from tests.servers.hub_in_process import HubServer
from tests.unit.hub.hands import person, sitting

OFFICER = person("4471")
ANALYST = person("7", "helpdesk")


@pytest.fixture
def settings() -> HubSettings:
    return HubSettings(roles=RoleSettings(helpdesk=("helpdesk",)))


class Proving:
    """Makes a proof whenever one is wanted, as a session does: a nonce of the hub's, the station's word for it."""

    def __init__(self, desk: PaperDesk, who: Person) -> None:
        self.made = 0
        self.road: OfficerRoad | None = None
        self._desk = desk
        self._who = who

    async def proof(self) -> OfficerProof:
        self.made += 1
        assert self.road is not None
        nonce = await self.road.nonce()
        found = await self._desk.asked(VouchFor(nonce.nonce, nonce.until, "s-1", self._who, "local"))
        assert isinstance(found, Vouched)
        return OfficerProof(proof=VouchedProof(vouched=found), sitting="s-1")


@contextlib.asynccontextmanager
async def sitting_at(hub: Hub, origin: str, state: Path, who: Person) -> AsyncIterator[tuple[OfficerRoad, Proving]]:
    place = await enrolled_place(hub, origin, state)
    async with linked(place) as desk:
        desk.link.picture(Picture((sitting(who, "s-1", proved_by="local"),)))
        proving = Proving(desk, who)
        road = proving.road = OfficerRoad(HubRoad([origin]), proving.proof)
        try:
            yield road, proving
        finally:
            await road.close()


def test_an_officer_is_proved_once_and_asks_with_the_token(hub: Hub, hub_server: HubServer, tmp_path: Path) -> None:
    async def play() -> None:
        async with sitting_at(hub, hub_server.origin, tmp_path / "state", OFFICER) as (road, proving):
            first, second = await asyncio.gather(road.me(), road.me())
            assert first.person.officer == second.person.officer == OFFICER.officer
            assert proving.made == 1
            assert road.session is not None
            assert road.session.token == ""  # not to be shown with the rest
            assert [one.role for one in road.session.roles] == ["officer"]

    asyncio.run(play())


def test_a_token_that_the_hub_does_not_know_any_more_is_renewed_once(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    async def play() -> None:
        async with sitting_at(hub, hub_server.origin, tmp_path / "state", OFFICER) as (road, proving):
            await road.me()
            with hub.store.writing() as connection:
                tokens.drop(connection, "officer", OFFICER.officer)
            await road.me()
            assert proving.made == 2
            await road.end()
            assert road.session is None
            await road.me()
            assert proving.made == 3

    asyncio.run(play())


def test_a_role_that_the_officer_does_not_have_is_refused_by_the_hub(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    async def play() -> None:
        async with sitting_at(hub, hub_server.origin, tmp_path / "state", OFFICER) as (road, proving):
            with pytest.raises(HubRefusedError) as refused:
                await road.open_case(OpenCase(reason="curious", key=new_key()))
            assert refused.value.reference == "hub-not-allowed"
            assert proving.made == 1  # a refusal is no reason to prove again

    asyncio.run(play())


def test_an_analyst_asks_for_all_that_the_panel_shows(hub: Hub, hub_server: HubServer, tmp_path: Path) -> None:
    async def play() -> None:
        async with sitting_at(hub, hub_server.origin, tmp_path / "state", ANALYST) as (road, _):
            asked = OpenCase(reason="An officer has called", key=new_key())
            case = await road.open_case(asked)
            assert (await road.open_case(asked)).case == case.case  # the same key
            found = await road.find(case.case, "offic")
            assert [one.number for one in found.officers] == [ANALYST.number]
            page = await road.page(case.case, ANALYST.officer)
            assert [one.sitting.sitting for one in page.sittings] == ["s-1"]
            notice = await road.give_notice(GiveNotice(key=new_key(), text="Records is slow"))
            assert [one.id for one in await road.notices()] == [notice.id]
            assert [one.id for one in (await road.wrong()).notices] == [notice.id]
            await road.withdraw_notice(notice.id)
            assert await road.notices() == ()
            assert await road.requests() == ()
            with pytest.raises(HubRefusedError):
                await road.verify(case.case, "bkd mrt")
            with pytest.raises(HubRefusedError):
                await road.acted(new_key(), wait_s=0.0)

    asyncio.run(play())


def test_a_proof_whose_answer_is_lost_is_nobodys_and_another_is_made(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    async def play() -> None:
        with FaultProxy(hub_server.port) as proxy:
            async with sitting_at(hub, hub_server.origin, tmp_path / "state", OFFICER) as (_, proving):

                async def cut_off() -> OfficerProof:
                    proof = await proving.proof()
                    proxy.set(Cut(0) if proving.made == 1 else PassThrough())
                    return proof

                proving.road = road = OfficerRoad(HubRoad([f"http://127.0.0.1:{proxy.port}"]), cut_off)
                with pytest.raises(HubAwayError):
                    await road.me()
                proxy.set(PassThrough())
                await road.me()
                assert proving.made == 2
                await road.close()

    asyncio.run(play())


def test_a_token_is_renewed_by_another_proof_where_the_hub_does_not_take_the_first(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    async def play() -> None:
        async with sitting_at(hub, hub_server.origin, tmp_path / "state", OFFICER) as (only, proving):
            refused: list[str] = []

            async def first_a_ticket() -> OfficerProof:
                return OfficerProof(proof=KerberosProof(token="none")) if not refused else await proving.proof()

            def another(reference: str) -> bool:
                refused.append(reference)
                return len(refused) == 1

            proving.road = road = OfficerRoad(HubRoad([hub_server.origin]), first_a_ticket, another)
            await road.me()
            assert (refused, proving.made) == (["officer-proof-not-taken"], 1)
            with hub.store.writing() as connection:
                tokens.drop(connection, "officer", OFFICER.officer)
            refused.clear()
            await road.me()  # as whoever asks next, the panel, does
            assert proving.made == 2
            await road.close()
            proving.road = only

    asyncio.run(play())


def test_a_hub_that_is_away_costs_the_officer_a_moment(hub: Hub, hub_server: HubServer, tmp_path: Path) -> None:
    async def play() -> None:
        with FaultProxy(hub_server.port) as proxy:
            async with sitting_at(hub, hub_server.origin, tmp_path / "state", OFFICER) as (_, proving):
                road = OfficerRoad(HubRoad([f"http://127.0.0.1:{proxy.port}"]), proving.proof)
                proving.road = road
                await road.me()
                proxy.set(Refuse())
                with pytest.raises(HubAwayError):
                    await road.me()
                await road.close()

    asyncio.run(play())
