"""Answers of hosts that mean no good: bounded in size and in time, whatever kind of answer they are."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from launcher.identity.http import Client, HttpAnswer, LargeAnswer, trusting
from tests.unit.terminal.hosts import host

_PIECE = b"a" * (1 << 20)


async def asked(port: int) -> HttpAnswer:
    client = Client(trusting(), plain_on_loopback=True)
    try:
        return await asyncio.to_thread(client.ask, "GET", f"http://127.0.0.1:{port}/")
    finally:
        client.close()


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
