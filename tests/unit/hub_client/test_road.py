"""The road to the hub: whose certificate is taken, which address, what is asked twice, and what no hub says."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.hub_client import road as module
from launcher.hub_client.errors import (
    HubAnswerFaultyError,
    HubAnswerMissingError,
    HubAwayError,
    HubCertificateRefusedError,
    HubRefusedError,
    HubSocketRefusedError,
)
from launcher.hub_client.road import HubRoad
from launcher.secret import Secret
from launcher.wire.hub.stations import Challenge, News
from tests.servers.certificates import Certificates, ServerCertificate
from tests.servers.fault_proxy import FaultProxy, Refuse

NEWS = News(command=7)
TOKEN = "a-token-that-nobody-must-see"


def answer(body: str | bytes, status: str = "200 OK", more: str = "") -> bytes:
    content = body.encode() if isinstance(body, str) else body
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\n{more}\r\n".encode() + content


class Answering:
    """A server that says the same to whoever asks, and keeps what it was asked; no answer: it closes."""

    def __init__(self) -> None:
        self.origin = ""
        self.says = answer(NEWS.model_dump_json())
        self.asked: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                self.asked.append(await reader.readuntil(b"\r\n\r\n"))
                if not self.says:
                    break
                writer.write(self.says)
                await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def answering(certificate: ServerCertificate | None = None) -> AsyncIterator[Answering]:
    made = Answering()
    serving: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.create_task(made.serve(reader, writer)))

    tls = None if certificate is None else certificate.server_context()
    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    made.origin = f"http://127.0.0.1:{port}" if certificate is None else f"https://localhost:{port}"
    try:
        yield made
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


@contextlib.asynccontextmanager
async def road_to(*addresses: str, ca_file: Path | None = None) -> AsyncIterator[HubRoad]:
    road = HubRoad(addresses, ca_file)
    try:
        yield road
    finally:
        await road.close()


def test_an_answer_is_read_and_the_token_is_said_in_its_header_only() -> None:
    async def play() -> None:
        async with answering() as server, road_to(server.origin) as road:
            assert await road.ask("GET", "/stations/news", News, token=Secret(TOKEN)) == NEWS
            assert server.asked[0].startswith(b"GET /v1/stations/news HTTP/1.1\r\n")
            assert f"Authorization: Bearer {TOKEN}\r\n".encode() in server.asked[0]

    asyncio.run(play())


@pytest.mark.parametrize("kind", ["untrusted", "expired", "wrong_host"])
def test_a_certificate_that_is_not_the_hubs_is_refused_before_a_word(certificates: Certificates, kind: str) -> None:
    async def play() -> None:
        async with answering(getattr(certificates, kind)) as server:
            async with road_to(server.origin, ca_file=certificates.ca) as road:
                with pytest.raises(HubCertificateRefusedError):
                    await road.ask("GET", "/stations/news", News, token=Secret(TOKEN))
            assert server.asked == []

    asyncio.run(play())


def test_with_a_file_of_its_own_nothing_else_is_trusted(certificates: Certificates) -> None:
    async def play() -> None:
        async with answering(certificates.server) as server:
            async with road_to(server.origin, ca_file=certificates.ca) as road:
                assert await road.ask("GET", "/stations/news", News) == NEWS
            async with road_to(server.origin, ca_file=certificates.other_ca) as road:
                with pytest.raises(HubCertificateRefusedError):
                    await road.ask("GET", "/stations/news", News)
            async with road_to(server.origin) as road:  # the system's trust
                with pytest.raises(HubCertificateRefusedError):
                    await road.ask("GET", "/stations/news", News)

    asyncio.run(play())


def test_an_old_tls_is_not_spoken() -> None:
    context = module._trusting(None)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_a_file_that_is_no_authority_is_said(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("nothing", encoding="ascii")

    async def play() -> None:
        for ca_file in (file, tmp_path / "none.pem"):
            async with road_to("https://localhost:9", ca_file=ca_file) as road:
                with pytest.raises(HubCertificateRefusedError, match=r"\.pem"):
                    await road.ask("GET", "/stations/news", News)

    asyncio.run(play())


@pytest.mark.parametrize("address", ["http://hub.force.example", "ws://localhost:1", "hub", "https://a:b@hub.example"])
def test_no_road_leads_to_an_address_that_is_not_private(address: str) -> None:
    with pytest.raises(HubAnswerFaultyError):
        HubRoad([address])


def test_another_address_is_tried_and_then_first() -> None:
    async def play() -> None:
        with FaultProxy(None, fault=Refuse()) as nobody:
            away = f"http://127.0.0.1:{nobody.port}"
            async with answering() as server, road_to(away, server.origin) as road:
                assert await road.ask("POST", "/stations/challenge", News) == NEWS  # nothing was said to the first
                assert road.addresses == (server.origin, away)
            async with road_to(away) as road:
                with pytest.raises(HubAwayError):
                    await road.ask("GET", "/stations/news", News)

    asyncio.run(play())


def test_what_may_be_done_once_only_is_not_asked_a_second_time() -> None:
    async def play() -> None:
        async with answering() as silent, answering() as well, road_to(silent.origin, well.origin) as road:
            silent.says = b""
            with pytest.raises(HubAnswerMissingError):
                await road.ask("POST", "/stations/enrol", News)
            assert well.asked == []
            assert await road.ask("POST", "/stations/told", News, again=True) == NEWS
            assert len(well.asked) == 1

    asyncio.run(play())


AWAY = answer('{"reference": "hub-store-away", "message": "M"}', "503 Service Unavailable")


def busy(retry_after_s: float) -> bytes:
    said = f'{{"reference": "hub-busy", "message": "M", "retry_after_s": {retry_after_s}}}'
    return answer(said, "503 Service Unavailable")


def test_where_a_hub_cannot_serve_another_address_is_asked_and_first_from_then_on() -> None:
    async def play() -> None:
        async with answering() as ill, answering() as well, road_to(ill.origin, well.origin) as road:
            ill.says = AWAY
            assert await road.ask("GET", "/stations/news", News) == NEWS
            assert await road.ask("POST", "/stations/told", News, again=True) == NEWS
            assert (len(ill.asked), len(well.asked)) == (1, 2)

    asyncio.run(play())


def test_what_may_be_done_once_only_is_not_asked_again_where_the_store_was_lost_meanwhile() -> None:
    async def play() -> None:
        async with answering() as ill, answering() as well, road_to(ill.origin, well.origin) as road:
            ill.says = AWAY
            with pytest.raises(HubRefusedError):
                await road.ask("POST", "/stations/proof", News)
            assert (len(ill.asked), len(well.asked)) == (1, 0)
            assert await road.ask("POST", "/stations/proof", News) == NEWS  # whoever asks anew asks the other one
            ill.says = busy(300.0)  # said at the door, before anything is done
            road.put_last(well.origin)
            assert await road.ask("POST", "/stations/proof", News) == NEWS
            assert (len(ill.asked), len(well.asked)) == (2, 2)

    asyncio.run(play())


def test_where_no_address_serves_the_soonest_time_to_come_again_is_told() -> None:
    async def play() -> None:
        async with answering() as one, answering() as other, road_to(one.origin, other.origin) as road:
            for here, there, retry_after_s in (
                (busy(300.0), busy(7.0), 7.0), (AWAY, busy(90.0), 90.0), (b"", busy(90.0), 90.0), (b"", AWAY, None),
            ):  # fmt: skip
                one.says, other.says = here, there
                with pytest.raises(HubRefusedError) as refused:
                    await road.ask("GET", "/stations/news", News)
                assert refused.value.retry_after_s == retry_after_s
                assert road.addresses == (one.origin, other.origin)

    asyncio.run(play())


def test_only_the_hub_itself_says_when_a_socket_is_to_be_tried_again() -> None:
    """What a proxy says that lets no socket pass keeps nobody from asking in the other way."""

    async def play() -> None:
        async with answering() as server, road_to(server.origin) as road:
            for more, retry_after_s in (("", None), ("X-Station-Launcher: hub-busy\r\n", 120.0)):
                server.says = answer("", "503 Service Unavailable", f"Retry-After: 120\r\n{more}")
                with pytest.raises(HubAwayError) as away:
                    async with road.socket("/stations/socket"):
                        pass
                assert away.value.retry_after_s == retry_after_s

    asyncio.run(play())


def test_a_hub_that_speaks_tls_to_who_does_not_is_likely_the_cause(certificates: Certificates) -> None:
    async def play() -> None:
        async with answering(certificates.server) as server:
            async with road_to(server.origin.replace("https:", "http:")) as road:
                with pytest.raises(HubAnswerMissingError, match="says http, and if it speaks TLS that should be https"):
                    await road.ask("POST", "/stations/enrol", News)
                with pytest.raises(HubAwayError, match="should be https"):
                    await road.ask("GET", "/stations/news", News)
            assert server.asked == []

    asyncio.run(play())


def test_a_hub_that_says_nothing_is_waited_for_no_longer_than_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ANSWER_S", 0.05)
    monkeypatch.setattr(module, "CONNECT_S", 0.05)

    async def play() -> None:
        with FaultProxy(None) as silent:
            async with road_to(f"http://127.0.0.1:{silent.port}") as road:
                with pytest.raises(HubAwayError):
                    await road.ask("GET", "/stations/news", News)
                with pytest.raises(HubAwayError):
                    async with road.socket("/stations/socket"):
                        pass

    asyncio.run(play())


@pytest.mark.parametrize(
    "says",
    [
        answer("{}", "302 Found", "Location: http://127.0.0.1:9/\r\n"),
        answer("<html>Log on to the network</html>"),
        answer('{"command": -1}'),
        answer('{"command": 1, "more": 2}'),
        answer("null"),
        answer(b"\xff\xfe"),
        answer("<html>no such page</html>", "404 Not Found"),
        answer("x" * 2000),
    ],
)
def test_what_is_no_answer_of_a_hub_is_refused_and_never_shown(says: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_ANSWER", 1000)

    async def play() -> None:
        async with answering() as server, road_to(server.origin) as road:
            server.says = says
            with pytest.raises(HubAnswerFaultyError) as refused:
                await road.ask("GET", "/stations/news", News, token=Secret(TOKEN))
            said = f"{refused.value.message}{refused.value.detail}"
            assert TOKEN not in said
            assert "html" not in said
            assert len(server.asked) == 1  # no redirect was followed

    asyncio.run(play())


def test_a_refusal_has_the_hubs_own_reference_and_words() -> None:
    async def play() -> None:
        async with answering() as server, road_to(server.origin) as road:
            refusal = '{"reference": "hub-asked-too-often", "message": "M", "hint": "H", "retry_after_s": 3.5}'
            server.says = answer(refusal, "429 Too Many Requests")
            with pytest.raises(HubRefusedError) as refused:
                await road.ask("GET", "/stations/news", News)
            error = refused.value
            assert (error.reference, error.message, error.next_step, error.retry_after_s, error.status) == (
                "hub-asked-too-often", "M", "H", 3.5, 429,
            )  # fmt: skip
            assert error.retryable
            for untrusted in ("../../etc/passwd", f"hub-{'x' * 77}"):
                server.says = answer(f'{{"reference": "{untrusted}", "message": "M"}}', "403 Forbidden")
                with pytest.raises(HubRefusedError) as refused:
                    await road.ask("GET", "/stations/news", News)
                assert refused.value.reference == "hub-refused"
                assert not refused.value.retryable

    asyncio.run(play())


def test_a_proxy_that_cannot_reach_the_hub_is_a_hub_that_is_away() -> None:
    async def play() -> None:
        async with answering() as server, road_to(server.origin) as road:
            server.says = answer("<html>Bad gateway</html>", "502 Bad Gateway")
            with pytest.raises(HubAwayError):
                await road.ask("GET", "/stations/news", News)
            with pytest.raises(HubAwayError):  # the hub restarts: sockets pass again when it is back
                async with road.socket("/stations/socket"):
                    pass
            with pytest.raises(HubAnswerMissingError):  # the hub may have been told
                await road.ask("POST", "/stations/enrol", News)

    asyncio.run(play())


def test_where_a_proxy_cannot_reach_the_hub_another_address_is_tried() -> None:
    async def play() -> None:
        async with answering() as proxy, answering() as server, road_to(proxy.origin, server.origin) as road:
            proxy.says = answer("<html>Bad gateway</html>", "502 Bad Gateway")
            assert await road.ask("GET", "/stations/news", News) == NEWS
            assert road.addresses == (server.origin, proxy.origin)

    asyncio.run(play())


def test_a_socket_that_is_not_let_pass_is_told_apart() -> None:
    async def play() -> None:
        async with answering() as server, road_to(server.origin) as road:
            with pytest.raises(HubSocketRefusedError):
                async with road.socket("/stations/socket"):
                    pass
            assert b"upgrade" in server.asked[0].lower()

    asyncio.run(play())


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async def play() -> None:
        async with answering() as server, road_to(server.origin) as road:
            assert await road.ask("GET", "/stations/news", News) == NEWS

    asyncio.run(play())


def test_an_error_of_the_road_may_be_shown_to_anybody() -> None:
    async def play() -> None:
        with FaultProxy(None, fault=Refuse()) as nobody:
            async with road_to(f"http://127.0.0.1:{nobody.port}") as road:
                with pytest.raises(LauncherError) as refused:
                    await road.ask("POST", "/stations/proof", Challenge, NEWS, token=Secret(TOKEN))
                assert TOKEN not in repr(refused.value) + refused.value.detail

    asyncio.run(play())


def test_a_name_of_this_computer_is_found_without_a_resolver_and_an_unknown_one_is_away() -> None:
    async def play() -> None:
        async with answering() as server:
            named = server.origin.replace("127.0.0.1", "hub.localhost")
            async with road_to("https://nowhere.invalid", named) as road:
                assert await road.ask("GET", "/stations/news", News) == NEWS
            async with road_to("https://nowhere.invalid") as road:
                with pytest.raises(HubAwayError, match=r"^No address is known here .* nowhere\.invalid\.$"):
                    await road.ask("GET", "/stations/news", News)

    asyncio.run(play())
