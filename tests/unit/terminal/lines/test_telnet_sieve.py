"""What of a host's telnet commands comes through to the library, wherever they are cut."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.terminal.lines.telnet import open_telnet
from launcher.terminal.lines.telnet_sieve import (
    BINARY,
    DO,
    DONT,
    ECHO,
    IAC,
    MOST_OF_EACH,
    NAWS,
    SB,
    SE,
    SGA,
    TTYPE,
    WILL,
    WONT,
    Sieve,
)
from tests.unit.terminal.hosts import WITHIN_S, host

MCCP2, NEW_ENVIRON, LINEMODE = 86, 39, 34
ASKS_TYPE = bytes((IAC, SB, TTYPE, 1, IAC, SE))


def cmd(*numbers: int) -> bytes:
    return bytes((IAC, *numbers))


@pytest.mark.parametrize(
    ("data", "through", "answers"),
    [
        (b"plain \x00\x1b[m text", b"plain \x00\x1b[m text", b""),
        (b"a" + cmd(IAC) + b"b", b"a" + cmd(IAC) + b"b", b""),
        (cmd(DO, TTYPE) + cmd(DO, NAWS) + cmd(WILL, ECHO) + cmd(WILL, SGA) + cmd(DO, BINARY), None, b""),
        (cmd(DO, NEW_ENVIRON) * 3 + b"x", b"x", cmd(WONT, NEW_ENVIRON)),
        (cmd(WILL, MCCP2) + cmd(DO, ECHO), b"", cmd(DONT, MCCP2) + cmd(WONT, ECHO)),
        (cmd(DONT, LINEMODE) + cmd(WONT, MCCP2), b"", b""),
        (ASKS_TYPE + b"x", ASKS_TYPE + b"x", b""),
        (cmd(SB, MCCP2) + cmd(SE) + b"x", b"x", b""),
        (cmd(SB, NEW_ENVIRON, 1, 255, 255, 240, 7) + cmd(SE) + b"x", b"x", b""),
        (cmd(SB, TTYPE) + b"y" * 900 + cmd(SE) + b"x", b"x", b""),
        (cmd(SB, TTYPE) + b"y" * 900, b"", b""),
        (cmd(241) + cmd(249) + cmd(246) + b"x", b"x", b""),
    ],
)
def test_what_a_terminal_needs_comes_through_and_all_else_is_refused_once(
    data: bytes, through: bytes | None, answers: bytes
) -> None:
    expected = (data if through is None else through, answers)
    assert Sieve().sift(data) == expected
    piece_by_piece = Sieve()
    pieces = [piece_by_piece.sift(bytes([byte])) for byte in data]
    assert (b"".join(one for one, _ in pieces), b"".join(one for _, one in pieces)) == expected


def test_no_command_is_taken_without_end() -> None:
    sieve = Sieve()
    assert sieve.sift(cmd(DO, TTYPE) * 1000) == (cmd(DO, TTYPE) * MOST_OF_EACH, b"")
    assert sieve.sift(ASKS_TYPE * 1000) == (ASKS_TYPE * MOST_OF_EACH, b"")
    every = b"".join(cmd(verb, option) for verb in (DO, DONT, WILL, WONT) for option in range(256)) * 3
    assert len(sieve.sift(every)[1]) <= 3 * 2 * 256


PIECES = [cmd(verb, option) for verb in range(240, 255) for option in (0, 1, 24, 31, 39, 86)]
PIECES += [cmd(SE), cmd(IAC), bytes([IAC]), ASKS_TYPE, b"text", cmd(SB), cmd(SB, 86)]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=4)), max_size=40), st.data())
def test_how_the_bytes_are_cut_makes_no_difference(pieces: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(pieces)
    cut, sieve, through, answers = 0, Sieve(), b"", b""
    while cut < len(whole):
        upto = data.draw(st.integers(cut + 1, len(whole)))
        one, other = sieve.sift(whole[cut:upto])
        through, answers, cut = through + one, answers + other, upto
    assert (through, answers) == Sieve().sift(whole)


def test_a_host_that_switches_compression_on_unasked_and_asks_without_end_is_read_on() -> None:
    got = bytearray()

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(cmd(SB, MCCP2) + cmd(SE) + (cmd(DO, TTYPE) + cmd(DO, 5) + ASKS_TYPE + cmd(241)) * 5000)
        writer.write(b"plain text")
        while b"done" not in got:
            got.extend(await reader.read(65536))

    async def story() -> None:
        async with asyncio.timeout(WITHIN_S), host(plays) as port:
            line = await open_telnet("localhost", port, allowed=False, rows=24, columns=80)
            said = b""
            while not said.endswith(b"plain text"):
                said += await line.read()
            assert said == b"plain text"
            await line.write(b"done")
            await line.close()

    asyncio.run(story())
    assert got.count(b"xterm-256color") <= MOST_OF_EACH
    assert got.count(cmd(WONT, 5)) == 1
    assert b"telnetlib3" not in got


def test_commands_without_end_come_in_pieces_between_which_all_else_has_its_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pieces: list[int] = []

    class WatchedSieve(Sieve):
        def sift(self, untrusted: bytes) -> tuple[bytes, bytes]:
            pieces.append(len(untrusted))
            return super().sift(untrusted)

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(cmd(DO, TTYPE) * 700_000 + b"plain text")
        await reader.read()

    async def story() -> None:
        async with asyncio.timeout(WITHIN_S), host(plays) as port:
            line = await open_telnet("localhost", port, allowed=False, rows=24, columns=80)
            assert await line.read() == b"plain text"
            await line.close()

    monkeypatch.setattr("launcher.terminal.lines.telnet.Sieve", WatchedSieve)
    asyncio.run(story())
    assert sum(pieces) == 3 * 700_000 + len(b"plain text")
    assert max(pieces) <= 64 * 1024
