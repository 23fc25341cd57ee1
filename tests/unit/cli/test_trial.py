"""What a trial says of what outlives it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from launcher.bootstrap.trial import _NoStation
from launcher.cli import main
from launcher.wire.messages import LeavingPhase, LeftSignedOn, SignedOnAt


def test_a_log_off_that_was_not_confirmed_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    station = _NoStation()
    station.tell(LeavingPhase(phase="sign_off"))
    station.tell(LeftSignedOn(systems=("Force account",)))
    assert capsys.readouterr().out == "Left signed on: Force account. The log-off there was not confirmed.\n"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param([("desk:23",)], [()], "Signed off.\n", id="proved"),
        pytest.param([("desk:23",), ()], [], "", id="refused before, so nobody was on"),
        pytest.param([("desk:23",)], [], "Somebody may be signed on still: desk:23. Log off there.\n", id="died"),
        pytest.param([], [], "", id="never on"),
    ],
)
def test_a_sign_off_is_said_as_far_as_it_is_known(
    before: list[tuple[str, ...]], after: list[tuple[str, ...]], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    station = _NoStation()
    for systems in before:
        station.tell(SignedOnAt(systems=systems))
    station.log_off_begins()
    for systems in after:
        station.tell(SignedOnAt(systems=systems))
    station.say_signed_off()
    assert capsys.readouterr().out == said


def test_where_somebody_is_left_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    station = _NoStation()
    station.tell(SignedOnAt(systems=("desk:23",)))
    station.log_off_begins()
    station.tell(LeftSignedOn(systems=("desk:23",)))
    station.say_signed_off()
    assert capsys.readouterr().out == "Left signed on: desk:23. The log-off there was not confirmed.\n"


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


def test_a_page_is_shown_where_there_is_a_display_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "station.toml"
    file.write_text('[station]\nterminal = "FD-02"\n[sign_in]\nmethods = ["local"]\n[local]\n')
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main(["system", "try", "records", "--show", "--station", str(file), "--state", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("There is no display to show the page on.")
    assert "without --show" in said
