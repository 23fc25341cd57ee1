"""A log whose folder hangs stops no session: what waits is bounded, what is missing is said, what is there is whole."""

from __future__ import annotations

import logging
import threading
from functools import partial
from pathlib import Path

import pytest

from launcher.terminal.keys import Key
from launcher.terminal.log_thread import LogThread
from launcher.terminal.session_log import SessionLog
from tests.servers.sshd import Sshd
from tests.unit.terminal.hosts import WITHIN_S, Reader, Writer, run, shows, terminal
from tests.unit.terminal.test_pacing import at_a_shell


class Hangs:
    """A folder that takes a new file only once it is let go."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.goes_on = threading.Event()

    def open(self) -> SessionLog:
        self.goes_on.wait(WITHIN_S)
        return SessionLog(self.file, "records:23")


async def pages(reader: Reader, writer: Writer) -> None:
    """Show page after page, the next one at each key, and end the line after page 20."""
    for page in range(1, 21):
        writer.write(b"\x1b[H\x1b[2JPage %d." % page)
        await reader.readuntil(b"\r\0")


def test_a_folder_that_hangs_stops_nothing_and_what_it_takes_in_the_end_is_complete(tmp_path: Path) -> None:
    folder = Hangs(tmp_path / "log")

    async def story() -> None:
        async with terminal(pages, session_log=LogThread(folder.open, "records")) as made:
            for page in range(1, 21):
                await made.wait_for(shows(f"Page {page}."), WITHIN_S)
                made.press(Key("Enter"))
            await made.ended()
            assert not folder.file.exists()
            folder.goes_on.set()
        written = folder.file.read_text()  # when it was closed: nobody has to wait for it
        assert [page for page in range(1, 21) if f"Page {page}.\n" in written] == list(range(1, 21))
        assert "missing" not in written

    run(story())


def test_what_does_not_fit_is_missing_where_it_would_be_and_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("launcher.terminal.log_thread.MOST_WAITING", 5)
    folder = Hangs(tmp_path / "log")

    async def story() -> None:
        async with terminal(pages, session_log=LogThread(folder.open, "records")) as made:
            for page in range(1, 21):
                await made.wait_for(shows(f"Page {page}."), WITHIN_S)
                made.press(Key("Enter"))
            await made.ended()
            folder.goes_on.set()

    with caplog.at_level(logging.WARNING):
        run(story())
    written = folder.file.read_text()
    assert all(f"Page {page}." in written for page in range(1, 6))
    assert "Page 6." not in written
    assert written.endswith("screens are missing here: they came faster than they could be written\n")
    assert caplog.text.count("a session log lacks screens") == 1


def test_a_folder_that_hangs_for_good_keeps_nobody_from_closing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("launcher.terminal.terminal._CLOSING_S", 0.1)
    folder = Hangs(tmp_path / "log")

    async def story() -> None:
        async with terminal(pages, session_log=LogThread(folder.open, "records")) as made:
            await made.wait_for(shows("Page 1."), WITHIN_S)

    run(story())
    folder.goes_on.set()
    assert "a session log was not written to its end in time" in caplog.text


def test_a_log_that_cannot_be_opened_is_said_and_the_officer_works_without(
    tmp_path: Path, ssh_host: Sshd, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        for folder in ("nowhere", "no \0 file"):
            log = LogThread(partial(SessionLog, tmp_path / folder / "log", "records:23"), "records")
            async with at_a_shell(ssh_host, session_log=log) as made:
                made.type("echo still-here")
                made.press(Key("Enter"))
                await made.wait_for(shows("still-here"), WITHIN_S)

    run(story())
    assert "a session log cannot be written: No such file or directory" in caplog.text
    assert "a session log cannot be written: ValueError" in caplog.text
