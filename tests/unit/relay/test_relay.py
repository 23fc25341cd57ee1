"""The relay and a real authenticating proxy: what goes out goes by it, is proved once, or is refused by reference."""

from __future__ import annotations

import asyncio
import socket
import ssl
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from launcher.errors import LauncherError
from launcher.relay.errors import (
    ProxyCertificateRefusedError,
    ProxyRefusedError,
    ProxyUnknownError,
    ProxyUnreachableError,
)
from launcher.relay.proof import BasicProof
from launcher.relay.road import Road, basic
from launcher.relay.ways import Rules, proxy_of
from launcher.secret import Secret
from tests.servers.basic_apache import Records
from tests.servers.certificates import Certificates
from tests.servers.fault_proxy import FaultProxy
from tests.servers.people import ALICE, PASSWORD
from tests.servers.process import ReservedPort
from tests.servers.squid import BEHIND, NOT_ALLOWED, Squid
from tests.unit.relay.conftest import Served, by, proves
from tests.unit.terminal.hosts import host


def asked(wire: socket.socket, certificates: Certificates, host: str = BEHIND) -> bytes:
    """Ask for a page over a connection that stands, in TLS with the host's own name."""
    context = ssl.create_default_context(cafile=str(certificates.ca))
    wire.settimeout(10)
    with context.wrap_socket(wire, server_hostname=host) as tls:
        tls.sendall(f"GET / HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        answer = b""
        while piece := tls.recv(65536):
            answer += piece
    return answer


def test_a_host_that_only_the_proxy_knows_is_reached_by_it(
    road: Road, proxy: Squid, behind_proxy: Records, certificates: Certificates
) -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo(BEHIND, behind_proxy.port)  # no road of this computer's own leads there
    place = f"{BEHIND}:{behind_proxy.port}"
    before = len(proxy.logged(place))
    answer = asked(road.connect_blocking(BEHIND, behind_proxy.port), certificates)
    assert answer.startswith(b"HTTP/1.1 401")
    last = proxy.told(place, before + 1)[-1]
    assert (last.asked, last.status, last.who) == ("CONNECT", 200, ALICE.uid)


def test_the_engine_s_loop_is_led_by_it_too(road: Road, behind_proxy: Records, certificates: Certificates) -> None:
    wire = asyncio.run(road.connect(BEHIND, behind_proxy.port))
    assert asked(wire, certificates).startswith(b"HTTP/1.1 401")


def test_a_proxy_in_tls_is_checked_by_its_certificate_before_it_is_told_anything(
    served: Served, proxy: Squid, behind_proxy: Records, certificates: Certificates
) -> None:
    road = served(by(proxy.tls_url), proves(PASSWORD))
    with pytest.raises(ProxyCertificateRefusedError):
        road.connect_blocking("told-nothing.test", behind_proxy.port)
    assert not proxy.logged(f"told-nothing.test:{behind_proxy.port}")
    # Whom policy trusts for it is trusted, and there the password needs no leave to go in clear.
    proof = BasicProof(ALICE.uid, Secret(PASSWORD), in_clear=False)
    road = served(replace(by(proxy.tls_url), ca_file=certificates.ca), proof)
    assert asked(road.connect_blocking(BEHIND, behind_proxy.port), certificates).startswith(b"HTTP/1.1 401")


def test_a_wrong_password_goes_to_the_proxy_once_whoever_asks(served: Served, proxy: Squid) -> None:
    road = served(by(proxy.url), proves("not the password"))
    places = [f"host-{number}.test" for number in range(8)]

    def refused(host: str) -> LauncherError:
        with pytest.raises(ProxyRefusedError) as caught:
            road.connect_blocking(host, 443)
        return caught.value

    with ThreadPoolExecutor(len(places)) as together:
        assert len(list(together.map(refused, places))) == len(places)
    first = [one for one in proxy.logged() if one.place.removesuffix(":443") in places]
    assert [one.status for one in first] in ([407], [])  # its line may come a moment later
    assert len([place for place in places if proxy.logged(f"{place}:443")]) <= 1
    assert isinstance(road.fault("host-3.test", 443), ProxyRefusedError)


def test_a_password_goes_in_clear_only_where_policy_lets_it(served: Served, proxy: Squid) -> None:
    road = served(by(proxy.url), BasicProof(ALICE.uid, Secret(PASSWORD), in_clear=False))
    with pytest.raises(ProxyRefusedError, match="in clear"):
        road.connect_blocking("quiet.test", 443)
    assert not proxy.logged("quiet.test:443")


def test_the_officer_s_password_is_taken_when_they_have_logged_on(
    served: Served, proxy: Squid, behind_proxy: Records, certificates: Certificates
) -> None:
    with pytest.raises(ProxyRefusedError, match="fd-02 at the proxy is not kept"):
        served(by(proxy.url), BasicProof("fd-02", None, in_clear=True)).connect_blocking(BEHIND, behind_proxy.port)
    proof = BasicProof(in_clear=True)
    road = served(by(proxy.url), proof)
    with pytest.raises(ProxyRefusedError, match="none is known"):
        road.connect_blocking(BEHIND, behind_proxy.port)
    proof.give(ALICE.uid, Secret(PASSWORD))
    assert asked(road.connect_blocking(BEHIND, behind_proxy.port), certificates).startswith(b"HTTP/1.1 401")
    secrets = {secret.reveal() for secret in road.secrets()}
    assert {PASSWORD, road.password.reveal(), basic(ALICE.uid, Secret(PASSWORD)).reveal()} <= secrets


def test_what_the_proxy_lets_nobody_reach_is_told_from_what_it_cannot_reach(road: Road) -> None:
    with pytest.raises(ProxyRefusedError, match=f"does not let anyone here go to {NOT_ALLOWED}"):
        road.connect_blocking(NOT_ALLOWED, 443)
    port = ReservedPort()
    with pytest.raises(ConnectionError, match="not reached by the proxy"):
        road.connect_blocking(BEHIND, port.number)
    assert road.fault(BEHIND, port.number) is None
    port.release()


def test_a_proxy_that_is_away_is_said_and_nothing_goes_direct(served: Served, behind_proxy: Records) -> None:
    port = ReservedPort()
    road = served(by(f"http://127.0.0.1:{port.number}"), proves(PASSWORD))
    with pytest.raises(ProxyUnreachableError):
        # The server itself could be reached: by its address, which is not this computer's by its name.
        road.connect_blocking("0.0.0.0", behind_proxy.port)
    port.release()


def test_a_fault_that_many_are_told_holds_none_of_them(served: Served) -> None:
    road = served(Rules("pac", pac="/nowhere/proxy.pac"))

    def frames() -> int:
        with pytest.raises(ProxyUnknownError) as told:
            road.connect_blocking("a.test", 443)
        fault = road.fault("a.test", 443)
        road.fault = lambda _host, _port: fault  # the next ones are told of the same failure
        return len(list(traceback.walk_tb(told.value.__traceback__)))

    assert frames() == frames() == frames()


async def _proxies(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer for one host, and let the others wait."""
    if b"quick.test" in await reader.readuntil(b"\r\n\r\n"):
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await writer.drain()
    await reader.read()


def test_a_proxy_that_waits_for_a_system_is_not_said_to_be_away(
    served: Served, silent: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.relay.upstream.ANSWER_S", 0.3)
    road = served(Rules("fixed", proxy_of(f"http://127.0.0.1:{silent.port}")))
    with pytest.raises(ProxyUnreachableError, match="does not answer"):
        road.connect_blocking("quick.test", 443)

    async def story() -> None:
        async with host(_proxies) as port:
            waits = served(Rules("fixed", proxy_of(f"http://127.0.0.1:{port}")))
            monkeypatch.setattr("launcher.relay.upstream.ANSWER_S", 60.0)
            (await waits.connect("quick.test", 443)).close()
            with monkeypatch.context() as hurried:
                hurried.setattr("launcher.relay.upstream.ANSWER_S", 0.3)
                with pytest.raises(ConnectionError):
                    await waits.connect("slow.test", 443)
            (await waits.connect("quick.test", 443)).close()

    asyncio.run(story())


@pytest.mark.parametrize("answer", [None, b"", b"220 mail.example ready\r\n\r\n"], ids=["silent", "cut", "other"])
def test_a_password_that_was_taken_and_not_answered_is_not_sent_again(
    served: Served, monkeypatch: pytest.MonkeyPatch, answer: bytes | None
) -> None:
    monkeypatch.setattr("launcher.relay.upstream.ANSWER_S", 0.3)
    taken: list[bytes] = []

    async def takes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.append(await reader.readuntil(b"\r\n\r\n"))
        if answer is None:
            await reader.read()
        else:
            writer.write(answer)

    async def story() -> None:
        async with host(takes) as port:
            road = served(by(f"http://127.0.0.1:{port}"), proves(PASSWORD))
            for place in ("a.test", "a.test", "b.test"):
                with pytest.raises(ProxyUnreachableError):
                    await road.connect(place, 443)
            assert len(taken) == 1
            monkeypatch.setattr("launcher.relay.upstream.UNANSWERED_S", 0.0)
            again = served(by(f"http://127.0.0.1:{port}"), proves(PASSWORD))
            for _ in range(2):
                with pytest.raises(ProxyUnreachableError):
                    await again.connect("a.test", 443)
            assert len(taken) == 3

    asyncio.run(story())


def test_without_a_word_on_the_way_nothing_goes_out(served: Served) -> None:
    with pytest.raises(ProxyUnknownError):
        served(Rules("fixed")).connect_blocking("system.test", 443)


def test_what_policy_lets_round_the_proxy_goes_direct(
    served: Served, proxy: Squid, behind_proxy: Records, certificates: Certificates
) -> None:
    road = served(replace(by(proxy.url), bypass=("0.0.0.0",)), proves(PASSWORD))
    answer = asked(road.connect_blocking("0.0.0.0", behind_proxy.port), certificates)
    assert answer.startswith(b"HTTP/1.1 401")
    assert not proxy.logged(f"0.0.0.0:{behind_proxy.port}")


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        ("CONNECT system.test:443 HTTP/1.1\r\n\r\n", b"407"),
        ("CONNECT system.test:443 HTTP/1.1\r\nProxy-Authorization: Basic c3RhdGlvbjp4\r\n\r\n", b"407"),
        ("GET http://system.test/ HTTP/1.1\r\nProxy-Authorization: {ours}\r\n\r\n", b"403"),
        ("CONNECT a b HTTP/1.1\r\nProxy-Authorization: {ours}\r\n\r\n", b"403"),
    ],
)
def test_nobody_else_goes_by_it_and_nothing_but_tunnels(served: Served, request_head: str, status: bytes) -> None:
    road = served(by("http://127.0.0.1:9"))
    with socket.create_connection(("127.0.0.1", road.port), 10) as wire:
        wire.sendall(request_head.replace("{ours}", road.authorization.reveal()).encode())
        answer = b""
        while piece := wire.recv(4096):
            answer += piece
    assert answer.split()[1] == status


def test_a_name_that_is_none_asks_nobody(road: Road, proxy: Squid) -> None:
    before = len(proxy.logged())
    for name in ("a b", "a\r\nX: y", "user@host"):
        with pytest.raises(UnicodeError):
            road.connect_blocking(name, 443)
    assert len(proxy.logged()) == before
