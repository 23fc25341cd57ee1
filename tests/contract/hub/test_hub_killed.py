"""The hub and its database are killed between any two steps of a command: nothing confirmed is lost, nothing is twice.

The station here is a hand of the test's, which says each step by itself; the hub is the product's own process.
"""

from __future__ import annotations

import os
import signal
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import requests
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from launcher.bootstrap.hub_place import HubPlace
from launcher.hub.commands import rows
from launcher.hub.service import Hub
from launcher.hub.stations import reach
from launcher.hub.stations.tables import processes
from launcher.wire.hub.commands import Answer, CommandState
from launcher.wire.hub.stations import Hello
from tests.servers.certificates import Certificates
from tests.servers.hub import HubProcess, running_hub
from tests.servers.postgresql import PostgreSql, running_postgresql
from tests.unit.hub.hands import StationHand, enrol_with

Kill = Callable[[], None]
SERVICE_RESTART = 1012


@pytest.fixture(scope="module")
def database() -> Iterator[PostgreSql]:
    """A PostgreSQL that each test leaves running."""
    with running_postgresql() as server:
        yield server


@pytest.fixture(scope="module")
def hub_on_it(database: PostgreSql) -> Iterator[HubProcess]:
    """A hub on that, which each test leaves running."""
    with running_hub(database=database.create("hub")) as hub:
        yield hub


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def served(request: pytest.FixtureRequest) -> Iterator[tuple[HubProcess, Kill]]:
    """A hub, and what kills it (and its database) and starts it again."""
    if request.param == "sqlite":
        with running_hub() as hub:
            yield hub, lambda: (hub.kill9(), hub.start())  # type: ignore[func-returns-value, return-value]
        return
    hub, database = request.getfixturevalue("hub_on_it"), request.getfixturevalue("database")

    def kill() -> None:
        database.kill9()
        hub.kill9()
        database.start()
        hub.start()

    yield hub, kill


@pytest.fixture
def hand(served: tuple[HubProcess, Kill]) -> Iterator[StationHand]:
    """A station of that hub."""
    hub, _ = served
    hand = enrol_with(hub.code(), hub.origin)
    yield hand
    hand.ask.close()


@contextmanager
def _beside(served: HubProcess) -> Iterator[Hub]:
    """The same store, from another process: the test's."""
    place = HubPlace(served.file, served.state)
    store = place.store()
    yield place.hub(store)
    store.close()


def _made(served: HubProcess, station: str) -> int:
    with _beside(served) as hub, hub.store.writing() as connection:
        return rows.add(
            connection, hub, station, "lock", sitting="s", officer="ldap#1", reason="asked for", act=f"act-{station}"
        ).id


def _state(served: HubProcess, station: str) -> CommandState:
    with _beside(served) as hub, hub.store.reading() as connection:
        (state,) = rows.states(connection, hub, act=f"act-{station}")
        return state


def test_killed_after_each_step(served: tuple[HubProcess, Kill], hand: StationHand) -> None:
    hub, kill = served
    command = _made(hub, hand.id)
    kill()  # made, and not taken: it is handed out
    hand.prove()
    assert [one.command.id for one in hand.commands()] == [command]
    taken = hand.take(command)
    kill()  # taken: it is never handed out again, and to say so again is no second time
    hand.prove()
    assert hand.commands() == ()
    assert hand.take(command).acknowledged_at == taken.acknowledged_at
    assert hand.answer(command, "done", more=True, covered_ms=400.0).status_code == 204
    kill()  # half answered
    hand.prove()
    state = _state(hub, hand.id)
    assert (state.state, state.answer and state.answer.covered_ms) == ("acknowledged", 400.0)
    hub.kill9()  # while it is answered: what the hub did not confirm is said again, as often as it takes
    with pytest.raises(requests.ConnectionError):
        hand.answer(command, "partly")
    hub.start()
    hand.prove()
    last = Answer(outcome="partly", at=1.0, covered_ms=400.0, left_signed_on=("host LU07",))
    for _ in range(2):
        assert hand.say("POST", f"/stations/commands/{command}/answer", last).status_code == 204
    kill()  # answered
    hand.prove()
    answer = _state(hub, hand.id).answer
    assert answer is not None
    assert answer.left_signed_on == ("host LU07",)
    assert hand.answer(command, "failed").status_code == 409
    assert hand.commands() == ()


@pytest.mark.needs("postgresql")
def test_the_hub_goes_on_when_its_database_comes_back(database: PostgreSql, hub_on_it: HubProcess) -> None:
    hub, logged = hub_on_it, len(hub_on_it.logged())
    hand = enrol_with(hub.code(), hub.origin)
    command = _made(hub, hand.id)
    database.kill9()
    with hub.asking() as nobody:
        for _ in range(2):
            answer = hand.ask.get("/stations/commands")
            assert (answer.status_code, answer.json()["reference"]) == (503, "hub-store-away")
        assert nobody.get("/ready").status_code == 503
        assert nobody.get("/health").ok
        database.start()
        assert [one.command.id for one in hand.commands()] == [command]
        assert hand.take(command).state == "acknowledged"
        assert nobody.get("/ready").ok
    hand.ask.close()
    assert not [line for line in hub.logged()[logged:] if line["said"] == "hub-fault"]


def _ends(socket: ClientConnection) -> int | None:
    """Hear what is said until the hub ends the socket, and return with which code it does."""
    try:
        while True:
            socket.recv(timeout=60)
    except ConnectionClosed as closed:
        return None if closed.rcvd is None else closed.rcvd.code


def test_told_to_end_it_lets_its_stations_go_and_says_so_and_what_it_logged_is_json_and_no_secret(
    certificates: Certificates,
) -> None:
    with running_hub(certificate=certificates.server) as hub:
        code = hub.code("FD-02")
        hand = enrol_with(code, hub.origin, ca=certificates.ca)
        token = str(hand.ask.headers["Authorization"]).split()[1]
        hand.ask.get("/stations/commands", params={"since": "a-secret-that-was-put-there"})
        trusting = ssl.create_default_context(cafile=str(certificates.ca))
        address = f"{hub.origin.replace('https', 'wss', 1)}/v1/stations/socket"
        with connect(address, proxy=None, ssl=trusting, open_timeout=60) as socket:
            hello = Hello.model_validate_json(socket.recv(timeout=60))
            socket.send(hand.proved(nonce=hello.challenge.nonce).model_dump_json())
            socket.recv(timeout=60)
            os.kill(hub.pid, signal.SIGTERM)
            assert _ends(socket) == SERVICE_RESTART
        hand.ask.close()
        ended = os.waitid(os.P_PID, hub.pid, os.WEXITED | os.WNOWAIT)
        assert ended is not None
        assert (ended.si_code, ended.si_status) == (os.CLD_EXITED, 0)
        with _beside(hub) as beside, beside.store.reading() as connection:
            assert not reach.is_reachable(connection, beside, hand.id)
            assert connection.execute(processes.select()).all() == []
        hub.logged()
        key = (hub.state / "keys" / "hub-key.key").read_text()
        for secret in (code, code.replace("-", ""), token, key, "a-secret-that-was-put-there", hand.link):
            assert secret not in hub.log_text()
