"""``system try ID --record FILE`` on the demo's own hosts: what is written is a recipe that signs on, and no value."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launcher.bootstrap.parts import CONNECTORS, read_catalogue
from launcher.bootstrap.recording import STOPPED, TrialNotRecordedError, run_recording
from launcher.bootstrap.where import Where
from launcher.catalogue.check import check_folder
from launcher.connectors.base import judge_of, kinds_of
from launcher.connectors.plan import LaunchPlan, TerminalTarget
from launcher.demo.people import Account
from launcher.errors import CatalogueError
from launcher.grants.credential import Credential
from launcher.session.openers.host_call import call_terminal
from launcher.terminal.engine import Engine
from launcher.terminal.errors import TerminalLineError
from launcher.terminal.terminal import Terminal
from tests.servers import mocker3270
from tests.servers.mocker3270 import Mocker3270
from tests.unit.demo.conftest import Served, served

__all__ = ["served"]

Record = Callable[..., int]


class Bench:
    """A station whose catalogue has one entry, and a tester who says what stands in a list."""

    def __init__(self, folder: Path, served: Served) -> None:
        station = served.station_in(folder)
        self.served = served
        self.catalogue = folder / "catalogue"
        self.where = Where(station, folder / "state")
        self.file = folder / "recorded.toml"

    def without_screens(self, system: str, sign_on: str) -> None:
        """Make the entry one that has no recipe yet."""
        whole = (self.catalogue / f"{system}.toml").read_text()
        head = whole.partition("\n[[screen]]")[0]
        lines = [line for line in head.splitlines() if not line.startswith(("begins", "#"))]
        text = "\n".join(f'sign_on = "{sign_on}"' if line.startswith("sign_on") else line for line in lines)
        (self.catalogue / f"{system}.toml").write_text(text + "\n")

    def record(
        self,
        system: str,
        *said: str,
        password: str = "",
        account: Account | None = None,
        shown_as: str = "A. Okafor",
        then: type[BaseException] = EOFError,
    ) -> int:
        account = account or self.served.account(system)
        answers = iter((shown_as, *said))

        def ask(_prompt: str) -> str:
            try:
                return next(answers)
            except StopIteration:
                raise then from None

        reading, writing = os.pipe()
        with os.fdopen(writing, "w") as pipe:
            pipe.write((password or account.password) + "\n")
        return run_recording(self.where, system, account.user_name, reading, self.file, ask)

    def take_recorded(self, system: str, account: Account | None = None) -> str:
        """Put the recording in the entry's place; what the check says of it is returned, and it has no fault."""
        text = self.file.read_text()
        account = account or self.served.account(system)
        for value in (account.password, account.user_name, "Okafor", "4471"):
            assert value not in text
        (self.catalogue / f"{system}.toml").write_text(text)
        report = check_folder(self.catalogue, kinds_of(CONNECTORS), judge_of(CONNECTORS, self.where.settings()))
        assert report.passes, report.lines()
        assert not [one for one in report.lines() if "warning" in one and "0 warnings" not in one], report.lines()
        self.file.unlink()
        return text


@pytest.fixture
def bench(served: Served, tmp_path: Path) -> Iterator[Bench]:
    yield Bench(tmp_path, served)
    for host in served.estate.accounts.values():
        host.signed_on.clear()


HAND_3270 = ("1 username", "2 password", "Enter", "Enter", "ready", "1 =2", "Enter", "PF3", "PF3", "logon")


