"""The hosts of the terminals' tests: what counts as fetched, and that a set-up goes on without them."""

from __future__ import annotations

import io
import os
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from installer.console import Console
from installer.hosts import fetch_hosts, hosts_ready, keep, mocker_ready, s390x_ready
from installer.locks import read_lock
from installer.paths import MOCKER_PIN
from installer.stamp import Stamp, digest_of, write_stamp
from tests.unit.installer.machines import DEBIAN_ROOT

NO_DEBIAN = replace(DEBIAN_ROOT, debian_like=False)


def fetched_s390x(folder: Path) -> Path:
    folder.mkdir()
    for part in ("vmlinuz", "busybox"):
        (folder / part).write_bytes(b"x")
    return folder


def fetched_mocker(folder: Path, digest: str = "") -> Path:
    folder.mkdir()
    locks = {"pip": digest or digest_of([MOCKER_PIN])}
    write_stamp(folder, Stamp(str(folder), "python", "", complete=True, locks=locks))
    return folder


def test_the_mocker_is_pinned_by_its_digest() -> None:
    (only,) = read_lock(MOCKER_PIN.read_text(encoding="utf-8"))
    assert (only.name, len(only.hashes)) == ("mainframe-mocker", 1)


def test_a_host_is_ready_when_it_is_there_as_it_is_pinned(tmp_path: Path) -> None:
    assert not s390x_ready(tmp_path / "s390x")
    assert not mocker_ready(tmp_path / "mocker")
    s390x, mocker = fetched_s390x(tmp_path / "s390x"), fetched_mocker(tmp_path / "mocker")
    assert hosts_ready(DEBIAN_ROOT, s390x, mocker)
    (s390x / "vmlinuz").unlink()
    assert not hosts_ready(DEBIAN_ROOT, s390x, mocker)
    assert hosts_ready(NO_DEBIAN, s390x, mocker)
    assert not mocker_ready(fetched_mocker(tmp_path / "older", "another pin"))


def test_what_cannot_be_fetched_is_said_and_the_set_up_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no apt
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    said = io.StringIO()
    with Console(1, said).step("Hosts") as step:
        fetch_hosts(DEBIAN_ROOT, step, tmp_path / "s390x", fetched_mocker(tmp_path / "mocker"))
    assert "NOT ALL FETCHED: not there: Linux for s390x; tests that call it will not run" in said.getvalue()
    said.truncate(0)
    with Console(1, said).step("Hosts") as step:
        fetch_hosts(NO_DEBIAN, step, tmp_path / "s390x", tmp_path / "mocker")
    assert "this system's packages are not Debian's" in said.getvalue()


def test_what_is_there_is_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    s390x, mocker = fetched_s390x(tmp_path / "s390x"), fetched_mocker(tmp_path / "mocker")
    said = io.StringIO()
    with Console(1, said).step("Hosts") as step:
        fetch_hosts(DEBIAN_ROOT, step, s390x, mocker)
    assert "done: there" in said.getvalue()


def test_a_part_that_was_not_copied_to_its_end_does_not_count_and_what_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()
    (unpacked / "vmlinuz-6").write_bytes(b"kernel")
    place = tmp_path / "s390x" / "vmlinuz"
    place.parent.mkdir()
    cut = place.with_name("vmlinuz.part")
    cut.write_bytes(b"ker")
    (place.parent / "busybox").write_bytes(b"x")
    assert not s390x_ready(place.parent)
    os.link(cut, tmp_path / "what is there while it is copied")
    keep(unpacked, "vmlinuz-*", place)
    assert (place.read_bytes(), cut.exists(), s390x_ready(place.parent)) == (b"kernel", False, True)
    assert (tmp_path / "what is there while it is copied").read_bytes() == b"kernel", "copied beside it, then renamed"

    monkeypatch.setenv("TMPDIR", str(tmp_path / "no-such-folder"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no-such-folder"))
    said = io.StringIO()
    with Console(1, said).step("Hosts") as step:
        fetch_hosts(DEBIAN_ROOT, step, tmp_path / "other", fetched_mocker(tmp_path / "mocker"))
    assert "not there: Linux for s390x" in said.getvalue()
