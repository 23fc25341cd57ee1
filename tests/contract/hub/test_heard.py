"""What a station hears of its hub: who is suspended, which notices hold, where else an officer is."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from launcher.hub.errors import StoreAwayError
from launcher.hub.notices import rows as notices
from launcher.hub.second.rows import AskedBy
from launcher.hub.service import Hub
from launcher.hub.settings import HubSettings, ServeSettings
from launcher.hub.suspended import rows as suspended
from launcher.hub.suspended.tables import barred_told
from launcher.station.hub import whenever
from launcher.station.hub.ports import NoAnswer, Picture
from launcher.station.hub.questions import Bring
from launcher.wire.hub.barred import officer_digest
from launcher.wire.hub.helpdesk import GiveNotice
from tests.contract.hub.terminal import PaperDesk, Place, enrolled_place, linked, seen
from tests.contract.hub.test_told import open_sittings
from tests.servers.hub_in_process import HubServer
from tests.unit.hub.hands import person, sitting


@pytest.fixture
def settings() -> HubSettings:
    return HubSettings(serve=ServeSettings(beat_s=0.5))


def test_who_is_suspended_is_known_at_once_and_from_the_disk_while_the_hub_is_away(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    who = person("7")

    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        async with linked(place) as desk:
            await desk.is_reachable()
            with hub.store.writing() as connection:
                suspended.suspend(connection, hub, who.officer, "a#1", "An analyst", "a test")
            hub.wakes.wake("stations")
            await desk.until(lambda: _barred(desk) == (officer_digest(who.officer),))
            await seen(lambda: _told_all(hub, who.officer))  # the terminal counts as told
        place.addresses = ("http://127.0.0.1:9",)
        async with linked(place) as desk:
            await desk.until(lambda: bool(desk.states))
            assert _barred(desk) == (officer_digest(who.officer),)  # before anything else was said
        place.addresses = (hub_server.origin,)
        with hub.store.writing() as connection:
            suspended.unsuspend(connection, hub, who.officer, "a#1", "An analyst", "a test")
        async with linked(place) as desk:
            await desk.until(lambda: len(desk.told_barred) == 2)
            assert _barred(desk) == ()

    asyncio.run(play())


def test_a_notice_holds_from_the_disk_until_its_time_is_over_while_the_hub_is_away(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    def give(text: str, hours: float | None) -> None:
        with hub.store.writing() as connection:
            notices.give(connection, hub, GiveNotice(key=text, text=text, hours=hours), AskedBy("a#1", "An analyst"))
        hub.wakes.wake("stations")

    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        async with linked(place) as desk:
            await desk.is_reachable()
            give("for-good", None)
            await desk.until(lambda: _notices(desk) == ["for-good"])
            give("for-now", 4.0 / 3600)
            await desk.until(lambda: _notices(desk) == ["for-now", "for-good"])
        place.addresses = ("http://127.0.0.1:9",)
        async with linked(place) as desk:
            await desk.until(lambda: _notices(desk) == ["for-good"])  # by the clock, without a word of the hub's

    asyncio.run(play())


def _notices(desk: PaperDesk) -> list[str] | None:
    return [one.text for one in desk.told_notices[-1]] if desk.told_notices else None


def _barred(desk: PaperDesk) -> tuple[str, ...] | None:
    return desk.told_barred[-1][0] if desk.told_barred else None


def _told_all(hub: Hub, officer: str) -> bool:
    with hub.store.reading() as connection:
        return suspended.unreachable(connection, hub, officer) == ()


def test_an_officer_at_two_terminals_is_elsewhere_at_each_and_is_brought(
    hub: Hub, hub_server: HubServer, tmp_path: Path
) -> None:
    who = person("4471")

    async def play() -> None:
        here = await enrolled_place(hub, hub_server.origin, tmp_path / "here")
        there = await enrolled_place(hub, hub_server.origin, tmp_path / "there")
        async with linked(there) as other, linked(here) as desk:
            other.link.picture(Picture((sitting(who, "s-there"),)))
            desk.link.picture(Picture((sitting(who, "s-here"),)))
            await desk.until(lambda: _elsewhere(desk) == ["s-there"])
            await other.until(lambda: _elsewhere(other) == ["s-here"])
            found = await desk.asked(Bring("s-there", "s-here"))
            assert not isinstance(found, NoAnswer), found
            assert [one.kind for one in other.commands] == ["bring"]
            other.link.picture(Picture())
            await desk.until(lambda: _elsewhere(desk) == [])

    asyncio.run(play())


def _elsewhere(desk: PaperDesk) -> list[str] | None:
    return [one.sitting for one in desk.told_elsewhere[-1]] if desk.told_elsewhere else None


def test_a_terminal_counts_as_told_though_the_hub_did_not_hear_it_say_so_at_first(
    hub: Hub, hub_server: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, real, refused = person("7"), suspended.note_told, [0]

    def away(connection: Connection, station: str, version: int, now: float) -> None:
        if version and not refused[0]:
            refused[0] += 1
            raise StoreAwayError("for a moment")
        real(connection, station, version, now)

    monkeypatch.setattr(suspended, "note_told", away)
    monkeypatch.setattr(whenever, "AGAIN_S", 0.05)

    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        async with linked(place) as desk:
            desk.link.picture(Picture((sitting(who, "s-1"),)))
            await desk.is_reachable()
            await seen(lambda: open_sittings(hub) == [("s-1", "7")])
            with hub.store.writing() as connection:
                suspended.suspend(connection, hub, who.officer, "a#1", "An analyst", "a test")
            hub.wakes.wake("stations")
            await seen(lambda: refused[0] == 1 and _has_told(hub, place))

    asyncio.run(play())


def _has_told(hub: Hub, place: Place) -> bool:
    with hub.store.reading() as connection:
        told = select(barred_told.c.version).where(barred_told.c.station == place.enrolled.station)
        return connection.execute(told).scalar_one_or_none() == 1
