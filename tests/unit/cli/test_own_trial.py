"""``system try ID --own``: a host is tried with a name and password of its own, which nothing keeps."""

from __future__ import annotations

import getpass
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.bootstrap.asked import SecretNotReadError, read_secret
from launcher.bootstrap.own_trial import run_own_trial
from launcher.bootstrap.recording import STOPPED
from launcher.cli import main
from tests.unit.cli.test_recording import Bench
from tests.unit.demo.conftest import Served, served

__all__ = ["served"]


@pytest.fixture
def bench(served: Served, tmp_path: Path) -> Iterator[Bench]:
    yield Bench(tmp_path, served)
    for host in served.estate.accounts.values():
        host.signed_on.clear()


def on_a_descriptor(password: str) -> int:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as pipe:
        pipe.write(password + "\n")
    return reading


def tried(bench: Bench, system: str, password: str = "") -> int:
    account = bench.served.account(system)
    reading = on_a_descriptor(password or account.password)
    return run_own_trial(bench.where, system, None, reading, lambda _prompt: account.user_name)


@pytest.mark.parametrize("system", ["national-records", "duty-log"])
def test_a_host_is_signed_on_and_off_with_what_is_asked_and_nothing_is_kept(
    bench: Bench, capsys: pytest.CaptureFixture[str], system: str
) -> None:
    assert tried(bench, system) == 0
    shown = capsys.readouterr().out
    assert "ready: " in shown
    assert shown.endswith("Signed off.\n")
    assert "step " in shown
    assert bench.served.account(system).password not in shown
    assert bench.served.estate.accounts[system].signed_on == {}
    assert not bench.where.state.exists()


def test_a_wrong_password_is_said_as_the_host_says_it(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert tried(bench, "national-records", "not-the-password") == 1
    shown = capsys.readouterr().out
    assert "failed: NR012 OFFICER OR PASSWORD NOT KNOWN." in shown
    assert "still: log off there" not in shown


def test_a_value_that_does_not_fit_is_named_with_its_field_and_screen(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    account, reading = bench.served.account("national-records"), on_a_descriptor("x" * 41)
    words = ["--station", str(bench.where.station), "--state", str(bench.where.state), "--password-fd", str(reading)]
    assert main(["system", "try", "national-records", "--own", "--user", account.user_name, *words]) == 1
    shown = capsys.readouterr()
    assert "longer than its field, which holds 40 characters" in shown.err
    line = next(line for line in shown.out.splitlines() if "refused:" in line)
    assert "fill the hidden field with {password}" in line
    assert "screen 'logon'" in line


def test_ctrl_c_at_a_question_ends_it_with_a_sentence(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    def ask(_prompt: str) -> str:
        raise KeyboardInterrupt

    assert run_own_trial(bench.where, "duty-log", None, None, ask) == STOPPED
    assert "Stopped." in capsys.readouterr().out


def test_what_the_policy_forbids_is_said_with_its_place(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    entry = 'name = "Old"\nkind = "terminal"\n[terminal]\nhost = "old.example"\nline = "telnet"\nsign_on = "form"\n'
    (bench.catalogue / "old.toml").write_text(entry)
    station = ["--station", str(bench.where.station)]
    for more in ([], ["--own"], ["--record", str(bench.file)]):
        assert main(["system", "try", "old", "--user", "x", *station, *more]) == 1
        said = capsys.readouterr().err
        assert "The entry of old" in said
        assert f"{bench.catalogue / 'old.toml'}:" in said
        assert "the policy does not allow" in said


def test_nothing_typed_at_the_prompt_is_said_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "")
    with pytest.raises(SecretNotReadError) as fault:
        read_secret("Password: ", None)
    assert "typed" in fault.value.message
    assert "descriptor" not in fault.value.next_step
    with pytest.raises(SecretNotReadError, match="given is empty"):
        read_secret("Password: ", on_a_descriptor(""))
    with pytest.raises(SecretNotReadError, match="Nothing could be read"):
        read_secret("Password: ", -1)


def test_where_no_terminal_hides_it_nothing_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in ``</dev/null``: Python would warn in words of its own, and read on."""

    def unseen(_prompt: str) -> str:
        warnings.warn("Can not control echo on the terminal.", getpass.GetPassWarning, stacklevel=2)
        return "shown"

    monkeypatch.setattr("getpass.getpass", unseen)
    with pytest.raises(SecretNotReadError, match="no terminal here") as fault:
        read_secret("Password: ", None)
    assert "--code-fd" in fault.value.next_step
