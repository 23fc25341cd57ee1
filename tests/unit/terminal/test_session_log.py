"""The log of a terminal's session: its screens, none of its secrets, and no trouble where it cannot be written."""

from __future__ import annotations

import asyncio
import resource
import stat
from pathlib import Path

import pytest

from launcher.secret import Secret
from launcher.terminal.grid import CellGrid, Cursor
from launcher.terminal.keys import Key
from launcher.terminal.session_log import HIDDEN, SessionLog, lines_without
from tests.unit.terminal.hosts import WITHIN_S, Reader, Writer, run, shows, terminal

PASSWORD = Secret("Front-Desk-77")


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
