"""Connections that never finish a request: each is cut off, and those that do are served as ever."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest
from aiohttp import ClientSession

from launcher.hub.patience import ImpatientHttp
from launcher.wire.hub.stations import Hello, Welcome
from tests.servers.hub_in_process import Asking, HubServer
from tests.unit.hub.hands import StationHand

_HEAD = b"POST /v1/stations/enrol HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /v1/hea",
        _HEAD,
        _HEAD + b"Content-Length: 100\r\n\r\n{",
        _HEAD + b"Transfer-Encoding: chunked\r\n\r\n1",
    ],
    ids=["silent", "half a line", "no end of the head", "half a body", "half a chunk"],
)
def test_a_request_that_does_not_come_to_its_end_is_not_waited_for(
    begun: bytes, client: Asking, hub_server: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImpatientHttp, "request_within_s", 0.1)
    with socket.create_connection(("127.0.0.1", hub_server.port), timeout=20) as slow:
        slow.sendall(begun)
        assert _until_closed(slow) == b""
    assert client.get("/health").ok


def test_a_second_request_on_the_same_connection_is_not_waited_for_longer(
    client: Asking, hub_server: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImpatientHttp, "request_within_s", 0.1)
    with socket.create_connection(("127.0.0.1", hub_server.port), timeout=20) as slow:
        slow.sendall(b"GET /v1/health HTTP/1.1\r\nHost: hub\r\n\r\n")
        answer = b""
        while not answer.endswith(b'{"well":true}'):  # head and body may come apart
            part = slow.recv(10_000)
            assert part, answer
            answer += part
        slow.sendall(_HEAD)
        assert _until_closed(slow) == b""


def test_a_station_on_its_socket_is_not_cut_off(
    enrolled: Callable[..., StationHand], hub_server: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = enrolled()
    monkeypatch.setattr(ImpatientHttp, "request_within_s", 0.05)

    async def waits() -> None:
        async with ClientSession() as session, session.ws_connect(f"{hub_server.origin}/v1/stations/socket") as socket:
            hello = Hello.model_validate_json(await socket.receive_str())
            await asyncio.sleep(0.1)  # longer than a request has
            await socket.send_str(station.proved(nonce=hello.challenge.nonce).model_dump_json())
            assert Welcome.model_validate_json(await socket.receive_str()).known.token

    asyncio.run(waits())


def _until_closed(slow: socket.socket) -> bytes:
    try:
        return slow.recv(10_000)
    except ConnectionResetError:
        return b""
