"""What the README shows can be used as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from launcher.bootstrap.parts import CONNECTORS
from launcher.catalogue.check import check_folder
from launcher.connectors.base import judge_of, kinds_of
from launcher.policy.station_file import load

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The worked station file with the worked entries in its catalogue."""
    station, *entries = re.findall(r"^```toml\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    (tmp_path / "station.toml").write_text(station, encoding="utf-8")
    (tmp_path / "catalogue").mkdir()
    names = re.findall(r"`catalogue/([a-z-]+\.toml)`", README)
    for name, entry in zip(names, entries, strict=True):
        (tmp_path / "catalogue" / name).write_text(entry, encoding="utf-8")
    return tmp_path


def test_the_worked_station_file_and_entries_have_no_fault(written: Path) -> None:
    settings = load(written / "station.toml", written / "no-policy.toml")
    report = check_folder(settings.station.catalogue, kinds_of(CONNECTORS), judge_of(CONNECTORS, settings))
    assert report.passes, "\n".join(report.lines())
    assert [entry.id for entry in report.catalogue.entries] == ["custody-record", "dispatch-log", "national-records"]


def test_what_it_points_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("https://") or (ROOT / target).exists(), target
