"""What is woken in one process of the hub is woken in the others, also after the database was gone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from launcher.hub.database import Database
from launcher.hub.wakes import Wakes
from launcher.hub.wakes_postgresql import WakesOverPostgreSql
from tests.servers.postgresql import USER, PostgreSql
from tests.servers.process import LOOPBACK

_WITHIN_S = 60.0
TWO = ("one:1:a", "two:2:b")


@contextmanager
def _process(address: str, name: str, loop: asyncio.AbstractEventLoop) -> Iterator[Wakes]:
    wakes = Wakes()
    wakes.begin(loop)
    store = Database(address)
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
            here, there = (held.enter_context(_process(postgresql.url(), name, loop)) for name in TWO)
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
            here, there = (held.enter_context(_process(fresh_postgresql.url(), name, loop)) for name in TWO)
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
            here, there = (held.enter_context(_process(postgresql.url(), name, loop)) for name in TWO)
            waiting = there.listening("station:st-1")
            await _quiet(waiting)
            await asyncio.to_thread(postgresql.query, end)  # who hears goes on hearing
            here.wake("station:st-1")
            assert await waiting.woken(_WITHIN_S)

    asyncio.run(play())


def test_of_several_servers_the_one_that_takes_what_is_written_carries_them(
    postgresql: PostgreSql, fresh_postgresql: PostgreSql
) -> None:
    for server in (postgresql, fresh_postgresql):
        server.create("of_two")
    postgresql.query("ALTER DATABASE of_two SET default_transaction_read_only = on")  # as one that stands by

    async def play() -> None:
        loop = asyncio.get_running_loop()
        servers = "&".join(f"host={LOOPBACK}:{server.port}" for server in (postgresql, fresh_postgresql))
        address = f"postgresql://{USER}@/of_two?{servers}"
        with ExitStack() as held:
            here, there = (held.enter_context(_process(address, name, loop)) for name in TWO)
            waiting = there.listening("station:st-1")
            await _quiet(waiting)
            here.wake("station:st-1")
            assert await waiting.woken(_WITHIN_S)

    asyncio.run(play())


async def _quiet(*waiting: object) -> None:
    """Let what was woken already be over."""
    for one in waiting:
        while await one.woken(0.3):  # type: ignore[attr-defined]
            pass
