"""A terminal's life: who waits, who draws; a host that floods, hangs or ends in the middle; the log of its screens."""

from __future__ import annotations

import asyncio
import logging
import resource
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from launcher.secret import Secret
from launcher.terminal.errors import TerminalLineError
from launcher.terminal.grid import CellGrid, Cursor, GridPicture, RowPicture
from launcher.terminal.keys import Key
from launcher.terminal.lines.tcp import open_tcp
from launcher.terminal.session_log import HIDDEN, SessionLog, lines_without
from launcher.terminal.terminal import Terminal
from launcher.terminal.vt.choice import vt_engine
from tests.unit.terminal.hosts import WITHIN_S, host, terminal
from tests.unit.terminal.vt.engines import both
from tests.unit.terminal.vt.engines import made as made_by

PASSWORD = Secret("Front-Desk-77")
Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter


def run(story: Awaitable[None]) -> None:
    async def walk() -> None:
        async with asyncio.timeout(WITHIN_S * 2):
            await story

    asyncio.run(walk())


def shows(text: str) -> Callable[[CellGrid], bool]:
    return lambda grid: any(text in line for line in grid.lines())


async def silence(reader: Reader, _writer: Writer) -> None:
    await reader.read()


async def echo(reader: Reader, writer: Writer) -> None:
    while data := await reader.read(100):
        writer.write(data)
        await writer.drain()


class Board:
    """What a drawer would show."""

    def __init__(self) -> None:
        self.rows: dict[int, RowPicture] = {}
        self.pictures: list[GridPicture] = []
        self.changed = asyncio.Event()

    def draw(self, picture: GridPicture) -> None:
        if picture.whole:
            self.rows.clear()
        self.rows.update({row.row: row for row in picture.changed})
        self.pictures.append(picture)
        self.changed.set()

    def text(self) -> list[str]:
        return ["".join(run.text for run in self.rows[row].runs).rstrip() for row in sorted(self.rows)]

    async def until(self, text: str) -> None:
        while not any(text in line for line in self.text()):
            self.changed.clear()
            await self.changed.wait()


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


# --- the log


def test_the_log_of_a_session_has_its_screens_and_none_of_its_secrets(tmp_path: Path) -> None:
    file = tmp_path / "screens.txt"

    async def plays(reader: Reader, writer: Writer) -> None:
        writer.write(b"NAME: ")
        await reader.readuntil(b"\r\0")
        writer.write(b"alice\r\nPASSWORD: ")
        typed = await reader.readuntil(b"\r\0")
        # A host that shows what it should not, over the end of a row, and in words of its own.
        writer.write(b"\x1b[2;34H" + typed[:-2] + b"\r\nyou typed " + typed[:-2] + b" \x1b[8mhidden\x1b[m\r\n")
        writer.write(b"MENU")

    async def story() -> None:
        async with terminal(plays, session_log=SessionLog(file, "records:23")) as made:
            await made.wait_for(shows("NAME:"), WITHIN_S)
            made.type("alice")
            made.press(Key("Enter"))
            await made.wait_for(shows("PASSWORD:"), WITHIN_S)
            made.type_secret(PASSWORD)
            made.press(Key("Enter"))
            await made.ended()
            assert "Front-Desk-77" in "".join(made.grid.lines())

    run(story())
    text = file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert text.count("=== ") == 3
    assert "records:23 6x40" in text
    assert "NAME: alice\nPASSWORD:" in text
    assert "MENU" in text
    assert f"you typed {HIDDEN * 13}" in text
    for part in ("Front", "Desk", "-77", "hidden"):
        assert part not in text


def grid_of(*rows: str, cursor: tuple[int, int] = (0, 0)) -> CellGrid:
    grid = CellGrid(len(rows), max(map(len, rows)))
    for row, text in enumerate(rows):
        grid.text[row * grid.columns : row * grid.columns + len(text)] = list(text)
    grid.cursor = Cursor(*cursor)
    return grid


def test_a_secret_is_hidden_where_it_goes_on_in_the_next_row_and_while_it_is_echoed() -> None:
    assert lines_without(grid_of("it is Front", "-Desk-77 ok"), [PASSWORD]) == ("it is •••••", "•••••••• ok")
    assert lines_without(grid_of("ab Front-D   ", cursor=(0, 10)), [PASSWORD]) == ("ab •••••••",)
    assert lines_without(grid_of("aaaaa", "x"), [Secret("aaaa")]) == ("•••••", "x")
    # So short a code would hide half of every screen.
    assert lines_without(grid_of("12 of 12"), [Secret("12")]) == ("12 of 12",)


def test_a_log_that_is_full_or_cannot_be_written_ends_quietly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.terminal.session_log.LARGEST_BYTES", 200)
    log = SessionLog(tmp_path / "screens.txt", "records:23")
    for number in range(20):
        log.record(grid_of(f"screen {number}"), ())
    log.close()
    text = (tmp_path / "screens.txt").read_text()
    assert text.endswith("=== this log is full\n")
    assert len(text) < 300
    with pytest.raises(FileExistsError):  # laid there by somebody else
        SessionLog(tmp_path / "screens.txt", "records:23")
    (tmp_path / "screens.txt").unlink()
    again = SessionLog(tmp_path / "screens.txt", "records:23")
    again.close()
    with pytest.raises(OSError, match="screens"):
        SessionLog(tmp_path / "nowhere" / "screens.txt", "records:23")
    (tmp_path / "link").symlink_to(tmp_path / "screens.txt")
    with pytest.raises(OSError, match="link"):
        SessionLog(tmp_path / "link", "records:23")


def test_a_full_disk_stops_the_log_and_not_the_terminal(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for page in (b"Page 1", b"Page 2", b"Page 3"):
            writer.write(b"\x1b[H\x1b[2J" + page)
            await reader.readuntil(b"\r")

    async def story() -> None:
        async with terminal(plays, session_log=SessionLog(tmp_path / "log", "records:23")) as made:
            for page in ("Page 1", "Page 2", "Page 3"):
                await made.wait_for(lambda grid, page=page: page in grid.line(0), WITHIN_S)
                made.press(Key("Enter"))  # what is left is written down first
            assert (await made.ended()).reference == "terminal-line-lost"

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (70, before[1]))
    try:
        run(story())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "Page 1" in (tmp_path / "log").read_text()
    assert "a session log can be written no further" in caplog.text


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
