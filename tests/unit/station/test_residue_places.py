"""Where a residue check looks for what a program of the account may have written, with the account's real folders."""

from __future__ import annotations

import os
import pwd
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from launcher.residue import Patterns, Residue, masked_patterns
from launcher.station.residue import Places, search_here, written_to
from launcher.timings import Spool

ROOT = Path(__file__).parents[3]
SECRET = secrets.token_urlsafe(18)


def covers(place: Path | str) -> bool:
    """Whether a place is one of those, or below one."""
    real = Path(place).resolve()
    return any(real.is_relative_to(one) for one in written_to())


def test_the_accounts_own_folders_are_among_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = Path(pwd.getpwuid(os.getuid()).pw_dir)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "runtime"))
    for name in ("home", "runtime"):
        (tmp_path / name).mkdir()
    assert covers(account) or not account.is_dir()
    for place in (tmp_path / "home", tmp_path / "runtime", Path.cwd(), Path(tempfile.gettempdir()), "/var/tmp"):
        assert covers(place), place
    if os.getuid() == 0:
        assert all(covers(place) for place in ("/run", "/opt", "/etc", "/srv", "/var/lib"))


def test_none_lies_below_another_and_the_whole_disk_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "not-there"))
    monkeypatch.chdir("/")
    places = written_to()
    assert Path("/") not in places
    assert not any(one in other.parents for one in places for other in places)


# As an ordinary user, whose account has no home: what anybody may write to, two levels deep, and what it cannot enter.
NOBODY = """
import os
from launcher.station.residue import written_to
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
places = written_to()
print(all(os.access(one, os.W_OK | os.X_OK) for one in places if str(one) not in (os.getcwd(), os.environ["HOME"])))
print(*places)
"""


def test_an_ordinary_users_are_those_it_may_write_to(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NOBODY],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    said, places = done.stdout.splitlines()
    assert said == "True"
    assert "/etc" not in places.split()
    assert "/var/tmp" in places


def searched(folder: Path, since: float, *leave_out: Path) -> Residue:
    patterns: Patterns = masked_patterns([SECRET])
    places = Places(
        state_dir=folder / "home" / "state",
        home=folder / "gone",
        homes=folder / "home" / "homes",
        written_to=(folder / "home",),
        since=since,
        leave_out=leave_out,
    )
    places.state_dir.mkdir(parents=True, exist_ok=True)
    spool = Spool(places.state_dir / "timings.db")
    try:
        return search_here(patterns, places, spool)
    finally:
        spool.close()


def test_a_secret_in_a_home_is_found_where_it_was_changed_since_and_each_file_once(tmp_path: Path) -> None:
    since = time.time()
    deep = tmp_path / "home" / ".cache" / "somebody"
    deep.mkdir(parents=True)
    (deep / "file").write_text(SECRET)
    (tmp_path / "home" / "state").mkdir()
    (tmp_path / "home" / "state" / "file").write_text(SECRET)
    in_files = [one for one in searched(tmp_path, since).found if " in file " in one]
    assert sorted(one.split(" in file ")[1] for one in in_files) == [
        str(deep / "file"),
        str(tmp_path / "home" / "state" / "file"),
    ]
    later = [one for one in searched(tmp_path, since + 1000.0).found if " in file " in one]
    assert [one.split(" in file ")[1] for one in later] == [str(tmp_path / "home" / "state" / "file")]


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    since = time.time()
    servers = tmp_path / "home" / "servers"
    servers.mkdir(parents=True)
    (servers / "file").write_text(SECRET)
    result = searched(tmp_path, since, servers)
    assert not [one for one in result.found if " in file " in one]
    assert f"left out as told: {servers}" in result.scanned
