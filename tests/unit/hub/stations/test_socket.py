"""A station's socket: it proves itself there, is woken for what is new, and is let go when it says nothing any more."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from launcher.hub import house_keeping, polling
from launcher.hub.commands import rows as commands
from launcher.hub.errors import StoreAwayError
from launcher.hub.serve import LONGEST_MESSAGE
from launcher.hub.service import Hub
from launcher.hub.settings import HubSettings, ServeSettings
from launcher.hub.stations import door, reach, removal, rows
from launcher.hub.stations import socket as socket_module
from launcher.signing import SigningKey
from launcher.wire.hub.stations import Beat, Hello, Proved, Refused, Wake, Welcome
from tests.servers.hub_in_process import HubServer
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]
BEAT = json.dumps({"kind": "beat"})
REFUSED = 4403


@pytest.fixture
def settings() -> HubSettings:
    """Signs of life far apart: a test that wants them near has its own."""
    return HubSettings(serve=ServeSettings(beat_s=60.0))


@contextmanager
def _called(server: HubServer) -> Iterator[tuple[ClientConnection, Hello]]:
    address = f"ws://127.0.0.1:{server.port}/v1/stations/socket"
    with connect(address, proxy=None, compression=None, open_timeout=30) as socket:
        yield socket, Hello.model_validate_json(socket.recv(timeout=30))


@contextmanager
def _welcome(server: HubServer, hand: StationHand) -> Iterator[tuple[ClientConnection, Welcome]]:
    with _called(server) as (socket, hello):
        socket.send(hand.proved(nonce=hello.challenge.nonce).model_dump_json())
        welcome = Welcome.model_validate_json(socket.recv(timeout=30))
        hand.link = welcome.known.link
        yield socket, welcome


def _refused(socket: ClientConnection) -> str:
    """Return the reference that the hub closes the socket with."""
    refused = Refused.model_validate_json(socket.recv(timeout=30))
    with pytest.raises(ConnectionClosed) as closed:
        socket.recv(timeout=30)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == REFUSED
    return refused.reference


def _ends(socket: ClientConnection) -> None:
    """Hear what is said, until the hub ends the socket."""
    with suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=30)


def _lock(hub: Hub, station: str) -> int:
    with hub.store.writing() as connection:
        made = commands.add(connection, hub, station, "lock", sitting="sit-1", officer="ldap#1", reason="asked for")
    hub.wakes.wake(f"station:{station}")
    return made.id


def _is_reachable(hub: Hub, station: str) -> bool:
    with hub.store.reading() as connection:
        return reach.is_reachable(connection, hub, station)


def test_a_station_that_has_proved_itself_is_woken_for_what_is_new(
    hub: Hub, hub_server: HubServer, enrolled: Enrolled
) -> None:
    hand, other = enrolled(), enrolled()
    assert not _is_reachable(hub, hand.id)
    with _welcome(hub_server, hand) as (socket, welcome):
        assert _is_reachable(hub, hand.id)
        assert welcome.known.news.command == 0
        _lock(hub, other.id)  # which is not said here
        made = _lock(hub, hand.id)
        assert Wake.model_validate_json(socket.recv(timeout=30)).news.command == made
        with hub.store.writing() as connection:
            version = rows.raise_version(connection, "notices")
        hub.wakes.wake("stations")
        assert Wake.model_validate_json(socket.recv(timeout=30)).news.notices == version
        hand.ask.headers["Authorization"] = f"Bearer {welcome.known.token}"
        assert [one.command.id for one in hand.commands()] == [made]


def test_what_was_made_between_proof_and_welcome_is_in_the_welcome_or_waked(
    hub: Hub, hub_server: HubServer, enrolled: Enrolled
) -> None:
    hand = enrolled()
    with _called(hub_server) as (socket, hello):
        made = _lock(hub, hand.id)
        socket.send(hand.proved(nonce=hello.challenge.nonce).model_dump_json())
        assert Welcome.model_validate_json(socket.recv(timeout=30)).known.news.command == made


def test_what_is_made_while_others_are_told_of_its_proof_is_waked(
    hub: Hub, hub_server: HubServer, enrolled: Enrolled
) -> None:
    hand, other = enrolled(), enrolled()
    hand.report(sitting(person(), "here"))
    other.report(sitting(person(), "there"))  # to which the other's being reachable is news
    made: list[int] = []

    def lock(topic: str) -> None:
        if topic == f"station:{other.id}" and not made:  # its proof is committed, and it is not welcomed yet
            made.append(0)
            made[0] = _lock(hub, hand.id)

    hub.wakes.counted = lock
    with _welcome(hub_server, hand) as (socket, welcome):
        assert welcome.known.news.command == 0
        assert Wake.model_validate_json(socket.recv(timeout=30)).news.command == made[0]


def test_one_that_was_cut_off_and_called_again_stays_reachable(
    hub: Hub, hub_server: HubServer, enrolled: Enrolled, clock: Clock
) -> None:
    hand, other = enrolled(), enrolled()
    hand.report(sitting(person(), "here"))
    other.report(sitting(person(), "there"))
    with _welcome(hub_server, hand) as (first, _):
        clock.pass_s(0.01)
        with _welcome(hub_server, hand):
            before = other.news().elsewhere
            noted = threading.Event()
            hub.store.timed = lambda what, _: noted.set() if what == "writing" else None
            first.close()
            assert noted.wait(30)
            assert _is_reachable(hub, hand.id)
            assert other.news().elsewhere == before


def test_a_proof_that_comes_out_after_its_socket_was_given_up_connects_nobody(
    hub: Hub, hub_server: HubServer, enrolled: Enrolled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_module, "PROVE_WITHIN_S", 0.2)
    hand = enrolled()
    ended, proved, noted = (threading.Event() for _ in range(3))

    def wrote(what: str, _: float) -> None:
        if what != "writing":
            return
        if proved.is_set():
            noted.set()
        proved.set()
        ended.wait(30)

    hub.store.timed = wrote
    while not proved.is_set():  # on a slow computer the words, too, come too late
        with _called(hub_server) as (socket, hello), suppress(ConnectionClosed):
            socket.send(hand.proved(nonce=hello.challenge.nonce).model_dump_json())
            _ends(socket)
    assert _is_reachable(hub, hand.id)
    ended.set()
    assert noted.wait(30)
    assert not _is_reachable(hub, hand.id)


def test_a_store_that_is_away_for_a_moment_disconnects_nobody(
    hub: Hub, hub_server: HubServer, enrolled: Enrolled
) -> None:
    hand = enrolled()
    with _welcome(hub_server, hand) as (socket, _):
        with hub.store.writing() as connection:
            made = commands.add(connection, hub, hand.id, "lock", sitting="s", officer="ldap#1", reason="asked for").id

        asked = threading.Event()

        def away(*_: object) -> None:
            asked.set()
            raise StoreAwayError("The hub's store does not answer.")

        def is_ready() -> bool:
            socket.send(BEAT)
            return Beat.model_validate_json(socket.recv(timeout=30)).ready

        assert is_ready()
        hub.store.timed = away
        hub.wakes.wake(f"station:{hand.id}")
        assert asked.wait(30)
        with pytest.raises(StoreAwayError):
            house_keeping.give_sign_of_life(hub)
        assert not is_ready()  # who has another address may look there
        hub.store.timed = hub.metrics.store_took
        house_keeping.give_sign_of_life(hub)
        assert is_ready()
        hub.wakes.wake("stations")  # as is said when it is back
        assert Wake.model_validate_json(socket.recv(timeout=30)).news.command == made
        assert _is_reachable(hub, hand.id)


def test_a_fault_of_the_hub_on_a_socket_stands_in_its_log(
    hub: Hub, hub_server: HubServer, enrolled: Enrolled, caplog: pytest.LogCaptureFixture
) -> None:
    hand = enrolled()
    with _called(hub_server) as (socket, hello):
        words = hand.proved(nonce=hello.challenge.nonce).model_dump_json()
        hub.store.timed = lambda *_: 1 / 0
        socket.send(words)
        _ends(socket)
    hub.store.timed = hub.metrics.store_took
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == ["hub-fault"]


def test_a_station_that_leaves_is_reachable_no_more(hub: Hub, hub_server: HubServer, enrolled: Enrolled) -> None:
    hand, other = enrolled(), enrolled()
    with _welcome(hub_server, hand):
        pass
    while _is_reachable(hub, hand.id):
        other.ask.get("/stations/commands")  # each takes its time, and the hub goes on meanwhile
    assert not _is_reachable(hub, hand.id)


def test_the_newer_of_two_sockets_is_the_stations(hub: Hub, hub_server: HubServer, enrolled: Enrolled) -> None:
    hand = enrolled()
    with _welcome(hub_server, hand) as (first, _), _welcome(hub_server, hand) as (second, _):
        made = _lock(hub, hand.id)
        for socket in (first, second):
            assert Wake.model_validate_json(socket.recv(timeout=30)).news.command == made


@pytest.mark.parametrize("said", ["", "{}", "[]", BEAT, "null", '{"proof": 1}', "\u0000", "x" * 60_000])
def test_first_words_that_are_no_proof_are_refused(hub: Hub, hub_server: HubServer, said: str) -> None:
    with _called(hub_server) as (socket, _):
        socket.send(said)
        assert _refused(socket) == "hub-request-malformed"


def test_bytes_and_what_is_too_long_end_the_socket(hub: Hub, hub_server: HubServer, enrolled: Enrolled) -> None:
    with _called(hub_server) as (socket, _):
        socket.send(b"\xff\xfe")
        assert _refused(socket) == "hub-request-malformed"
    with _called(hub_server) as (socket, _):
        socket.send("x" * (LONGEST_MESSAGE + 1))
        _ends(socket)
    assert enrolled().news() is not None  # and the hub goes on


def test_a_proof_that_is_not_its_own_is_refused(hub: Hub, hub_server: HubServer, enrolled: Enrolled) -> None:
    hand = enrolled()

    def tried(make: Callable[[str], Proved]) -> str:
        with _called(hub_server) as (socket, hello):
            socket.send(make(hello.challenge.nonce).model_dump_json())
            return _refused(socket)

    assert tried(lambda nonce: hand.proved(nonce=nonce, signed_by=SigningKey.made())) == "station-not-proved"
    spent = hand.proved()
    assert hand.prove(spent).ok
    assert tried(lambda _: spent) == "station-not-proved"
    assert tried(lambda nonce: hand.proved(nonce=nonce, link="stale")) == "station-quarantined"


def test_a_station_in_quarantine_is_told_and_let_go(hub: Hub, hub_server: HubServer, enrolled: Enrolled) -> None:
    hand = enrolled()
    with _welcome(hub_server, hand) as (socket, _):
        assert hand.prove(hand.proved(link="of-a-copy", boot="copy")).status_code == 403
        assert _refused(socket) == "station-quarantined"


def test_a_station_that_another_process_puts_in_quarantine_is_told_by_the_poll(
    hub: Hub, hub_server: HubServer, enrolled: Enrolled
) -> None:
    """The command line wakes nobody."""
    hand = enrolled()
    with _welcome(hub_server, hand) as (socket, _):
        with hub.store.writing() as connection:
            rows.quarantine(connection, hub, rows.station_that_may(connection, hand.id), "stolen")
        polling.keep(hub)
        assert _refused(socket) == "station-quarantined"


def test_a_station_that_is_removed_is_told_and_let_go(hub: Hub, hub_server: HubServer, enrolled: Enrolled) -> None:
    hand = enrolled()
    with _welcome(hub_server, hand) as (socket, _):
        with hub.store.writing() as connection:
            gone = removal.remove(connection, hub, hand.id, by="console:root", by_name="", reason="scrapped")
        for one in gone.wake:
            hub.wakes.wake(f"station:{one}")
        assert _refused(socket) == "station-not-proved"


def test_who_comes_where_there_is_no_room_is_turned_away_and_let_in_later(
    hub: Hub, hub_server: HubServer, enrolled: Enrolled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else after an outage each proof comes out for a station that has given up, and nobody is let in at all."""
    hand = enrolled()
    with monkeypatch.context() as full:
        full.setattr(door, "ROOM", 0)
        with pytest.raises(InvalidStatus) as turned, _called(hub_server):
            pass
        assert turned.value.response.status_code == 503
        assert json.loads(turned.value.response.body)["reference"] == "hub-busy"
        assert turned.value.response.headers["Retry-After"] == "1"
        assert turned.value.response.headers["X-Station-Launcher"] == "hub-busy"  # a proxy may say all the rest
    with _called(hub_server) as (socket, hello), monkeypatch.context() as full:
        full.setattr(door, "ROOM", 0)  # while it made its proof
        socket.send(hand.proved(nonce=hello.challenge.nonce).model_dump_json())
        assert _refused(socket) == "hub-busy"
        assert hand.prove().json()["reference"] == "hub-busy"
        assert "station_launcher_hub_turned_away_total 3.0" in hub.metrics.told(hub).decode()
    monkeypatch.setattr(door, "ROOM", 1)
    with _welcome(hub_server, hand), _welcome(hub_server, enrolled()):  # who is in takes no room
        assert _is_reachable(hub, hand.id)


class TestSignsOfLife:
    @pytest.fixture
    def settings(self) -> HubSettings:
        """Signs of life so near that a test sees them missed."""
        return HubSettings(serve=ServeSettings(beat_s=0.05))

    def test_the_hub_gives_them(self, hub: Hub, hub_server: HubServer, enrolled: Enrolled) -> None:
        with _welcome(hub_server, enrolled()) as (socket, _):
            for _ in range(3):
                socket.send(BEAT)
                assert json.loads(socket.recv(timeout=30))["kind"] == "beat"

    def test_who_gives_none_is_let_go(self, hub: Hub, hub_server: HubServer, enrolled: Enrolled) -> None:
        with _welcome(hub_server, enrolled()) as (socket, _):
            _ends(socket)
