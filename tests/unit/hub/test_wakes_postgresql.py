"""What is woken in one process of the hub is woken in the others, also after the database was gone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from launcher.hub.database import Database
from launcher.hub.wakes import Wakes
from launcher.hub.wakes_postgresql import WakesOverPostgreSql
from tests.servers.postgresql import PostgreSql

_WITHIN_S = 60.0


@contextmanager
def _process(server: PostgreSql, name: str, loop: asyncio.AbstractEventLoop) -> Iterator[Wakes]:
    wakes = Wakes()
    wakes.begin(loop)
    store = Database(server.url())
    over = WakesOverPostgreSql(wakes, store.url, name)
    over.begin()
    assert over.hears.wait(_WITHIN_S)
    yield wakes
    over.end()
    store.close()


def test_a_topic_reaches_those_who_wait_for_it_in_every_process(postgresql: PostgreSql) -> None:
    async def play() -> None:
        loop = asyncio.get_running_loop()
        with ExitStack() as held:
            here, there = (held.enter_context(_process(postgresql, name, loop)) for name in ("one:1:a", "two:2:b"))
            waiting = [
                one.listening(topic) for one in (here, there) for topic in ("station:st-1", "officer:ldap#a b c")
            ]
            other = there.listening("station:st-2")
            await _quiet(*waiting, other)  # to begin to hear is to look anew
            here.wake("station:st-1")
            here.wake("officer:ldap#a b c")
            assert all([await one.woken(_WITHIN_S) for one in waiting])
            there.wake("stations")  # all stations, at both
            assert await waiting[0].woken(_WITHIN_S)
            assert await other.woken(_WITHIN_S)

    asyncio.run(play())


def test_after_the_database_was_gone_everybody_looks_anew(fresh_postgresql: PostgreSql) -> None:
    async def play() -> None:
        loop = asyncio.get_running_loop()
        with ExitStack() as held:
            here, there = (
                held.enter_context(_process(fresh_postgresql, name, loop)) for name in ("one:1:a", "two:2:b")
            )
            waiting = there.listening("station:st-1")
            await _quiet(waiting)
            await asyncio.to_thread(fresh_postgresql.kill9)
            here.wake("station:st-1")  # which nobody hears
            await asyncio.to_thread(fresh_postgresql.start)
            assert await waiting.woken(_WITHIN_S)
            here.wake("station:st-1")
            assert await waiting.woken(_WITHIN_S)

    asyncio.run(play())


def test_what_was_lost_with_the_connection_that_says_it_is_made_good(postgresql: PostgreSql) -> None:
    end = (
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE application_name LIKE '%hub wakes' AND query NOT LIKE 'LISTEN%'"
    )

    async def play() -> None:
        loop = asyncio.get_running_loop()
        with ExitStack() as held:
            here, there = (held.enter_context(_process(postgresql, name, loop)) for name in ("one:1:a", "two:2:b"))
            waiting = there.listening("station:st-1")
            await _quiet(waiting)
            await asyncio.to_thread(postgresql.query, end)  # who hears goes on hearing
            here.wake("station:st-1")
            assert await waiting.woken(_WITHIN_S)

    asyncio.run(play())


async def _quiet(*waiting: object) -> None:
    """Let what was woken already be over."""
    for one in waiting:
        while await one.woken(0.3):  # type: ignore[attr-defined]
            pass
