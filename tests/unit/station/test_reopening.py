"""What an officer had open is noted as ids, told once and forgotten."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from launcher.station.reopening import MAX_BYTES, MAX_NOTES, MAX_SYSTEMS, Reopening


def test_it_is_told_once(tmp_path: Path) -> None:
    notes = Reopening(tmp_path)
    notes.note("ldap:x#1", ("custody", "anpr", "custody"))
    notes.note("ldap:x#2", ("warrants",))
    folder = tmp_path / "reopen"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    assert all("ldap" not in file.name for file in folder.iterdir())
    assert Reopening(tmp_path).take("ldap:x#1") == ("custody", "anpr")
    assert notes.take("ldap:x#1") == ()
    assert notes.take("ldap:x#2") == ("warrants",)
    assert list(folder.iterdir()) == []


def test_the_newest_counts_and_nothing_open_is_no_note(tmp_path: Path) -> None:
    notes = Reopening(tmp_path)
    notes.note("a", ("custody",))
    notes.note("a", ("anpr",))
    assert notes.take("a") == ("anpr",)
    notes.note("a", ("custody",))
    notes.note("a", ())
    assert notes.take("a") == ()
    notes.note("a", ("custody",))
    notes.forget("a")
    assert notes.take("a") == ()


def test_what_is_no_id_is_not_noted_and_there_is_an_end(tmp_path: Path) -> None:
    notes = Reopening(tmp_path)
    notes.note("a", ("../etc", "x" * 200, "", "two words", "anpr"))
    assert notes.take("a") == ("anpr",)
    notes.note("a", tuple(f"s{n}" for n in range(MAX_SYSTEMS + 50)))
    assert len(notes.take("a")) == MAX_SYSTEMS


@pytest.mark.parametrize(
    "untrusted",
    [b"", b"{", b'"anpr"', b"[1]", b'["anpr", "../x"]', b'["' + b"x" * MAX_BYTES + b'"]', b"[" * 5000, b"\xff\xfe"],
)
def test_a_note_that_is_no_note_is_forgotten(tmp_path: Path, untrusted: bytes) -> None:
    notes = Reopening(tmp_path)
    notes.note("a", ("anpr",))
    (file,) = (tmp_path / "reopen").iterdir()
    file.write_bytes(untrusted)
    assert notes.take("a") == ()
    assert not file.exists()


def test_a_link_is_not_followed_and_a_folder_that_cannot_be_made_is_let_be(tmp_path: Path) -> None:
    notes = Reopening(tmp_path)
    notes.note("a", ("anpr",))
    (file,) = (tmp_path / "reopen").iterdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text('["custody"]')
    file.unlink()
    file.symlink_to(elsewhere)
    assert notes.take("a") == ()
    assert elsewhere.exists()
    Reopening(elsewhere).note("a", ("anpr",))
    assert Reopening(elsewhere).take("a") == ()


def test_the_oldest_notes_go(tmp_path: Path) -> None:
    folder = tmp_path / "reopen"
    folder.mkdir()
    for number in range(MAX_NOTES):
        (folder / f"{number}.json").touch()
        os.utime(folder / f"{number}.json", (1000 + number, 1000 + number))
    notes = Reopening(tmp_path)
    notes.note("a", ("anpr",))
    assert len(list(folder.iterdir())) == MAX_NOTES
    assert not (folder / "0.json").exists()
    assert notes.take("a") == ("anpr",)
