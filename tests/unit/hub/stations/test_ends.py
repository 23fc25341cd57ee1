"""The end of a socket is noted in any case, and two stations of one officer never wait for each other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from starlette.types import Message, Receive, Scope, Send

from launcher.hub import lateness
from launcher.hub.errors import StoreAwayError
from launcher.hub.service import Hub
from launcher.hub.stations import ends, reach, socket
from launcher.wire.hub.stations import Proved
from tests.servers.hub_in_process import HubServer
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]
_TIMES = 5


@pytest.fixture
def pair(enrolled: Enrolled) -> tuple[StationHand, StationHand]:
    """Two stations at which the same officer sits."""
    hands = enrolled(), enrolled()
    for number, hand in enumerate(hands):
        hand.report(sitting(person(), f"at-{number}"))
    return hands


def test_two_stations_of_one_officer_come_and_go_at_one_moment(
    hub: Hub, pair: tuple[StationHand, StationHand], caplog: pytest.LogCaptureFixture
) -> None:
    with ThreadPoolExecutor(2) as threads:
        for _ in range(_TIMES):
            ready = Barrier(2)

            def comes(proved: Proved, ready: Barrier = ready) -> float:
                ready.wait()
                known = socket._prove(hub, proved)
                assert known is not None
                ends.tell_reach_changed(hub, (proved.proof.station,))
                ready.wait()
                ends.note_end(hub, proved.proof.station, known.now)
                return known.now

            list(threads.map(comes, [hand.proved(link="") for hand in pair]))
            for hand in pair:
                assert not _is_reachable(hub, hand)
                _let_any_link_in(hub, hand)
    assert not caplog.records


def test_an_end_that_the_store_did_not_take_is_noted_once_it_is_back(
    hub: Hub, enrolled: Enrolled, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand, other = enrolled(), enrolled()
    for number, one in enumerate((hand, other)):
        one.report(sitting(person(), f"at-{number}"))
    known = socket._prove(hub, hand.proved())
    assert known is not None
    before = other.news().elsewhere
    with monkeypatch.context() as away:
        away.setattr(reach, "disconnected", _away)
        ends.note_end(hub, hand.id, known.now)
        assert _is_reachable(hub, hand)
    ends.keep(hub)
    assert not _is_reachable(hub, hand)
    assert other.news().elsewhere == before + 1
    ends.keep(hub)  # once
    assert other.news().elsewhere == before + 1


def test_a_socket_is_no_late_request_whatever_came_on_its_connection_before(
    hub: Hub, hub_server: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lateness, "LATE_S", -1.0)
    served: list[bool] = []

    async def serve(*_: object) -> None:
        lateness.must_be_in_time()
        served.append(True)

    monkeypatch.setattr(socket, "serve_socket", serve)

    async def request(scope: Scope, receive: Receive, send: Send) -> None:
        with pytest.raises(StoreAwayError):
            lateness.must_be_in_time()
        await socket.WithSockets(hub_server.app)({"type": "websocket", "path": socket.ADDRESS}, receive, send)

    async def receive() -> Message:
        raise AssertionError

    async def send(_: Message) -> None:
        raise AssertionError

    async def play() -> None:
        await lateness.Timed(request)({"type": "http"}, receive, send)
        lateness.must_be_in_time()  # what comes after a request is none

    asyncio.run(play())
    assert served == [True]


def _is_reachable(hub: Hub, hand: StationHand) -> bool:
    with hub.store.reading() as connection:
        return reach.is_reachable(connection, hub, hand.id)


def _let_any_link_in(hub: Hub, hand: StationHand) -> None:
    from sqlalchemy import update

    from launcher.hub.stations.tables import ANY_LINK, stations

    with hub.store.writing() as connection:
        connection.execute(update(stations).where(stations.c.station == hand.id).values(link=ANY_LINK, polled=0.0))


def _away(*_: object) -> bool:
    raise StoreAwayError("The hub's store does not answer.")
