"""A picture is taken once the last one has been drawn, however fast a host sends; a key passes all that it sends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

import pytest

from launcher.secret import Secret
from launcher.terminal.engine import VtEngine
from launcher.terminal.grid import CellGrid
from launcher.terminal.keys import Key
from launcher.terminal.lines.ssh import Password, open_ssh
from launcher.terminal.lines.telnet import open_telnet
from launcher.terminal.session_log import ScreenLog
from launcher.terminal.terminal import Terminal
from launcher.terminal.vt.choice import vt_engine
from tests.servers import people, unix_host
from tests.servers.sshd import Sshd
from tests.servers.telnetd import Telnetd
from tests.unit.terminal.hosts import WITHIN_S, Board, shows, terminal

ROWS, COLUMNS, KEPT = 24, 80, 1000


def run(story: Awaitable[None]) -> None:
    async def walk() -> None:
        async with asyncio.timeout(WITHIN_S * 2):
            await story

    asyncio.run(walk())


async def next_of(board: Board, count: int) -> None:
    while len(board.pictures) < count:
        board.changed.clear()
        await board.changed.wait()


def at_prompt(grid: CellGrid) -> bool:
    return grid.line(grid.cursor.row).rstrip() == unix_host.PROMPT.rstrip()


def test_no_picture_is_taken_before_the_last_one_is_drawn_and_the_next_holds_all_that_came() -> None:
    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for turn in range(3):
            writer.write(b"".join(b"turn %d line %d\r\n" % (turn, n) for n in range(3000)) + b"end of turn %d" % turn)
            await reader.readexactly(1)
        await reader.read()

    async def story() -> None:
        async with terminal(plays) as made:
            board, other = Board(), Board()
            end = made.subscribe(board.draw, waits=True)
            end_other = made.subscribe(other.draw)
            for turn in range(3):
                await made.wait_for(shows(f"end of turn {turn}"), WITHIN_S)
                assert len(board.pictures) == turn + 1, "it has not been drawn"
                made.drawn()
                await next_of(board, turn + 2)
                assert any(f"end of turn {turn}" in line for line in board.text())
                made.type(".")
            assert len(board.pictures) == 4
            end_other()
            end()
            again = Board()
            made.subscribe(again.draw)
            writer_says = len(again.pictures)
            made.resize(5, 30)
            await next_of(again, writer_says + 1)  # nobody waits any more
            assert len(board.pictures) == 4

    run(story())


@asynccontextmanager
async def at_a_shell(
    host: Sshd | Telnetd, *, session_log: ScreenLog | None = None
) -> AsyncIterator[Terminal[VtEngine]]:
    """A terminal whose caller is at a shell's prompt, closed afterwards."""
    engine = vt_engine(ROWS, COLUMNS, scroll_back_rows=KEPT)
    if isinstance(host, Sshd):
        proof = Password(Secret(people.PASSWORD))
        line = await open_ssh(host.host, host.port, unix_host.USER, proof, host.known_hosts, rows=ROWS, columns=COLUMNS)
        made = Terminal(engine, line, session_log=session_log)
    else:
        made = Terminal(engine, await open_telnet(host.host, host.port, allowed=False, rows=ROWS, columns=COLUMNS))
        await made.wait_for(shows("login:"), WITHIN_S)
        made.type(unix_host.USER)
        made.press(Key("Enter"))
        await made.wait_for(shows("Password:"), WITHIN_S)
        made.type_secret(Secret(people.PASSWORD))
        made.press(Key("Enter"))
    try:
        await made.wait_for(at_prompt, WITHIN_S)
        yield made
    finally:
        await made.close()


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("ssh_host", marks=pytest.mark.needs("sshd")),
        pytest.param("telnet_host", marks=pytest.mark.needs("telnetd")),
    ],
)
def test_a_shell_that_floods_is_drawn_when_there_is_time_and_stopped_by_one_key(
    request: pytest.FixtureRequest, line: str
) -> None:
    host = request.getfixturevalue(line)
    assert isinstance(host, Sshd | Telnetd)

    async def story() -> None:
        async with at_a_shell(host) as made:
            board = Board()
            made.subscribe(board.draw, waits=True)
            made.type("yes flood")
            made.press(Key("Enter"))
            # Many screens of it have come, as many rows as are kept and more, while the first picture is being drawn.
            await made.wait_for(lambda grid: grid.scroll_back >= KEPT - ROWS, WITHIN_S)
            assert len(board.pictures) == 1
            made.drawn()
            await next_of(board, 2)
            assert sum("flood" in line for line in board.text()) > ROWS - 3
            made.press(Key("c", ctrl=True))
            await made.wait_for(at_prompt, WITHIN_S)
            made.type("echo still-here")
            made.press(Key("Enter"))
            await made.wait_for(lambda grid: at_prompt(grid) and shows("still-here")(grid), WITHIN_S)
            assert len(board.pictures) == 2
            made.drawn()
            await next_of(board, 3)
            assert "still-here" in "\n".join(board.text())

    run(story())
