"""What the hub does by itself: each chore by one process, the dead forgotten, what is over removed, news found."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from launcher.hub import chores, house_keeping, polling, tokens
from launcher.hub.commands import rows as commands
from launcher.hub.errors import StoreAwayError
from launcher.hub.service import Hub
from launcher.hub.stations import reach, removal, rows
from launcher.hub.stations.tables import enrolment_codes, processes
from launcher.hub.wakes import Wakes
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, has_socket

Enrolled = Callable[..., StationHand]


def _other(hub: Hub, name: str = "other:1:0000") -> Hub:
    """Another process of the same hub."""
    return dataclasses.replace(hub, process=name, wakes=Wakes())


def test_a_chore_of_one_is_done_by_one_each_time(hub: Hub, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []
    ready = threading.Barrier(4)

    def keep(name: str) -> None:
        chore = chores.one("count", 60.0, lambda one: done.append(one.process))
        ready.wait()
        house_keeping.attempt(_other(hub, name), chore.name, chore.keep)

    for times in (1, 1, 2):
        several = [threading.Thread(target=keep, args=(f"p{number}",)) for number in range(4)]
        for one in several:
            one.start()
        for one in several:
            one.join()
        assert len(done) == times
        clock.pass_s(30)
    assert caplog.records == []


def test_a_clock_that_was_set_back_stops_no_chore(hub: Hub, clock: Clock) -> None:
    assert chores.is_mine(hub, "count", 60.0)
    clock.pass_s(-50)  # as far as those of two computers may be apart
    assert not chores.is_mine(hub, "count", 60.0)
    clock.pass_s(-7200)
    assert chores.is_mine(hub, "count", 60.0)
    assert not chores.is_mine(hub, "count", 60.0)


def test_one_that_fails_does_not_end_the_others(hub: Hub) -> None:
    def away(_: Hub) -> None:
        raise StoreAwayError("The hub's store does not answer.")

    assert house_keeping.attempt(hub, "away", away)  # it is tried again soon
    assert not house_keeping.attempt(hub, "broken", lambda _: 1 / 0)  # it is in the log


def test_every_chore_can_be_kept(hub: Hub, enrolled: Enrolled) -> None:
    enrolled()
    for chore in house_keeping.chores(hub):
        chore.keep(hub)
    for chore in house_keeping.chores(hub):
        if chore.at_stop is not None:
            chore.at_stop(hub)


def test_a_process_that_died_takes_its_stations_with_it(hub: Hub, enrolled: Enrolled, clock: Clock) -> None:
    hand = enrolled()
    dead = _other(hub)
    with hub.store.writing() as connection:
        reach.beat(connection, dead)
        has_socket(connection, dead, hand)
        assert reach.is_reachable(connection, hub, hand.id)
    clock.pass_s(59)
    house_keeping.give_sign_of_life(hub)
    house_keeping.forget_the_dead(hub)
    with hub.store.reading() as connection:
        assert reach.is_reachable(connection, hub, hand.id)
    clock.pass_s(2)
    with hub.store.reading() as connection:
        assert not reach.is_reachable(connection, hub, hand.id)  # whoever looks, before it is forgotten
    house_keeping.forget_the_dead(hub)
    with hub.store.reading() as connection:
        assert connection.execute(select(processes.c.process)).scalars().all() == [hub.process]


def test_one_that_could_give_no_sign_of_life_still_has_its_stations(hub: Hub, enrolled: Enrolled, clock: Clock) -> None:
    hand = enrolled()
    with hub.store.writing() as connection:
        has_socket(connection, hub, hand)
    clock.pass_s(600)  # for which the store was away
    with hub.store.reading() as connection:
        assert reach.is_reachable(connection, hub, hand.id)
    house_keeping.forget_the_dead(hub)
    with hub.store.reading() as connection:
        assert reach.is_reachable(connection, _other(hub), hand.id)


def test_the_first_one_back_after_the_store_was_away_forgets_none_of_the_others(
    hub: Hub, enrolled: Enrolled, clock: Clock
) -> None:
    hand, other = enrolled(), _other(hub)
    with hub.store.writing() as connection:
        reach.beat(connection, other)
        has_socket(connection, other, hand)
    clock.pass_s(600)  # for which the store was away
    house_keeping.give_sign_of_life(hub)
    house_keeping.forget_the_dead(hub)
    house_keeping.give_sign_of_life(other)
    with hub.store.reading() as connection:
        assert reach.is_reachable(connection, hub, hand.id)
    for _ in range(3):  # the other has ended meanwhile
        clock.pass_s(20.5)
        house_keeping.forget_the_dead(hub)
    with hub.store.reading() as connection:
        assert connection.execute(select(processes.c.process)).scalars().all() == [hub.process]


def test_an_older_socket_that_ends_does_not_end_a_newer_one(hub: Hub, enrolled: Enrolled, clock: Clock) -> None:
    hand, other = enrolled(), _other(hub)
    first = clock.now
    with hub.store.writing() as connection:
        reach.beat(connection, other)
        has_socket(connection, hub, hand)
        has_socket(connection, other, hand)
        assert not reach.disconnected(connection, hub, hand.id, first)
        clock.pass_s(0.01)
        has_socket(connection, other, hand)  # the first one was cut off, and nobody has noticed yet
        assert not reach.disconnected(connection, other, hand.id, first)
        assert reach.is_reachable(connection, hub, hand.id)
        assert reach.disconnected(connection, other, hand.id, clock.now)
        assert not reach.is_reachable(connection, hub, hand.id)


def test_a_process_that_ends_lets_go_of_its_stations(hub: Hub, enrolled: Enrolled) -> None:
    hand = enrolled()
    with hub.store.writing() as connection:
        has_socket(connection, hub, hand)
        reach.end(connection, hub)
        assert not reach.is_reachable(connection, hub, hand.id)


def test_a_station_that_polls_is_reachable_and_writes_seldom(hub: Hub, enrolled: Enrolled, clock: Clock) -> None:
    hand = enrolled()
    hand.news()
    with hub.store.reading() as connection:
        assert reach.is_reachable(connection, hub, hand.id)
    assert reach.is_to_be_noted(clock.now - reach.NOTED_AGAIN_S, hub)
    assert not reach.is_to_be_noted(clock.now - 1, hub)
    clock.pass_s(reach.POLLED_WITHIN_S)
    with hub.store.reading() as connection:
        assert not reach.is_reachable(connection, hub, hand.id)


def test_what_is_over_is_removed(hub: Hub, clock: Clock) -> None:
    with hub.store.writing() as connection:
        tokens.give(connection, "station", "st-1", clock.now + 10, {})
        token = tokens.give(connection, "station", "st-2", clock.now + 100, {})
        rows.make_code(connection, "a test", clock.now, clock.now + 10)
    clock.pass_s(50)
    house_keeping.sweep(hub)
    with hub.store.reading() as connection:
        assert tokens.held(connection, "station", token, clock.now).holder == "st-2"
        assert connection.execute(select(func.count()).select_from(tokens.tokens)).scalar_one() == 1
        assert connection.execute(select(func.count()).select_from(enrolment_codes)).scalar_one() == 1
    clock.pass_s(31 * house_keeping.DAY_S)
    house_keeping.sweep(hub)
    with hub.store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(enrolment_codes)).scalar_one() == 0


def test_the_poll_finds_what_no_wake_has_told(hub: Hub, enrolled: Enrolled) -> None:
    one, other = enrolled(), enrolled()
    with hub.store.writing() as connection:
        has_socket(connection, hub, one, other)

    async def play() -> None:
        hub.wakes.begin(asyncio.get_running_loop())
        with hub.store.reading() as connection:
            hub.news.told.update(rows.news_of_some(connection, (one.id, other.id)))  # type: ignore[arg-type] # none is refused
        waiting = {hand.id: hub.wakes.listening(f"station:{hand.id}") for hand in (one, other)}
        act = hub.wakes.listening("act:key")
        with hub.store.writing() as connection:  # by another process, whose word was lost
            commands.add(connection, hub, one.id, "lock", sitting="s", officer="ldap#1", reason="asked")
        polling.keep(hub)
        assert await waiting[one.id].woken(30)
        assert await act.woken(30)  # who waits for anything else looks for themselves
        assert not await waiting[other.id].woken(0.01)
        with hub.store.writing() as connection:
            rows.raise_version(connection, "barred")
        polling.keep(hub)
        assert await waiting[other.id].woken(30)
        with hub.store.writing() as connection:  # by the command line
            removal.remove(connection, hub, other.id, by="console:root", by_name="", reason="scrapped")
        polling.keep(hub)
        assert await waiting[other.id].woken(30)  # its socket is to end

    asyncio.run(play())


@pytest.mark.parametrize("what", ["notices", "barred"])
def test_a_list_is_counted_by_several_at_once(hub: Hub, what: str) -> None:
    ready = threading.Barrier(4)

    def count() -> None:
        ready.wait()
        with hub.store.writing() as connection:
            rows.raise_version(connection, what)

    several = [threading.Thread(target=count) for _ in range(4)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    with hub.store.writing() as connection:
        assert rows.raise_version(connection, what) == 5
