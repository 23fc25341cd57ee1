"""Two processes of one hub on one store, which the one that all know first has lost: it holds nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from launcher.bootstrap.hub_place import HubPlace
from launcher.bootstrap.where import Where
from launcher.hub.commands import rows as commands
from launcher.hub.service import Hub
from launcher.hub.stations.tables import stations
from launcher.hub_client import station_link
from launcher.hub_client.officer import OfficerRoad
from launcher.hub_client.road import HubRoad
from launcher.station.hub.enrolment import read_enrolled
from launcher.station.hub.ports import Picture
from tests.contract.hub.terminal import PaperDesk, Place, enrolled_place, linked, seen
from tests.contract.hub.test_enrolling import code_of, enrol
from tests.contract.hub.test_officer import OFFICER, Proving
from tests.servers.fault_proxy import FaultProxy, PassThrough, Refuse
from tests.servers.hub import running_hub
from tests.servers.postgresql import PostgreSql
from tests.unit.hub.hands import sitting

pytestmark = [pytest.mark.needs("postgresql"), pytest.mark.timeout(180)]

BEAT_S = 0.5


@dataclass(frozen=True)
class Two:
    """``one`` reaches the store by ``road`` alone. ``hub``: what a test writes by, past both."""

    one: str
    other: str
    road: FaultProxy
    hub: Hub

    def ordered(self, place: Place) -> int:
        """Make a command; whoever hears of it learns it from the store."""
        with self.hub.store.writing() as connection:
            fields = {"sitting": "s-1", "officer": OFFICER.officer, "reason": "a test"}
            return commands.add(connection, self.hub, place.enrolled.station, "lock", **fields).id

    def link(self, place: Place) -> str:
        """Return what the station was given at its last proof."""
        with self.hub.store.reading() as connection:
            row = connection.execute(select(stations).where(stations.c.station == place.enrolled.station)).one()
        assert row.quarantined is None
        return str(row.link)


@pytest.fixture(scope="module")
def two(postgresql: PostgreSql) -> Iterator[Two]:
    """The two, both well; each test leaves them so."""
    database = postgresql.create("hub_of_two_addresses")
    with FaultProxy(postgresql.port) as road, running_hub(database=database, beat_s=BEAT_S) as other:
        by_road = make_url(database).set(port=road.port).render_as_string()
        with running_hub(database=by_road, key_of=other, beat_s=BEAT_S) as one:
            here = HubPlace(other.file, other.state)
            hub = Hub(here.settings, here.store(), here.key())
            yield Two(one.origin, other.origin, road, hub)
            hub.store.close()


@pytest.fixture(autouse=True)
def looked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have stations look for another address soon; return how often each had done so in vain before."""
    looked: list[int] = []

    def soon(times: int, chance: float) -> float:
        looked.append(times)
        return 0.1 * chance

    monkeypatch.setattr(station_link, "elsewhere_s", soon)
    return looked


async def carries_out(desk: PaperDesk, command: int) -> None:
    await desk.until(lambda: command in [one.id for one in desk.commands])


def test_stations_go_on_at_the_other_address(two: Two, tmp_path: Path) -> None:
    async def play() -> None:
        place = await enrolled_place(two.hub, two.one, tmp_path / "state")
        place.addresses = (two.one, two.other)
        async with linked(place) as desk:  # connected when the store is lost
            await desk.is_reachable()
            await asyncio.to_thread(two.road.set, Refuse())
            await carries_out(desk, two.ordered(place))
            assert desk.states == [(True, False), (True, True)]  # nobody at the terminal has noticed
        for sockets in (True, False):  # begun meanwhile
            place.sockets = sockets
            async with linked(place) as desk:
                await desk.is_reachable()
                await carries_out(desk, two.ordered(place))
        assert two.link(place)  # and no quarantine

    try:
        asyncio.run(play())
    finally:
        two.road.set(PassThrough())


def test_an_officer_is_proved_at_the_other_address(two: Two, tmp_path: Path) -> None:
    async def play() -> None:
        place = await enrolled_place(two.hub, two.one, tmp_path / "state")
        place.addresses = (two.one, two.other)
        async with linked(place) as desk:
            await desk.is_reachable()
            await asyncio.to_thread(two.road.set, Refuse())
            desk.link.picture(Picture((sitting(OFFICER, "s-1", proved_by="local"),)))
            proving = Proving(desk, OFFICER)
            road = proving.road = OfficerRoad(HubRoad(place.addresses), proving.proof)
            try:
                assert (await road.me()).person.officer == OFFICER.officer
                assert proving.made == 2  # a proof holds once
            finally:
                await road.close()

    try:
        asyncio.run(play())
    finally:
        two.road.set(PassThrough())


def test_a_terminal_is_enrolled_at_the_other_address(two: Two, tmp_path: Path) -> None:
    station = tmp_path / "station.toml"
    station.write_text(
        '[station]\nterminal = "FD-07"\n[sign_in]\nmethods = ["local"]\n[local]\n'
        f'[hub]\naddresses = ["{two.one}", "{two.other}"]\n',
        encoding="utf-8",
    )
    where, code = Where(station, tmp_path / "state"), code_of(two.hub)
    two.road.set(Refuse())
    try:
        assert enrol(where, code) == 0
    finally:
        two.road.set(PassThrough())
    enrolled = read_enrolled(where.state)
    assert enrolled is not None
    assert enrolled.terminal == "FD-07"


def test_where_no_address_has_the_store_all_stay_and_are_woken_when_it_is_back(
    two: Two, tmp_path: Path, looked: list[int]
) -> None:
    async def play(by: FaultProxy) -> None:
        place = await enrolled_place(two.hub, two.one, tmp_path / "state")
        place.addresses = (two.one, f"http://127.0.0.1:{by.port}")
        async with linked(place) as desk:
            await desk.is_reachable()
            link = two.link(place)
            await asyncio.to_thread(two.road.set, Refuse())
            made = two.ordered(place)
            await seen(lambda: 2 in looked)
            assert by.connections
            await asyncio.to_thread(two.road.set, PassThrough())
            await carries_out(desk, made)
            assert two.link(place) == link  # by the socket that it had

    with FaultProxy(int(two.one.rsplit(":", 1)[1])) as by:
        try:
            asyncio.run(play(by))
        finally:
            two.road.set(PassThrough())
