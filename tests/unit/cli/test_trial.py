"""What a trial says of what outlives it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from launcher.bootstrap.trial import _NoStation
from launcher.cli import main
from launcher.wire.messages import LeavingPhase, LeftSignedOn


def test_a_log_off_that_was_not_confirmed_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    station = _NoStation()
    station.tell(LeavingPhase(phase="sign_off"))
    station.tell(LeftSignedOn(systems=("Force account",)))
    assert capsys.readouterr().out == "Left signed on: Force account. The log-off there was not confirmed.\n"


def test_a_trial_that_nobody_answers_says_how_to_name_the_officer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "catalogue").mkdir()
    entry = 'name = "Records"\nkind = "terminal"\n[terminal]\nhost = "127.0.0.1"\nline = "tn3270"\nsign_on = "none"\n'
    (tmp_path / "catalogue" / "records.toml").write_text(entry)
    file = tmp_path / "station.toml"
    file.write_text('[station]\nterminal = "FD-02"\n[sign_in]\nmethods = ["local"]\n[local]\n')
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["system", "try", "records", "--station", str(file), "--state", str(tmp_path / "state")]) == 1
    assert "give one with --user" in capsys.readouterr().err
