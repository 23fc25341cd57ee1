"""Stations that are woken meanwhile are looked up together, each by a look that began after it was woken."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection
from typing import Any

import pytest
from sqlalchemy import Connection

from launcher.hub.commands import rows as commands
from launcher.hub.database import Database
from launcher.hub.errors import HubError, StoreAwayError
from launcher.hub.service import Hub
from launcher.hub.stations import fresh_news, rows
from launcher.hub.stations.errors import QuarantinedError, StationUnknownError
from launcher.wire.hub.stations import News
from tests.unit.hub.hands import StationHand

Enrolled = Callable[..., StationHand]

_WITHIN_S = 30.0


class _Looks:
    """What was looked up each time; ``hold`` lets a look wait until ``go_on``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.each: list[tuple[str, ...]] = []
        self.began = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()
        real = rows.news_of_some

        def look(connection: Connection, some: Collection[str]) -> dict[str, News | HubError]:
            found = real(connection, some)
            self.each.append(tuple(some))
            self.began.set()
            assert self.go_on.wait(_WITHIN_S)
            return found

        monkeypatch.setattr(rows, "news_of_some", look)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> _Looks:
    return _Looks(monkeypatch)


def test_who_is_woken_at_once_is_looked_up_at_once(
    hub: Hub, enrolled: Enrolled, looks: _Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fresh_news, "MANY", 2)
    hands = [enrolled() for _ in range(3)]
    with hub.store.writing() as connection:
        made = commands.add(connection, hub, hands[1].id, "lock", sitting="s", officer="ldap#1", reason="asked")

    async def play() -> list[News]:
        return await asyncio.gather(*(hub.news.of(one.id) for one in hands))

    assert [one.command for one in asyncio.run(play())] == [0, made.id, 0]
    assert list(map(len, looks.each)) == [2, 1]


def test_what_comes_while_one_is_looked_up_is_seen_by_another_look(hub: Hub, enrolled: Enrolled, looks: _Looks) -> None:
    hand = enrolled()
    looks.go_on.clear()

    async def play() -> None:
        before = asyncio.create_task(hub.news.of(hand.id))
        assert await asyncio.to_thread(looks.began.wait, _WITHIN_S)
        with hub.store.writing() as connection:
            made = commands.add(connection, hub, hand.id, "lock", sitting="s", officer="ldap#1", reason="asked")
        after = asyncio.create_task(hub.news.of(hand.id))
        await asyncio.sleep(0)  # it has asked
        looks.go_on.set()
        assert (await before).command == 0
        assert (await after).command == made.id

    asyncio.run(play())


def test_what_one_is_refused_for_is_said_to_that_one_alone(hub: Hub, enrolled: Enrolled) -> None:
    good, held = enrolled(), enrolled()
    with hub.store.writing() as connection:
        rows.quarantine(connection, hub, rows.station_that_may(connection, held.id), "a test")

    async def play() -> list[Any]:
        asked = (good.id, held.id, "st-nobody")
        return await asyncio.gather(*map(hub.news.of, asked), return_exceptions=True)

    assert list(map(type, asyncio.run(play()))) == [News, QuarantinedError, StationUnknownError]


def test_a_store_that_is_away_is_said_to_all_and_the_next_look_is_a_new_one(
    hub: Hub, enrolled: Enrolled, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands = [enrolled(), enrolled()]
    with monkeypatch.context() as away:
        away.setattr(Database, "glancing", _away)

        async def all_of_them() -> list[Any]:
            return await asyncio.gather(*(hub.news.of(one.id) for one in hands), return_exceptions=True)

        assert list(map(type, asyncio.run(all_of_them()))) == [StoreAwayError, StoreAwayError]
    assert asyncio.run(hub.news.of(hands[0].id)) == News()


def test_a_socket_that_ends_while_it_is_looked_up_disturbs_nobody(hub: Hub, enrolled: Enrolled, looks: _Looks) -> None:
    gone, stays = enrolled(), enrolled()
    looks.go_on.clear()

    async def play() -> News:
        ends, goes_on = (asyncio.create_task(hub.news.of(one.id)) for one in (gone, stays))
        assert await asyncio.to_thread(looks.began.wait, _WITHIN_S)
        ends.cancel()
        looks.go_on.set()
        return await goes_on

    assert asyncio.run(play()) == News()


def _away(_: object) -> Callable[[], None]:
    raise StoreAwayError("The hub's store does not answer.")
