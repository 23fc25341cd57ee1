"""The session's end of the wire, over a real socket pair, with a real session behind it."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.link import StationLink
from launcher.wire import messages as m
from launcher.wire.codec import decode_to_station, encode
from tests.unit.session.bench import NAME, PASSWORD, Bench, program


@asynccontextmanager
async def linked() -> AsyncIterator[tuple[StationLink, socket.socket]]:
    ours, theirs = socket.socketpair()
    link = await StationLink.on(ours.detach())
    try:
        yield link, theirs
    finally:
        theirs.close()
        await link.close()


def test_the_link_is_not_inherited_and_carries_both_ways() -> None:
    async def play() -> None:
        ours, theirs = socket.socketpair()
        number = ours.detach()
        os.set_inheritable(number, True)
        link = await StationLink.on(number)
        assert not os.get_inheritable(number)
        taken: list[m.ToSession] = []
        receiving = asyncio.create_task(link.receive(taken.append))
        theirs.sendall(encode(m.Show(name="44")) + encode(m.Unresponsive(silent_ms=1.0)))
        link.tell(m.Warm(pid=7))
        link.painted()
        loop = asyncio.get_running_loop()
        theirs.setblocking(False)
        said = b""
        while said.count(b"\n") < 2:
            said += await loop.sock_recv(theirs, 65536)
        warm, shown = (decode_to_station(line) for line in said.splitlines())
        assert warm == m.Warm(pid=7)
        assert isinstance(shown, m.Shown)
        assert shown.took_ms >= 0
        theirs.close()
        await receiving
        assert taken[:2] == [m.Show(name="44"), m.Unresponsive(silent_ms=1.0)]
        assert isinstance(taken[2], m.End)
        link.tell(m.Warm(pid=8))  # nobody hears it, and nothing is raised
        await link.close()
        link.tell(m.Warm(pid=9))

    asyncio.run(play())


@pytest.mark.parametrize(
    "line",
    [
        b"not json\n",
        b'{"v": 2, "kind": "show"}\n',
        b'{"v": 1, "kind": "nonsense"}\n',
        b"[]\n",
        b"\xff\n",
        b"x" * 5_000_000,
    ],
)
def test_a_word_that_is_none_ends_the_session(line: bytes) -> None:
    async def play() -> None:
        async with linked() as (link, theirs):
            taken: list[m.ToSession] = []
            sending = asyncio.create_task(asyncio.to_thread(_send, theirs, line))
            await link.receive(taken.append)
            assert [type(one) for one in taken] == [m.End]
            theirs.shutdown(socket.SHUT_RDWR)
            await sending

    asyncio.run(play())


def _send(sock: socket.socket, line: bytes) -> None:
    try:
        sock.sendall(line)
    except OSError:
        return


def test_the_station_is_gone_in_the_middle_of_a_launch(tmp_path: Path) -> None:
    async def play() -> None:
        entries = {"never": program("-c", "input()", markers=("ready = NEVER",))}
        async with linked() as (link, theirs), Bench(tmp_path / "b", entries).session() as here:
            receiving = asyncio.create_task(link.receive(lambda message: here.send(message)))
            theirs.sendall(encode(m.Show()))
            await here.until(lambda now: now.stage == "signing-in")
            here.send(c.SubmitPassword("local", NAME, Secret(PASSWORD)))
            await here.until(lambda now: now.stage == "signed-in")
            here.send(c.OpenSystem("never"))
            await here.launch("never", "signing")
            theirs.close()
            await here.ended()
            await receiving
            assert [one.outcome for one in here.watched.launch_records()] == ["cancelled"]

    asyncio.run(play())
