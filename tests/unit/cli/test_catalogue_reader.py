"""A spare reads the catalogue before anybody types, and again only when a file has changed."""

from __future__ import annotations

from pathlib import Path

from launcher.bootstrap.parts import CatalogueReader
from launcher.policy.station_file import load

STATION = '[station]\nterminal = "T1"\ncatalogue = "entries"\n[sign_in]\nmethods = ["local"]\n[local]\n'
ENTRY = 'name = "{name}"\nkind = "web"\n[web]\nurl = "https://one.localhost/"\nsign_on = "none"\n'


def test_an_unchanged_folder_is_read_once_and_a_changed_one_again(tmp_path: Path) -> None:
    (tmp_path / "station.toml").write_text(STATION, encoding="utf-8")
    entries = tmp_path / "entries"
    entries.mkdir()
    (entries / "one.toml").write_text(ENTRY.format(name="One"), encoding="utf-8")
    read = CatalogueReader(load(tmp_path / "station.toml", tmp_path / "no-policy.toml"))
    first = read()
    assert [entry.name for entry in first.entries] == ["One"]
    assert read() is first
    (entries / "two.toml").write_text(ENTRY.format(name="Two, a longer name"), encoding="utf-8")
    assert [entry.name for entry in read().entries] == ["One", "Two, a longer name"]
    (entries / "one.toml").write_text(ENTRY.format(name="Number one"), encoding="utf-8")
    assert "Number one" in [entry.name for entry in read().entries]
    (entries / "two.toml").unlink()
    assert len(read().entries) == 1


def test_a_folder_that_went_away_is_a_fault_and_comes_back(tmp_path: Path) -> None:
    (tmp_path / "station.toml").write_text(STATION, encoding="utf-8")
    read = CatalogueReader(load(tmp_path / "station.toml", tmp_path / "no-policy.toml"))
    assert read().faults
    entries = tmp_path / "entries"
    entries.mkdir()
    (entries / "one.toml").write_text(ENTRY.format(name="One"), encoding="utf-8")
    assert [entry.name for entry in read().entries] == ["One"]


def test_a_keyboard_map_that_has_changed_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "station.toml").write_text(STATION, encoding="utf-8")
    entries = tmp_path / "entries"
    (entries / "keyboards").mkdir(parents=True)
    (entries / "keyboards" / "desk.toml").write_text('family = "vt"\n[keys]\n"Pause" = "F13"\n', encoding="utf-8")
    read = CatalogueReader(load(tmp_path / "station.toml", tmp_path / "no-policy.toml"))
    first = read().keyboards["desk"]
    assert first is not None
    assert first.keys == (("Pause", "F13"),)
    (entries / "keyboards" / "desk.toml").write_text('family = "vt"\n[keys]\n"Pause" = "Help"\n', encoding="utf-8")
    second = read().keyboards["desk"]
    assert second is not None
    assert second.keys == (("Pause", "Help"),)
