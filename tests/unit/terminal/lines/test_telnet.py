"""A line over telnet to a real telnetd; in clear only where it may be."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launcher.secret import Secret
from launcher.terminal.engine import VtEngine
from launcher.terminal.errors import TerminalLineError, TerminalNotEncryptedError
from launcher.terminal.grid import CellGrid
from launcher.terminal.keys import Key
from launcher.terminal.line import LineFacts
from launcher.terminal.lines.encoding import Transcoder
from launcher.terminal.lines.telnet import open_telnet
from launcher.terminal.terminal import Terminal
from launcher.terminal.vt.choice import vt_engine
from tests.servers.people import PASSWORD, WRONG_PASSWORD
from tests.servers.telnetd import Telnetd
from tests.servers.unix_host import GOODBYE, PROMPT, USER
from tests.unit.terminal.hosts import WITHIN_S, host

ENTER = Key("Enter")
IAC, DO, WILL, SB, SE = 255, 253, 251, 250, 240
BINARY, TTYPE, NAWS, NEW_ENVIRON = 0, 24, 31, 39
COMMANDS = [
    *(bytes([IAC, verb, option]) for verb in range(250, 255) for option in (0, 1, 3, 5, 24, 31, 34, 39, 42, 86, 201)),
    *(bytes([IAC, command]) for command in range(236, 251)),
    bytes([IAC, SE]), bytes([IAC]), bytes([IAC, IAC]), bytes([1]), b"text", b"\r\0", b"\x1b[6n",
]  # fmt: skip


def run(story: Awaitable[None]) -> None:
    async def walk() -> None:
        async with asyncio.timeout(WITHIN_S * 2):
            await story

    asyncio.run(walk())


def prompts(words: str) -> Callable[[CellGrid], bool]:
    return lambda grid: grid.line(grid.cursor.row)[: grid.cursor.column].endswith(words)


def shows(*words: str) -> Callable[[CellGrid], bool]:
    return lambda grid: all(any(word in line for line in grid.lines()) for word in words)


async def at_logon(server: Telnetd) -> Terminal[VtEngine]:
    line = await open_telnet(server.host, server.port, allowed=False, rows=24, columns=80)
    made = Terminal(vt_engine(24, 80), line)
    await made.wait_for(prompts("login: "), WITHIN_S)
    return made


async def log_on(made: Terminal[VtEngine], password: str) -> None:
    made.type(USER)
    made.press(ENTER)
    await made.wait_for(prompts("Password: "), WITHIN_S)
    made.type_secret(Secret(password))
    made.press(ENTER)


def test_an_officer_logs_on_uses_a_menu_by_arrow_keys_and_is_signed_off(
    telnet_host: Telnetd, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        made = await at_logon(telnet_host)
        assert made.facts == LineFacts(telnet_host.host, telnet_host.port, encrypted=False)
        await log_on(made, PASSWORD)
        await made.wait_for(prompts(PROMPT), WITHIN_S)
        assert not shows(PASSWORD)(made.grid)
        made.type("echo $TERM; stty size; menu")
        made.press(ENTER)
        await made.wait_for(shows("Person search", "Vehicle search"), WITHIN_S)
        made.press(Key("Down"))
        made.press(ENTER)
        await made.wait_for(shows("Chosen: 2"), WITHIN_S)
        made.resize(30, 100)
        made.type("echo $TERM $(stty size)")
        made.press(ENTER)
        await made.wait_for(shows("xterm-256color 30 100"), WITHIN_S)
        made.type("menu")
        made.press(ENTER)
        await made.wait_for(shows("Person search", "Vehicle search"), WITHIN_S)
        made.press(Key("End"))
        made.press(ENTER)
        assert (await made.ended()).message == "The host has closed the line."
        assert shows(GOODBYE)(made.grid)
        await made.close()

    with caplog.at_level(logging.DEBUG):
        run(story())
    assert PASSWORD not in caplog.text + telnet_host.process.log_text()


def test_a_wrong_password_is_refused_by_the_host_s_own_screen(telnet_host: Telnetd) -> None:
    async def story() -> None:
        made = await at_logon(telnet_host)
        await log_on(made, WRONG_PASSWORD)
        await made.wait_for(shows("Login incorrect"), WITHIN_S)
        await made.close()

    run(story())


def test_a_host_elsewhere_is_refused_unless_the_policy_allows_it() -> None:
    async def story() -> None:
        with pytest.raises(TerminalNotEncryptedError) as said:
            await open_telnet("192.0.2.1", 23, allowed=False, rows=24, columns=80)
        assert said.value.reference == "terminal-not-encrypted"
        with pytest.raises(TerminalLineError, match="cannot be reached"):
            await open_telnet("records.invalid", 23, allowed=True, rows=24, columns=80)

    run(story())


@pytest.mark.parametrize("place", ["localhost", "LOCALHOST.", "records.localhost", "127.0.0.1"])
def test_this_computer_is_no_other_whatever_its_name(place: str) -> None:
    async def story() -> None:
        async with host(lambda reader, _writer: reader.read()) as port:
            line = await open_telnet(place, port, allowed=False, rows=24, columns=80)
            await line.close()

    run(story())


@pytest.mark.parametrize("place", ["10.0.0.1", "0.0.0.0", "localhost.force.example.invalid", "a" * 70 + ".invalid", ""])
def test_no_other_is_this_computer(place: str) -> None:
    async def story() -> None:
        with pytest.raises((TerminalNotEncryptedError, TerminalLineError)):
            await open_telnet(place, 23, allowed=False, rows=24, columns=80)

    run(story())


def test_what_is_negotiated_says_terminal_and_size_and_nothing_of_this_computer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("USER", "officer-name")
    got = bytearray()

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for option in (TTYPE, NAWS, NEW_ENVIRON):
            writer.write(bytes([IAC, DO, option]))
        writer.write(bytes([IAC, SB, TTYPE, 1, IAC, SE, IAC, SB, NEW_ENVIRON, 1, IAC, SE]))
        writer.write(bytes([IAC, WILL, BINARY, IAC, DO, BINARY]))
        while bytes([IAC, WILL, BINARY]) not in got:
            got.extend(await reader.read(1000))
        writer.write(b"ready")
        while bytes([IAC, SB, NAWS, 0, 100, 0, 30, IAC, SE]) not in got:
            got.extend(await reader.read(1000))
        writer.write(b" sized")
        while b"\xff\xff\r." not in got:
            got.extend(await reader.read(1000))

    async def story() -> None:
        async with host(plays) as port:
            line = await open_telnet("localhost", port, allowed=False, rows=24, columns=80)
            made = Terminal(vt_engine(24, 80), line)
            await made.wait_for(shows("ready"), WITHIN_S)
            made.resize(30, 100)
            await made.wait_for(shows("sized"), WITHIN_S)
            # In binary a return stays one, and the mark of a command is doubled.
            await line.write(b"\xff\r.")
            await made.ended()
            await made.close()

    run(story())
    assert bytes([IAC, SB, NAWS, 0, 80, 0, 24, IAC, SE]) in got
    assert b"xterm-256color" in got
    assert b"officer-name" not in got
    assert b"USER" not in got


def test_a_line_that_has_ended_takes_nothing_more_and_may_be_closed_twice() -> None:
    async def plays(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"bye")

    async def story() -> None:
        async with host(plays) as port:
            line = await open_telnet("localhost", port, allowed=False, rows=24, columns=80)
            said = b""
            while data := await line.read():
                said += data
            assert said == b"bye"
            with pytest.raises(TerminalLineError):
                await line.write(b"more")
            await line.resize(30, 100)
            await line.close()
            await line.close()

    run(story())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(COMMANDS), st.binary(max_size=6)), max_size=30))
def test_nothing_that_a_host_negotiates_is_too_much(pieces: list[bytes]) -> None:
    async def plays(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"".join(pieces))

    async def story() -> None:
        async with host(plays) as port:
            line = await open_telnet("localhost", port, allowed=False, rows=24, columns=80)
            made = Terminal(vt_engine(24, 80), line)
            assert (await made.ended()).reference == "terminal-line-lost"
            await made.close()

    run(story())


def test_a_host_with_another_encoding_is_understood() -> None:
    got = bytearray()

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write("Gebühr £5".encode("cp850") + b"\r\n")
        got.extend(await reader.readexactly(4))

    async def story() -> None:
        async with host(plays) as port:
            line = await open_telnet("localhost", port, allowed=False, rows=24, columns=80, encoding="cp850")
            made = Terminal(vt_engine(24, 80), line)
            await made.wait_for(shows("Gebühr £5"), WITHIN_S)
            made.type("ü£中.")
            await made.ended()
            await made.close()

    run(story())
    assert bytes(got) == "ü£?.".encode("cp850")


def test_characters_in_pieces_and_8_bit_controls_are_put_together() -> None:
    wide = Transcoder("shift_jis")
    coded = "日本".encode("shift_jis")
    assert b"".join(wide.incoming(bytes([byte])) for byte in coded).decode() == "日本"
    latin = Transcoder("latin-1")
    assert latin.incoming(b"\x9b31m\xe9\x9b") == b"\x1b[31m\xc3\xa9\x1b["
    assert Transcoder().incoming(b"\xff\x9b") == b"\xff\x9b"
    with pytest.raises(LookupError):
        Transcoder("no-such-encoding")
