"""A station file is checked once for as long as it, the policy over it and the rules stay what they were."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.policy import checked_before
from launcher.policy.checked_before import CheckedBefore, KeptLimits
from launcher.policy.station_file import load

GOOD = """
[station]
terminal = "FD-02"
place = "Custody"
[sign_in]
methods = ["local"]
[local]
[limits]
heartbeat_s = "0.5"
end_within_s = 4
[lock]
idle_s = 120
warn_s = 0
[lock.places."Custody"]
idle_s = 30
"""
LIMITS = KeptLimits(0.5, 3.0, 4.0, 5.0, 43200.0, 7200.0, 30.0, 600.0, 30.0, 0.0, 300.0)


class Place:
    """A station file, a machine policy and the note of the start before."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "station.toml"
        self.policy = folder / "policy.toml"
        self.note = folder / "checked-before"
        self.file.write_text(GOOD)

    def start(self) -> CheckedBefore:
        return CheckedBefore(self.note, self.file, self.policy)

    def check(self) -> None:
        self.start().passed(load(self.file, self.policy))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_file_that_passed_is_not_checked_again_and_its_limits_are_those_that_were_checked(place: Place) -> None:
    assert place.start().limits is None
    place.check()
    assert place.start().limits == LIMITS
    assert stat.S_IMODE(place.note.stat().st_mode) == 0o600
    assert sorted(one.name for one in place.note.parent.iterdir()) == ["checked-before", "station.toml"]


def test_any_change_asks_for_a_check(place: Place) -> None:
    place.check()
    place.file.write_text(GOOD + "\n")
    assert place.start().limits is None
    place.check()
    assert place.start().limits == LIMITS
    place.policy.write_text("[limits]\nheartbeat_s = 2\n")
    assert place.start().limits is None
    place.check()
    assert place.start().limits == replace(LIMITS, heartbeat_s=2.0)
    place.policy.unlink()
    assert place.start().limits is None


def test_another_file_with_the_same_words_is_checked(place: Place, tmp_path: Path) -> None:
    place.check()
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "station.toml"
    other.write_text(GOOD)
    assert CheckedBefore(place.note, other, place.policy).limits is None


def test_other_rules_ask_for_a_check(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.check()
    monkeypatch.setattr(checked_before, "__version__", "another")
    assert place.start().limits is None


def test_the_rules_are_told_apart_by_the_files_that_hold_them(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rules_of_a_test").mkdir()
    rules = tmp_path / "rules_of_a_test" / "__init__.py"
    rules.write_text("A = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(checked_before, "_RULES", ("rules_of_a_test",))
    place.check()
    assert place.start().limits == LIMITS
    rules.write_text("A = 11\n")
    assert place.start().limits is None


def test_a_file_that_changed_while_it_was_checked_is_not_noted(place: Place) -> None:
    start = place.start()
    settings = load(place.file, place.policy)
    place.file.write_text("what nobody checked")
    start.passed(settings)
    assert not place.note.exists()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"0.5 3.0 4.0",  # an earlier release's
        b"1 1 1 1 1 1 1 1 1 1 1 1",
        b"nan 1 1 1 1 1 1 1 1 1 1",
        b"1 -3.0 1 1 1 1 1 1 1 1 1",
        b"1 1 1 1 1 0 1 1 1 1 1",
        b"1 1 1 1 1 1 1 1 1 1 inf",
        b"a b c",
    ],
)
def test_a_note_that_is_no_note_is_passed_over(place: Place, line: bytes) -> None:
    place.check()
    _, _, rest = place.note.read_bytes().partition(b"\n")
    place.note.write_bytes(line + b"\n" + rest)
    assert place.start().limits is None


def test_what_cannot_be_read_or_written_is_checked_each_time(place: Place, tmp_path: Path) -> None:
    place.note.mkdir()
    place.check()
    assert place.start().limits is None
    assert CheckedBefore(tmp_path / "no folder" / "note", place.file, place.policy).limits is None
    place.check()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["checked-before", "station.toml"]
    assert CheckedBefore(place.note, tmp_path / "missing.toml", place.policy).limits is None
    place.file.write_bytes(b"#" * (1024 * 1024 + 1))
    assert place.start().limits is None
