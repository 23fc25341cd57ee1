"""What a session says and hears before its engine runs, over a real socket pair; the engine goes on from there."""

from __future__ import annotations

import asyncio
import os
import socket

import pytest

from launcher.session.first_words import FirstWords
from launcher.session.link import StationLink
from launcher.wire import messages as m
from launcher.wire.codec import decode_to_station, encode


def test_the_screen_is_asked_for_and_shown() -> None:
    ours, theirs = socket.socketpair()
    number = ours.detach()
    os.set_inheritable(number, True)
    words = FirstWords(number)
    assert not os.get_inheritable(number)
    words.say_warm()
    theirs.sendall(encode(m.Show()))
    assert words.take_show()
    words.say_shown()
    words.say_alive()
    said = [decode_to_station(line + b"\n") for line in theirs.recv(65536).splitlines()]
    assert [one.kind for one in said] == ["warm", "shown", "beat"]
    theirs.close()
    words.say_shown()  # nobody hears it, and nothing is raised
    os.close(number)


@pytest.mark.parametrize(
    "message",
    [m.Show(name="44"), m.End(reason="reset", deadline_ms=1), m.ScanYourself(mask=1, masked=("YWJj" * 40,))],
)
@pytest.mark.parametrize("again", [False, True])
def test_anything_else_is_left_to_the_engine_whole(message: m.ToSession, again: bool) -> None:
    async def play() -> None:
        ours, theirs = socket.socketpair()
        words = FirstWords(ours.detach())
        line = encode(message)
        theirs.sendall(line[:9])
        assert not words.take_show()
        if again:
            theirs.sendall(line[9:])
            assert not words.take_show()
        link = await StationLink.on(words.descriptor, words.heard)
        taken: list[m.ToSession] = []
        receiving = asyncio.create_task(link.receive(taken.append))
        theirs.sendall((b"" if again else line[9:]) + encode(m.Unresponsive(silent_ms=1.0)))
        theirs.close()
        await receiving
        await link.close()
        assert taken[:2] == [message, m.Unresponsive(silent_ms=1.0)]

    asyncio.run(play())


def test_a_station_that_is_gone_asks_for_nothing() -> None:
    ours, theirs = socket.socketpair()
    words = FirstWords(ours.detach())
    theirs.close()
    assert not words.take_show()
    assert words.heard == b""
    os.close(words.descriptor)
