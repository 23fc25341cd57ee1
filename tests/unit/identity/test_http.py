"""Answers of hosts that mean no good: bounded in size and in time, whatever kind of answer they are."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import ssl
from functools import partial
from pathlib import Path

import pytest

from launcher.identity.http import Client, HttpAnswer, LargeAnswer, NoAnswer, SlowAnswer, trusting
from tests.servers.certificates import CONTROLLER, Certificates
from tests.unit.terminal.hosts import host

_PIECE = b"a" * (1 << 20)


async def asked(port: int) -> HttpAnswer:
    client = Client(trusting(), plain_on_loopback=True)
    try:
        return await asyncio.to_thread(client.ask, "GET", f"http://127.0.0.1:{port}/")
    finally:
        client.close()


def test_the_keys_of_its_connections_are_written_nowhere(
    certificates: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    for system in (True, False):
        context = trusting([certificates.ca], system=system)
        assert context.keylog_filename is None
        assert context.check_hostname
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert bool(context.cert_store_stats()["x509_ca"] > 1) is system


def test_authorities_are_read_once_until_their_file_is_another(certificates: Certificates, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(certificates.ca.read_bytes())
    first = trusting([file], system=False)
    assert trusting([file], system=False) is first
    file.write_bytes(certificates.ca.read_bytes() + certificates.other_ca.read_bytes())
    assert trusting([file], system=False).cert_store_stats()["x509_ca"] == 2
    file.unlink()
    with pytest.raises(OSError, match="No such file"):
        trusting([file], system=False)


@pytest.mark.needs("root")
def test_the_certificate_of_an_answer_is_known_however_the_address_is_written(certificates: Certificates) -> None:
    async def sends(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async def story() -> list[HttpAnswer]:
        client = Client(trusting([certificates.ca]))
        server = await asyncio.start_server(sends, CONTROLLER, 443, ssl=certificates.server.server_context())
        async with server:
            places = (CONTROLLER, f"{CONTROLLER}:443")
            answers = [await asyncio.to_thread(client.ask, "GET", f"https://{place}/") for place in places]
        client.close()
        return answers

    one, other = asyncio.run(story())
    assert one.certificate == other.certificate != b""


@pytest.mark.parametrize("status", ["200 OK", "302 Found"])
def test_of_an_answer_without_an_end_no_more_is_read_than_it_may_hold(status: str) -> None:
    sent = 0

    async def sends(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status}\r\nLocation: /on\r\n\r\n".encode())
        with contextlib.suppress(OSError):
            while sent < 64 * len(_PIECE):
                writer.write(_PIECE)
                await writer.drain()
                sent += len(_PIECE)

    async def story() -> None:
        async with host(sends) as port:
            with pytest.raises(LargeAnswer):
                await asked(port)

    asyncio.run(story())
    assert sent < 32 * len(_PIECE)  # what lies in the buffers of both ends was sent too


def test_a_redirect_is_answered_as_it_is_wherever_it_leads() -> None:
    async def sends(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://[no/\r\nContent-Length: 4\r\n\r\nover")
        await writer.drain()

    async def story() -> HttpAnswer:
        async with host(sends) as port:
            return await asked(port)

    answer = asyncio.run(story())
    assert (answer.status, answer.text, answer.headers["Location"]) == (302, "over", "http://[no/")


@pytest.mark.parametrize("head", ["", "Transfer-Encoding: chunked\r\n"])
def test_one_that_drips_is_not_waited_for_to_its_end(head: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.identity.http.ANSWER_S", 0.5)

    async def drips(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\n{head}\r\n".encode())
        while True:
            writer.write(b"1\r\na\r\n" if head else b"a")
            await writer.drain()
            await asyncio.sleep(0.05)  # the host's own pace

    async def story() -> None:
        async with host(drips) as port:
            with pytest.raises(SlowAnswer):
                await asked(port)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Content-Length: 9", b"all of it"),
        ("Connection: close", b"all of it"),
        ("Transfer-Encoding: chunked", b"4\r\nall \r\n5\r\nof it\r\n0\r\n\r\n"),
        ("Content-Encoding: gzip", gzip.compress(b"all of it")),
    ],
)
def test_an_answer_is_whole_however_it_is_sent(head: str, body: bytes) -> None:
    async def sends(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for piece in (f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode(), body[:3], body[3:]):
            writer.write(piece)
            await writer.drain()

    async def story() -> HttpAnswer:
        async with host(sends) as port:
            return await asked(port)

    assert asyncio.run(story()).text == "all of it"


@pytest.mark.parametrize("head", ["Content-Length: 9", "Transfer-Encoding: chunked", "Content-Encoding: gzip"])
def test_one_that_breaks_off_is_none(head: str) -> None:
    async def sends(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\nall".encode())
        await writer.drain()

    async def story() -> None:
        async with host(sends) as port:
            with pytest.raises(NoAnswer):
                await asked(port)

    asyncio.run(story())


def test_a_form_is_not_sent_where_its_host_may_be_hanging_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that has lain idle is left: one that is closed as the next request comes gives no answer at all."""

    async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"code=1")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")
        await writer.drain()
        await reader.read(1)  # the next request has begun: its host had waited long enough
        writer.close()

    async def story() -> str:
        async with host(hangs_up) as port:
            client = Client(trusting(), plain_on_loopback=True)
            ask = partial(asyncio.to_thread, client.ask, "POST", f"http://127.0.0.1:{port}/", data={"code": "1"})
            try:
                await ask()
                with pytest.raises(NoAnswer):
                    await ask()
                await ask()
                monkeypatch.setattr("launcher.identity.http.REUSED_S", 0.0)
                return (await ask()).text
            finally:
                client.close()

    assert asyncio.run(story()) == "OK"
