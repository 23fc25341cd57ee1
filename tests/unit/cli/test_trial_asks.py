"""``system try ID`` as a person at a terminal runs it: what it asks, what it keeps, and how it signs off."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.bootstrap.asked import SecretNotReadError
from launcher.bootstrap.recording import STOPPED, planned, say_left, usable_entry
from launcher.bootstrap.trial import own_credential
from launcher.cli import main
from launcher.grants.credential import Credential
from launcher.grants.names import CredentialName
from tests.shell.surfaces.site import running_site
from tests.unit.cli.test_recording import Bench
from tests.unit.demo.conftest import Served, served

__all__ = ["served"]

ROOT = Path(__file__).resolve().parents[3]


class Person:
    """A person at a terminal, who answers each question as it is asked."""

    def __init__(self, bench: Bench, process: subprocess.Popen[bytes], keys: int) -> None:
        self._officer = bench.served.officer
        self._process = process
        self._keys = keys
        self.shown = ""

    def answers(self, question: str, answer: str) -> None:
        self.reads_to(question)
        os.write(self._keys, f"{answer}\n".encode())

    def logs_on(self) -> None:
        self.answers("Name at this station: ", self._officer.user_name)
        self.answers("Password at this station: ", self._officer.password)

    def reads_to(self, text: str) -> None:
        before = len(self.shown)
        assert self._process.stdout is not None
        while text not in self.shown[before:]:
            piece = os.read(self._process.stdout.fileno(), 4096)
            assert piece, self.shown
            self.shown += piece.decode()

    def stops(self) -> str:
        """Press Ctrl C; returns what the kernel knows of the process's signals, for whoever wonders where it went."""
        self._process.send_signal(signal.SIGINT)
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return "\n".join(line for line in status.splitlines() if line.startswith(("Sig", "ShdPnd")))

    def reads_all(self) -> int:
        assert self._process.stdout is not None
        self.shown += self._process.stdout.read().decode()
        return self._process.wait()


