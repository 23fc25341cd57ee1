"""A terminal's life: who waits, who draws; a host that floods, hangs or ends in the middle."""

from __future__ import annotations

import asyncio
import logging

import pytest

from launcher.terminal.errors import TerminalLineError
from launcher.terminal.grid import CellGrid
from launcher.terminal.keys import Key
from launcher.terminal.lines.tcp import open_tcp
from launcher.terminal.terminal import Terminal
from launcher.terminal.vt.choice import vt_engine
from tests.unit.terminal.hosts import WITHIN_S, Board, Reader, Writer, host, run, shows, terminal
from tests.unit.terminal.vt.engines import both
from tests.unit.terminal.vt.engines import made as made_by


async def silence(reader: Reader, _writer: Writer) -> None:
    await reader.read()


async def echo(reader: Reader, writer: Writer) -> None:
    while data := await reader.read(100):
        writer.write(data)
        await writer.drain()


def test_what_is_waited_for_is_seen_at_once_or_when_it_comes() -> None:
    async def plays(reader: Reader, writer: Writer) -> None:
        writer.write(b"first")
        await reader.readexactly(2)
        writer.write(b"\r\nsecond")
        await reader.read()

    async def story() -> None:
        async with terminal(plays) as made:
            assert await made.wait_for(shows("first"), WITHIN_S)
            waiting = [asyncio.create_task(made.wait_for(shows("second"), WITHIN_S)) for _ in range(3)]
            made.type("go")
            assert await asyncio.gather(*waiting) == [True] * 3
            assert await made.wait_for(lambda grid: grid.cursor.row, WITHIN_S) == 1

    run(story())


def test_the_last_screen_before_the_host_hangs_up_is_looked_at_while_there_is_a_line() -> None:
    async def plays(reader: Reader, writer: Writer) -> None:
        await reader.readexactly(2)
        writer.write(b"please wait")
        await writer.drain()
        writer.write(b"\r\ngoodbye")

    async def story() -> None:
        async with terminal(plays) as made:
            looks = 0

            def goodbye(grid: CellGrid) -> bool:
                nonlocal looks
                looks += 1
                sum(range(500_000))  # a look that takes its time puts the next one off
                return made.lost is None and shows("goodbye")(grid)

            made.type("go")
            assert await made.wait_for(goodbye, WITHIN_S)
            assert looks > 1

    run(story())


def test_what_does_not_come_is_a_time_out_and_what_cannot_come_any_more_the_end_of_the_line() -> None:
    async def plays(reader: Reader, writer: Writer) -> None:
        await reader.readexactly(1)
        writer.write(b"Goodbye")

    async def story() -> None:
        async with terminal(plays) as made:
            with pytest.raises(TimeoutError):
                await made.wait_for(shows("anything"), 0)
            made.type("x")
            with pytest.raises(TerminalLineError, match="has closed the line"):
                await made.wait_for(shows("anything"), WITHIN_S)
            # What it said last stands there still, and a recipe may look at it.
            assert await made.wait_for(shows("Goodbye"), 0)
            assert made.lost is await made.ended()

    run(story())


def test_keys_text_and_pastes_reach_the_host_in_order() -> None:
    got = bytearray()

    async def plays(reader: Reader, writer: Writer) -> None:
        got.extend(await reader.readexactly(len(b"ab\r\0\x1b[Ac\r\0d\x03")))
        writer.write(b"done")
        await reader.read()

    async def story() -> None:
        async with terminal(plays) as made:
            made.type("ab")
            made.press(Key("Enter"))
            made.press(Key("Up"))
            made.paste("c\nd")
            made.press(Key("c", ctrl=True))
            await made.wait_for(shows("done"), WITHIN_S)
            assert not made.press(Key("PF3"))

    run(story())
    assert bytes(got) == b"ab\r\0\x1b[Ac\r\0d\x03"


def test_whoever_draws_gets_the_whole_screen_first_and_then_what_changes() -> None:
    async def story() -> None:
        async with terminal(echo) as made:
            made.type("one")
            await made.wait_for(shows("one"), WITHIN_S)
            board, other = Board(), Board()
            made.subscribe(board.draw)
            assert board.pictures[0].whole
            assert board.text()[0] == "one"
            made.type(" two")
            await board.until("two")
            # A second one that comes later takes nothing from the first.
            made.type(" three")
            await made.wait_for(shows("three"), WITHIN_S)
            end = made.subscribe(other.draw)
            assert other.text()[0] == "one two three"
            await board.until("three")
            end()
            drawn = len(other.pictures)
            made.type(" four")
            await board.until("four")
            assert len(other.pictures) == drawn
            assert [row.row for row in board.pictures[-1].changed] == [0]
            end()

    run(story())


