"""The first session is started before the station: it is the station's own, or it is ended with all it was given."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from launcher.station.ahead import Ahead
from launcher.station.environment import LINK
from launcher.station.errors import StationAlreadyRunsError
from launcher.wire.mark import TOKEN

SAYS = f"import os, signal; os.write(int(os.environ['{LINK}']), os.environ['{TOKEN}'].encode()); signal.pause()"


def ahead(folder: Path) -> Ahead:
    argv = (sys.executable, "-c", SAYS)
    (folder / "homes").mkdir(exist_ok=True)
    return Ahead(argv, folder / "state", homes_root=folder / "homes")


def test_it_has_its_folder_and_its_link_and_is_ended_whole(tmp_path: Path) -> None:
    first = ahead(tmp_path)
    first.ours.setblocking(True)
    try:
        assert first.ours.recv(64).decode() == first.home.name
        assert first.home.stat().st_mode & 0o777 == 0o700
    finally:
        first.give_up()
    assert first.process.returncode is not None
    assert not any((tmp_path / "homes").iterdir())


def test_a_second_station_starts_nothing(tmp_path: Path) -> None:
    first = ahead(tmp_path)
    try:
        with pytest.raises(StationAlreadyRunsError):
            ahead(tmp_path)
        assert len(list((tmp_path / "homes").iterdir())) == 1
    finally:
        first.give_up()
    ahead(tmp_path).give_up()  # the lock is free again


def test_what_cannot_be_started_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "homes").mkdir()
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(OSError, match="nowhere"):
        Ahead((str(tmp_path / "nowhere"),), tmp_path / "state", homes_root=tmp_path / "homes")
    assert not any((tmp_path / "homes").iterdir())
    assert len(list(Path("/proc/self/fd").iterdir())) == before