@contextmanager
def person_at(bench: Bench, system: str, *more: str) -> Iterator[Person]:
    keys, stdin = pty.openpty()
    argv = [sys.executable, "-m", "launcher", "system", "try", system, *more]
    argv += ["--station", str(bench.where.station), "--state", str(bench.where.state)]
    with subprocess.Popen(
        argv, cwd=ROOT, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as process:
        try:
            yield Person(bench, process, keys)
        finally:
            process.kill()
            os.close(stdin)
            os.close(keys)


@pytest.fixture
def bench(served: Served, tmp_path: Path) -> Iterator[Bench]:
    yield Bench(tmp_path, served)
    for host in served.estate.accounts.values():
        host.signed_on.clear()


def without_provider(bench: Bench) -> None:
    """Make the station one whose officers have no force account."""
    text = bench.where.station.read_text()
    before, _, after = text.partition("[federated]\n")
    assert '"local", "federated"' in before
    bench.where.station.write_text(
        before.replace('"local", "federated"', '"local"') + "[web]" + after.partition("[web]")[2]
    )


def kept(bench: Bench) -> list[Path]:
    return [one for one in bench.where.state.rglob("*") if one.is_file() and "credentials" in one.parts]


@pytest.mark.needs("browser-engine")
@pytest.mark.parametrize("system", ["national-records", "incident-desk", "case-file"])
def test_what_a_system_wants_of_its_own_is_asked_for_and_kept_nowhere(bench: Bench, system: str) -> None:
    account = bench.served.account(system)
    if system == "national-records":
        # It is left so soon that the provider may not have answered yet: then its log-off is what is told in the end.
        without_provider(bench)
    with person_at(bench, system) as person:
        person.logs_on()
        person.answers(f"(nothing: what is kept here for {bench.served.officer.user_name}): ", account.user_name)
        person.answers("(kept nowhere): ", account.password)
        assert person.reads_all() == 0, person.shown
    assert "\nready after" in person.shown
    assert account.password not in person.shown
    assert kept(bench) == []
    if system == "national-records":
        off = person.shown.partition("\nready after")[2]
        assert "press PF3" in off, "the steps of the sign-off are printed, as those of the sign-on"
        assert "see logon" in off
        assert off.endswith("Signed off.\n")
        assert bench.served.estate.accounts[system].signed_on == {}


@pytest.mark.needs("browser-engine")
def test_who_types_nothing_and_has_nothing_kept_is_told_what_to_do(bench: Bench) -> None:
    with person_at(bench, "incident-desk") as person:
        person.logs_on()
        person.answers("Name at ", "")
        assert person.reads_all() == 1
    assert "which are not kept here. Type them when they are asked for" in person.shown


NOTICE = """<p id=notice>For police purposes only.</p>
<script>setInterval(async () => { if ((await fetch('/read')).ok) location = '/in' }, 100)</script>"""
ENTRY = """
name = "Notices"
kind = "web"
[web]
url = "{url}"
sign_on = "none"
[[marker]]
means = "ready"
selector = "#in"
[[marker]]
means = "notice"
selector = "#notice"
"""


@pytest.mark.needs("browser-engine")
def test_what_a_page_that_is_shown_needs_of_a_person_may_be_done_there(bench: Bench) -> None:
    with running_site("notices.localhost") as site:
        site.pages |= {"/": NOTICE, "/in": "<p id=in>In</p>"}
        (bench.catalogue / "notices.toml").write_text(ENTRY.format(url=site["/"]))
        with person_at(bench, "notices", "--show") as person:
            person.logs_on()
            person.reads_to("Do that in the window")
            site.pages["/read"] = "yes"
            assert person.reads_all() == 0, person.shown
    assert "its notice is for the officer to read and accept" in person.shown
    assert "\nready after" in person.shown


@pytest.mark.needs("browser-engine")
def test_ctrl_c_ends_the_trial_of_a_host_that_says_nothing(bench: Bench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        entry = bench.catalogue / "national-records.toml"
        place = bench.served.addresses.terminals["national-records"]
        text = entry.read_text()
        assert text.count(f"port = {place[1]}\n") == 1
        entry.write_text(text.replace(f"port = {place[1]}\n", f"port = {silent.getsockname()[1]}\n"))
        with person_at(bench, "national-records") as person:
            person.logs_on()
            person.answers("Name at ", "somebody")
            person.answers("(kept nowhere): ", "something")
            person.reads_to("Logged on as")
            signals = person.stops()
            assert person.reads_all() == STOPPED, f"{person.shown}\n{signals}"
    assert "Stopped: logging off." in person.shown
    assert "Traceback" not in person.shown


def test_only_what_a_system_wants_of_its_own_is_asked_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = bench.where.settings()
    asked: list[str] = []

    def answering(answer: str | None) -> tuple[CredentialName, Credential] | None:
        def ask(prompt: str) -> str:
            asked.append(prompt)
            if answer is None:
                raise EOFError
            return answer

        return own_credential(settings, usable_entry(settings, "national-records"), "4471", ask)

    monkeypatch.setattr("getpass.getpass", lambda _prompt: "")
    assert answering(None) is None, "nobody is there to answer"
    assert answering(" ") is None
    assert len(asked) == 2
    with pytest.raises(SecretNotReadError):
        answering("somebody")
    asked.clear()
    entry = bench.catalogue / "national-records.toml"
    entry.write_text(entry.read_text().replace('sign_on = "form"', 'sign_on = "form"\ncredential = "sign-in"'))
    assert answering("somebody") is None
    assert asked == []


def test_each_form_says_how_a_trial_left_the_host(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    _, without = planned(bench.where.settings(), "duty-log")
    target = replace(without, sign_off=None)
    for may_be_on, confirmed, said in (
        (True, True, "Signed off: the host has ended what was begun there, with the line.\n"),
        (True, False, f"Somebody may be signed on at {target.host}:{target.port} still: log off there.\n"),
        (False, False, ""),
    ):
        say_left(target, may_be_on=may_be_on, confirmed=confirmed)
        assert capsys.readouterr().out == said
    say_left(without, may_be_on=True, confirmed=True)
    assert "still: log off there" in capsys.readouterr().out, "its sign-off was not proved, whatever closed the line"


def test_a_system_without_a_terminal_is_not_tried_by_own(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    station = ["--station", str(bench.where.station)]
    assert main(["system", "try", "incident-desk", "--own", "--user", "x", *station]) == 1
    assert "has no terminal.\nTry it without --own" in capsys.readouterr().err