@both
def test_a_host_that_sends_without_end_keeps_neither_keys_nor_drawing_nor_closing_waiting(name: str) -> None:
    make = made_by(name)
    halted = asyncio.Event()
    fed = 0

    async def plays(reader: Reader, writer: Writer) -> None:
        nonlocal fed

        async def hear() -> None:
            assert await reader.readexactly(4) == b"halt"
            halted.set()

        hearing = asyncio.create_task(hear())
        while not hearing.done():
            writer.write(b"".join(b"\x1b[3%dmflood %d\r\n" % (n % 8, fed + n) for n in range(2000)))
            fed += 2000
            await writer.drain()
        writer.write(b"\x1b[2J\x1b[Hstopped by halt")
        await writer.drain()
        while True:
            writer.write(b"\x1b[2;1Hstill" * 1000)
            await writer.drain()

    async def story() -> None:
        async with terminal(plays, make=make) as made:
            board = Board()
            made.subscribe(board.draw)
            await made.wait_for(lambda grid: grid.scroll_back > 1000, WITHIN_S)
            made.type("halt")
            await halted.wait()
            if name == "ghostty":  # the other has much to work off before it shows that
                await board.until("stopped by halt")
            # Each picture came for many rows, not one for each.
            assert len(board.pictures) < fed / 10
            await made.close()
            assert made.lost is not None
            assert made.lost.message == "The terminal was closed here."

    run(story())


def test_the_last_of_a_burst_is_always_drawn() -> None:
    async def plays(reader: Reader, writer: Writer) -> None:
        for number in range(500):
            writer.write(b"\x1b[Hcount %03d" % number)
            await writer.drain()
        await reader.read()

    async def story() -> None:
        async with terminal(plays) as made:
            board = Board()
            made.subscribe(board.draw)
            await board.until("count 499")
            assert board.text() == [line.rstrip() for line in made.grid.lines()]

    run(story())


def test_a_host_that_ends_in_the_middle_of_a_sequence_leaves_a_screen_and_a_reason() -> None:
    async def plays(_reader: Reader, writer: Writer) -> None:
        writer.write(b"before \x1b[31;4")

    async def story() -> None:
        async with terminal(plays) as made:
            board = Board()
            made.subscribe(board.draw)
            reason = await made.ended()
            assert reason.reference == "terminal-line-lost"
            assert made.grid.line(0).rstrip() == "before"
            while not board.pictures or board.pictures[-1].status.lock != "not-connected":
                board.changed.clear()
                await board.changed.wait()
            assert not made.press(Key("Enter"))
            assert made.type("x").refused == "locked"

    run(story())


def test_a_line_that_is_cut_is_no_worse_than_one_that_is_closed() -> None:
    async def plays(reader: Reader, writer: Writer) -> None:
        writer.write(b"here")
        await reader.readexactly(1)
        writer.transport.abort()

    async def story() -> None:
        async with terminal(plays) as made:
            await made.wait_for(shows("here"), WITHIN_S)
            made.type("x")
            assert (await made.ended()).reference == "terminal-line-lost"
            assert made.grid.line(0).rstrip() == "here"

    run(story())


def test_a_host_that_takes_nothing_can_be_left() -> None:
    async def plays(_reader: Reader, _writer: Writer) -> None:
        await asyncio.Event().wait()

    async def story() -> None:
        async with terminal(plays) as made:
            for _ in range(200):
                made.paste("x" * 65536)
            await made.close()
            await made.close()

    run(story())


def test_closing_a_line_that_the_host_is_closing_cuts_nobody_short() -> None:
    async def says_goodbye_and_takes_nothing(reader: Reader, writer: Writer) -> None:
        await reader.readexactly(1)
        writer.write_eof()
        await asyncio.Event().wait()

    async def story() -> None:
        async with host(says_goodbye_and_takes_nothing) as port:
            line = await open_tcp("127.0.0.1", port, tls=False)
            left = Terminal(vt_engine(6, 40), line)
            for _ in range(200):
                left.paste("x" * 65536)
            await left.ended()
            assert await asyncio.gather(left.close(), left.close()) == [False, False]

    run(story())


def test_closing_ends_who_waits() -> None:
    async def story() -> None:
        async with terminal(silence) as made:
            waited, _ = await asyncio.gather(
                made.wait_for(shows("nothing"), WITHIN_S), made.close(), return_exceptions=True
            )
            assert isinstance(waited, TerminalLineError)
            assert waited.message == "The terminal was closed here."

    run(story())


def test_an_engine_or_line_that_fails_ends_the_terminal_and_says_no_word_of_what_was_sent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def plays(reader: Reader, writer: Writer) -> None:
        writer.write(b"Front-Desk-77")
        await reader.read()

    async def story() -> None:
        async with terminal(plays) as made:

            def fail(untrusted: bytes) -> None:
                raise KeyError(untrusted)

            made.engine.feed = fail  # type: ignore[method-assign]
            assert (await made.ended()).reference == "terminal-line-lost"

    with caplog.at_level(logging.DEBUG):
        run(story())
    assert "KeyError" in caplog.text
    assert "Front-Desk" not in caplog.text


def test_why_the_line_ended_keeps_nothing_of_who_waited() -> None:
    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"bye")

    async def story() -> None:
        async with terminal(plays) as made:
            await made.ended()
            told = []
            for _ in range(2):
                with pytest.raises(TerminalLineError) as caught:
                    await made.wait_for(lambda grid: False, WITHIN_S)
                told.append(caught.value)
            assert made.lost is not None
            assert {(type(one), one.message) for one in told} == {(type(made.lost), made.lost.message)}
            assert made.lost.__traceback__ is None

    run(story())