def test_a_3270_is_recorded_by_hand_and_the_recording_signs_on_and_off(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.without_screens("national-records", "none")
    # What the tester did between ready and the logon screen was not one key: the sign-off is written as it was done.
    assert bench.record("national-records", *HAND_3270) == 0
    shown = capsys.readouterr().out
    assert "field 2: row 12, column 18, 40 long, does not show what is typed" in shown
    assert bench.served.account("national-records").password not in shown
    text = bench.take_recorded("national-records")
    assert '{ value = "{username}", label = "OFFICER" }' in text
    assert '{ value = "{password}", hidden = true }' in text
    assert 'sign_on = "form"' in text
    assert bench.served.estate.accounts["national-records"].signed_on == {}

    # By its own recipe now: the same road again, with nothing to be said.
    bench.without_screens("national-records", "none")
    assert bench.record("national-records", *HAND_3270[:5], "PF3", "logon") == 0
    text = bench.take_recorded("national-records")
    assert 'name = "anything"\npress = "PF3"\nnext = ["anything", "logon"]' in text
    assert bench.record("national-records") == 0
    again = bench.take_recorded("national-records")
    assert 'means = "ready"' in again
    assert bench.served.estate.accounts["national-records"].signed_on == {}
    assert read_catalogue(bench.where.settings()).entry("national-records") is not None


def test_a_refusal_and_a_notice_are_recorded_and_the_recording_knows_them(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    system = "national-records"
    bench.without_screens(system, "none")
    host = bench.served.estate.accounts[system]
    account = host.by_name[bench.served.account(system).user_name]
    account.notice = True
    refused = ("1 username", "2 wrong", "Enter", "ready", "failed")
    said = ("1 username", "2 password", "Enter", "notice", "PF5", "Enter", "ready", "PF3", "logon")
    assert bench.record(system, *refused, *said) == 0
    shown = capsys.readouterr().out
    assert "was given a password that is none: say failed" in shown, "what it shows is no proof of anything else"
    assert "The host is called again" in shown
    assert "what the host shows for a wrong password is not in it" not in shown
    assert host.signed_on == {}
    text = bench.take_recorded(system)
    assert 'next = ["notice", "screen-3", "refused"]' in text
    assert 'means = "notice"\nsays = "Read it, and press PF5."' in text
    assert '"OFFICER OR PASSWORD NOT KNOWN", row = 22, column = 8 }]' in text, "its number is not written down"
    assert 'means = "failed"\nsays_row = 22' in text
    assert "begins" not in text
    assert text.count("{password}") == 1

    assert bench.record(system) == 0, "the notice was read, and does not come again"
    bench.file.unlink()
    assert bench.record(system, password="not-the-password") == 1
    assert "failed: NR012 OFFICER OR PASSWORD NOT KNOWN." in capsys.readouterr().out
    account.notice = True
    assert bench.record(system) == 1
    assert "notice: Read it, and press PF5." in capsys.readouterr().out
    account.notice = False


def test_a_notice_before_everything_is_where_the_sign_on_may_begin(bench: Bench) -> None:
    bench.without_screens("duty-log", "password")
    assert bench.record("duty-log", "notice", "Enter", "ready", "F10", "logon") == 0
    assert 'begins = ["notice", "ready"]' in bench.take_recorded("duty-log")


def test_a_host_that_cannot_be_called_again_ends_the_recording(
    bench: Bench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.without_screens("national-records", "none")
    calls = iter((True, False))

    async def once(plan: LaunchPlan, target: TerminalTarget, credential: Credential) -> Terminal[Engine]:
        if next(calls):
            return await call_terminal(plan, target, credential)
        raise TerminalLineError("The host does not answer.")

    monkeypatch.setattr("launcher.bootstrap.recording.call_terminal", once)
    assert bench.record("national-records", "1 username", "2 wrong", "Enter", "failed", "1 username") == 1
    shown = capsys.readouterr().out
    assert "The host does not answer.\nNothing was written" in shown
    assert "still: log off there" not in shown


@pytest.mark.parametrize("system", ["national-records", "duty-log"])
def test_an_entry_with_screens_is_recorded_by_them_and_nothing_is_asked(bench: Bench, system: str) -> None:
    assert bench.record(system) == 0
    text = bench.take_recorded(system)
    assert ("begins" in text, 'means = "logon"' in text) == (False, True)
    assert bench.record(system) == 0


def test_menus_over_ssh_are_recorded_by_hand(bench: Bench) -> None:
    bench.without_screens("duty-log", "password")
    assert bench.record("duty-log", "ready", "F10", "logon") == 0
    text = bench.take_recorded("duty-log")
    assert 'before_cursor = "Name:"' in text
    assert 'text = ["DUTY LOG"' in text
    assert "row = " not in text, "its tab has as many rows as there is room for"
    assert bench.record("duty-log") == 0
    assert bench.served.estate.accounts["duty-log"].signed_on == {}


def test_a_prompt_is_recorded_with_what_was_typed_there(bench: Bench) -> None:
    bench.without_screens("duty-log", "password")
    entry = bench.catalogue / "duty-log.toml"
    entry.write_text(entry.read_text() + 'user = "terminal"\n')
    said = ("username", "Enter", "password", "Enter", "ready", "F10", "logon")
    assert bench.record("duty-log", *said) == 0
    text = bench.take_recorded("duty-log")
    assert 'before_cursor = "Password:"\nfill = [{ value = "{password}" }]' in text


@pytest.mark.parametrize("beyond_ssh", [False, True])
def test_the_end_of_a_line_proves_no_sign_off_of_what_was_signed_on_to_beyond_it(
    bench: Bench, beyond_ssh: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.without_screens("duty-log", "password")
    entry = bench.catalogue / "duty-log.toml"
    if beyond_ssh:
        entry.write_text(entry.read_text() + 'user = "terminal"\n')
    said = ("username", "Enter", "password", "Enter") if beyond_ssh else ()
    bench.record("duty-log", *said, "ready", "quit")
    shown = capsys.readouterr().out
    assert ("Somebody may be signed on at " in shown, "Signed off: " in shown) == (beyond_ssh, not beyond_ssh)


def test_a_host_that_nobody_here_wrote_is_recorded(bench: Bench, mocker_host: Mocker3270) -> None:
    """It ends the line after its last screen, and its keyboard stays locked there."""
    (bench.catalogue / "stock-records.toml").write_text(
        f"""\
name = "Stock Records"
kind = "terminal"

[terminal]
line = "tn3270"
host = "duty-log.localhost"
port = {mocker_host.port}
tls = false
code_page = "cp037"
sign_on = "none"
"""
    )
    account = Account(mocker3270.USER, mocker3270.PASSWORD)
    said = ("1 username", "2 password", "Enter", "ready", "PF3", "logon")
    assert bench.record("stock-records", *said, account=account) == 0
    text = bench.take_recorded("stock-records", account)
    assert '{ value = "{password}", hidden = true }' in text
    assert bench.record("stock-records", account=account) == 0
    assert 'means = "ready"' in bench.take_recorded("stock-records", account)


def test_what_cannot_be_done_is_said_and_the_tester_goes_on(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.without_screens("national-records", "none")
    account = bench.served.account("national-records")
    refused = {
        "9 username": "The screen has no input field 9.",
        "1 password": "the field would show it",
        "username": "Say which field, as in 1 username.",
        "usrname": "Unknown key 'usrname'; help says what else can be said.",
        "PF99": "Unknown key 'PF99', did you mean '",
        "logon": "Say ready first",
        "failed": "The host was given nothing yet that it could refuse.",
        "notice": "the password was not given yet: press the key that goes on instead",
        f"1 ={account.user_name}": "say username, or password",
        f"1 =x{account.password}": "say username, or password",
        "2 =abc": "is not shown, and so not written down",
        "1 ={{otp}}": "has no braces",
        "1 =a\x7fb": "no keys in it",
    }
    assert bench.record("national-records", *refused, "look", "help", "quit") == 1
    shown = left = capsys.readouterr().out
    for word, answer in refused.items():
        _, told, left = left.partition(answer)
        assert told, f"{word}: {shown}"
    assert shown.count("nobody is signed on; the recording is written") == 2
    assert "still: log off there" not in shown, "nobody can be signed on"
    assert "Nothing was written" in shown
    assert account.password not in shown
    assert not bench.file.exists()


def test_who_stops_is_told_where_somebody_may_be_signed_on(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.without_screens("national-records", "none")
    for said, may_be in ((("1 username",), True), ((), False)):
        assert bench.record("national-records", *said, then=KeyboardInterrupt) == STOPPED
        shown = capsys.readouterr().out
        assert "Stopped: nothing was written." in shown
        assert ("Somebody may be signed on at national-records.localhost:" in shown) == may_be
        assert not bench.file.exists()


def test_a_screen_that_nothing_tells_from_the_one_before_is_doubted_once(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.without_screens("national-records", "none")
    # The menu is met twice on the way.
    said = ("1 username", "2 password", "Enter", "Enter", "1 =2", "Enter", "PF3", "ready", "ready", "PF3", "logon")
    assert bench.record("national-records", *said) == 0
    shown = capsys.readouterr().out
    assert shown.count("Nothing that may be written down tells this screen from those before it") == 1
    assert "Nothing tells the screen ready from screen-3: give it a text of its own by hand." in shown
    assert "\n# Nothing tells the screen ready from screen-3: " in bench.file.read_text()


def test_a_label_with_the_officers_name_in_it_is_not_written(bench: Bench) -> None:
    bench.without_screens("national-records", "none")
    assert bench.record("national-records", *HAND_3270, shown_as="Officer") == 0
    text = bench.take_recorded("national-records")
    assert '{ value = "{username}", input = 1 }' in text
    assert "OFFICER" not in text


def test_a_refused_sign_on_writes_nothing(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.record("national-records", password="not-the-password") == 1
    shown = capsys.readouterr().out
    assert "failed: NR012 OFFICER OR PASSWORD NOT KNOWN." in shown
    assert "still: log off there" not in shown
    assert not bench.file.exists()


def test_what_cannot_be_recorded_is_refused_before_anything_is_asked(bench: Bench) -> None:
    (bench.catalogue / "warrants.toml").write_text("name = 1")
    for system, refused, said in (
        ("warrants", CatalogueError, "has faults"),
        ("custody-record", TrialNotRecordedError, "has no terminal"),
        ("duty-logs", CatalogueError, "unknown system 'duty-logs', did you mean 'duty-log'"),
    ):
        with pytest.raises(refused, match=said):
            run_recording(bench.where, system, "x", None, bench.file, ask=input)
    bench.file.write_text("mine")
    with pytest.raises(TrialNotRecordedError, match="not written over"):
        run_recording(bench.where, "duty-log", "x", None, bench.file, ask=input)
    assert bench.file.read_text() == "mine"
    with pytest.raises(TrialNotRecordedError, match="Nothing can be written"):
        run_recording(bench.where, "duty-log", "x", None, bench.file.parent / "no" / "x.toml", ask=input)
