"""A station's link that is lost again and again: how it is called again, by socket and by questions."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from launcher.hub.service import Hub
from launcher.hub.settings import HubSettings, ServeSettings
from launcher.hub.stations import door
from launcher.hub_client import jitter, station_link
from tests.contract.hub.terminal import enrolled_place, linked, no_sockets, seen
from tests.servers.fault_proxy import FaultProxy
from tests.servers.hub_in_process import HubServer


@pytest.fixture
def settings() -> HubSettings:
    return HubSettings(serve=ServeSettings(beat_s=0.5))


@pytest.mark.parametrize(("steady_s", "tries"), [(60.0, [0, 1, 2]), (0.0, [0, 0, 0])], ids=["dropped", "held"])
def test_a_link_that_is_welcomed_and_dropped_at_once_is_called_again_later_and_later(
    hub: Hub, hub_server: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steady_s: float, tries: list[int]
) -> None:
    waited: list[int] = []

    def at_once(after: int, chance: float, *, at_least_s: float = 0.0) -> float:
        waited.append(after)
        return 0.0 * (chance + at_least_s)

    monkeypatch.setattr(jitter, "STEADY_S", steady_s)
    monkeypatch.setattr(station_link, "wait_s", at_once)

    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        with FaultProxy(hub_server.port) as proxy:
            place.addresses = (f"http://127.0.0.1:{proxy.port}",)
            async with linked(place) as desk:
                for times in range(1, 4):
                    await desk.until(lambda times=times: desk.states.count((True, True)) == times)  # type: ignore[misc]
                    proxy.break_connections()
                await desk.until(lambda: desk.states.count((True, True)) == 4)

    asyncio.run(play())
    assert waited == tries


@pytest.mark.parametrize("sockets", [True, False], ids=["socket", "questions"])
def test_who_is_turned_away_comes_when_the_hub_has_told_it_to_and_in_no_other_way_meanwhile(
    hub: Hub, hub_server: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sockets: bool
) -> None:
    asked_s: list[float] = []

    def at_once(_: int, chance: float, *, at_least_s: float = 0.0) -> float:
        asked_s.append(at_least_s)
        if len(asked_s) == 3:
            monkeypatch.setattr(door, "ROOM", 100)
        return 0.0 * chance

    monkeypatch.setattr(door, "ROOM", 0)
    monkeypatch.setattr(door, "EACH_S", 7.0)
    monkeypatch.setattr(station_link, "wait_s", at_once)

    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state", sockets=sockets)
        async with linked(place) as desk:
            await desk.is_reachable()

    asyncio.run(play())
    assert [round(one) for one in asked_s] == [7, 14, 21]


def test_sockets_that_come_to_nothing_while_the_hub_answers_are_tried_again_soon_and_cost_no_link(
    hub: Hub, hub_server: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[int] = []

    def soon(in_vain: int, _: float) -> float:
        times.append(in_vain)
        return 0.01

    monkeypatch.setattr(station_link, "socket_again_s", soon)
    tried: list[None] = []

    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        async with no_sockets(hub_server.port, says=b"", tried=lambda: tried.append(None)) as port:
            place.addresses = (f"http://127.0.0.1:{port}",)
            async with linked(place) as desk:
                await desk.is_reachable()
                await seen(lambda: times[:3] == [1, 2, 3] and len(tried) > 4)
                assert desk.states == [(True, False), (True, True)]

    asyncio.run(play())
