"""``system try ID --record FILE`` on hosts that nobody here wrote: the recording signs on and off, and has no value."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import chain, repeat
from pathlib import Path

import pytest

from launcher.bootstrap.parts import CONNECTORS
from launcher.bootstrap.recording import run_recording
from launcher.bootstrap.where import Where
from launcher.catalogue.check import check_folder
from launcher.connectors.base import judge_of, kinds_of
from tests.servers import linux3270, mocker3270, unix_host
from tests.servers.linux3270 import Linux3270
from tests.servers.mocker3270 import Mocker3270
from tests.servers.people import PASSWORD
from tests.servers.sshd import Sshd
from tests.servers.telnetd import Telnetd

STATION = """\
[station]
terminal = "FD-02"
catalogue = "catalogue"

[sign_in]
methods = ["local"]

[local]
officers_file = "officers.toml"

[terminals]
known_hosts = "known_hosts"
"""


class Bench:
    """A station with one entry, ``[terminal]`` and no screens, and a tester who says what stands in a list."""

    def __init__(self, folder: Path, entry: str, account: tuple[str, str], known_hosts: str = "") -> None:
        (folder / "station.toml").write_text(STATION)
        (folder / "known_hosts").write_text(known_hosts)
        (folder / "catalogue").mkdir()
        self.catalogue = folder / "catalogue"
        self.entry = self.catalogue / "host.toml"
        self.entry.write_text(f'name = "A host"\nkind = "terminal"\n\n[terminal]\nhost = "localhost"\n{entry}')
        self.account = account
        self.where = Where(folder / "station.toml", folder / "state")
        self.file = folder / "recorded.toml"

    def record(self, said: Iterable[str] = (), password: str = "") -> int:
        answers = chain(("An officer",), said)

        def ask(_prompt: str) -> str:
            try:
                return next(answers)
            except StopIteration:
                raise EOFError from None

        reading, writing = os.pipe()
        with os.fdopen(writing, "w") as pipe:
            pipe.write((password or self.account[1]) + "\n")
        return run_recording(self.where, "host", self.account[0], reading, self.file, ask)

    def take_recorded(self, *completed: tuple[str, str]) -> str:
        """Put the recording in the entry's place, completed by hand; the check has no fault and no warning."""
        text = self.file.read_text()
        self.file.unlink()
        for value in self.account:
            assert value not in text
        for old, new in completed:
            assert text.count(old) == 1, text
            text = text.replace(old, new)
        self.entry.write_text(text)
        report = check_folder(self.catalogue, kinds_of(CONNECTORS), judge_of(CONNECTORS, self.where.settings()))
        assert report.lines() == ["1 entry can be used, 0 faults, 0 warnings."]
        return text


def console(folder: Path, host: Linux3270) -> Bench:
    entry = f'line = "tn3270"\nport = {host.port}\ntls = false\ncode_page = "cp037"\nsign_on = "none"\n'
    return Bench(folder, entry, (linux3270.USER, linux3270.PASSWORD))


REFUSED = """
[[screen]]
name = "refused"
text = ["Login incorrect"]
means = "failed"
"""


def test_a_console_that_writes_line_by_line_is_recorded_by_texts_in_any_row(
    tmp_path: Path, linux_host: Linux3270, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = console(tmp_path, linux_host)

    def said() -> Iterable[str]:
        while f"{linux3270.HOST_NAME} login:" not in capsys.readouterr().out:
            yield "look"
        yield from ("1 username", "Enter")
        while "does not show what is typed" not in capsys.readouterr().out:
            yield "look"
        yield from ("1 password", "Enter")
        while "built-in commands" not in capsys.readouterr().out:
            yield "look"
        yield from ("ready", "1 =exit", "Enter")
        # The words of the log-on stand there until the console is cleared, and so does what came after them.
        while f"{linux3270.HOST_NAME} login:" not in (shown := capsys.readouterr().out) or "built-in" in shown:
            yield "look"
        yield from repeat("logon")

    assert bench.record(said()) == 0
    said_last = capsys.readouterr().out
    assert "The screen logon has no text that no other has: give it one by hand." in said_last, bench.file.read_text()
    off, text = "[terminal.sign_off]", bench.file.read_text()
    assert "row = " not in text, "what it writes stands in another row the next time"
    assert "# The screen logon has no text that no other has" in text.partition(off)[2]
    text = bench.take_recorded(
        ('next = ["ready"]', 'next = ["ready", "refused"]'),
        ("\n[terminal.sign_off]\n", REFUSED + "\n[terminal.sign_off]\n"),
    )
    assert bench.record() == 0
    bench.take_recorded()
    bench.entry.write_text(text)
    assert bench.record(password="not-the-password") == 1
    assert "failed: " in capsys.readouterr().out
    assert not bench.file.exists()


def test_a_login_shell_is_recorded_by_its_prompt(
    tmp_path: Path, ssh_host: Sshd, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = f'line = "ssh"\nport = {ssh_host.port}\nsign_on = "password"\n'
    bench = Bench(tmp_path, entry, (unix_host.USER, PASSWORD), ssh_host.known_hosts)
    assert bench.record(("ready", "Ctrl+D")) == 0
    shown = capsys.readouterr().out
    assert "The host has closed the line. Say logon if that proves that nobody is signed on there" in shown
    assert "The sign-off was not recorded." in shown
    bench.file.unlink()
    assert bench.record(("ready", "Ctrl+D", "logon")) == 0
    text = bench.take_recorded()
    assert 'before_cursor = "$"\nmeans = "ready"' in text
    assert 'line_end = true\n\n[[terminal.sign_off.screen]]\nname = "anything"\npress = "Ctrl+D"' in text
    assert bench.record() == 0


def test_prompts_over_telnet_are_recorded(
    tmp_path: Path, telnet_host: Telnetd, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = Bench(
        tmp_path, f'line = "telnet"\nport = {telnet_host.port}\nsign_on = "none"\n', (unix_host.USER, PASSWORD)
    )

    def said() -> Iterable[str]:
        yield from ("username", "Enter")
        while "Password:" not in capsys.readouterr().out:
            yield "look"
        yield from ("wrong", "Enter")
        while "Login incorrect" not in capsys.readouterr().out:
            yield "look"
        yield from ("failed", "username", "Enter")
        while "Password:" not in capsys.readouterr().out:
            yield "look"
        yield "=a literal"
        assert "not shown" in capsys.readouterr().out
        yield from ("password", "Enter")
        while unix_host.PROMPT.strip() not in capsys.readouterr().out:
            yield "look"
        yield from ("ready", "Ctrl+D", "logon")

    assert bench.record(said()) == 0
    text = bench.take_recorded()
    assert 'before_cursor = "Password:"\nfill = [{ value = "{password}" }]' in text
    assert 'text = ["Login incorrect"]' in text
    assert bench.record() == 0
    bench.file.unlink()
    assert bench.record(password="not-the-password") == 1
    assert "failed: " in capsys.readouterr().out


def test_a_host_that_hangs_up_after_its_last_screen_is_recorded(tmp_path: Path, mocker_host: Mocker3270) -> None:
    entry = f'line = "tn3270"\nport = {mocker_host.port}\ntls = false\ncode_page = "cp037"\nsign_on = "none"\n'
    bench = Bench(tmp_path, entry, (mocker3270.USER, mocker3270.PASSWORD))
    assert bench.record(("1 username", "2 password", "Enter", "ready", "PF3", "logon")) == 0
    text = bench.take_recorded()
    assert '{ value = "{password}", hidden = true }' in text
    assert "line_end = true" in text
    assert bench.record() == 0
