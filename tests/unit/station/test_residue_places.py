"""Where a residue check looks for what a program of the account may have written, with the account's real folders."""

from __future__ import annotations

import json
import os
import pwd
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from launcher.residue import Residue, masked_patterns
from launcher.station.residue import Places, search_worked_in, written_to

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


# In a process of its own: a check reads the memory of its process and of all that this one has started, and the tests'
# own has started servers and browsers by the time.
SEARCHED = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from launcher.residue import masked_patterns
from launcher.station.residue import Places, search_here
from launcher.timings import Spool
folder, since, leave_out = Path(sys.argv[1]), float(sys.argv[2]), tuple(map(Path, sys.argv[3:]))
home = folder / "home"
places = Places(home / "state", folder / "gone", home / "homes", (home,), since, leave_out=leave_out)
places.state_dir.mkdir(parents=True, exist_ok=True)
spool = Spool(places.state_dir / "timings.db")
print(json.dumps(asdict(search_here(masked_patterns([sys.stdin.read()]), places, spool))))
"""


def searched(folder: Path, since: float, *leave_out: Path) -> Residue:
    done = subprocess.run(
        [sys.executable, "-c", SEARCHED, str(folder), str(since), *map(str, leave_out)],
        env={"PATH": os.environ["PATH"], "HOME": str(folder / "home")},
        cwd=ROOT,
        input=SECRET,
        capture_output=True,
        text=True,
        check=True,
    )
    return Residue(**{key: tuple(value) for key, value in json.loads(done.stdout).items()})


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


def worked_in(folder: Path, tmp_path: Path, since: float, *leave_out: Path) -> Residue:
    home = tmp_path / "home"
    places = Places(home / "state", tmp_path / "gone", home / "homes", (home,), since, leave_out=leave_out)
    return search_worked_in(folder, places, masked_patterns([SECRET]))


def test_a_folder_that_an_entry_names_is_searched_for_what_was_changed_since(tmp_path: Path) -> None:
    since = time.time()
    apart, link = tmp_path / "apart", tmp_path / "link"
    (apart / "deep").mkdir(parents=True)
    (apart / "deep" / "file").write_text(SECRET)
    link.symlink_to(apart)
    for named in (apart, link):
        result = worked_in(named, tmp_path, since)
        assert [one.split(" in file ")[1] for one in result.found] == [str(apart / "deep" / "file")]
        assert (result.scanned, result.unscanned) == ((f"files under {apart}",), ())
    assert worked_in(apart, tmp_path, since + 1000.0).found == ()
    assert worked_in(tmp_path / "not-there", tmp_path, since) == Residue((f"files under {tmp_path / 'not-there'}",))


def test_what_is_searched_anyway_is_searched_once(tmp_path: Path) -> None:
    inside = tmp_path / "home" / "inside"
    inside.mkdir(parents=True)
    (inside / "file").write_text(SECRET)
    assert worked_in(inside, tmp_path, 0.0) == Residue((f"{inside}: searched with {tmp_path / 'home'}",))
    assert worked_in(tmp_path, tmp_path, 0.0) == Residue((f"files under {tmp_path}",))  # around the home, not in it


def test_a_folder_that_cannot_be_searched_is_said_with_why(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for folder in (Path("/"), Path("relative"), loop):
        result = worked_in(folder, tmp_path, 0.0)
        assert [one.partition(":")[0] for one in result.unscanned] == [str(folder)]
        assert (result.scanned, result.found) == ((), ())
    kernel = worked_in(Path("/proc/self/fdinfo"), tmp_path, 0.0)
    assert kernel == Residue(("/proc/self/fdinfo: no files, the kernel's own view /proc",))
    below = tmp_path / "left-out" / "below"
    left_out = worked_in(below, tmp_path, 0.0, tmp_path / "left-out")
    assert left_out == Residue((f"{below}: left out as told with {tmp_path / 'left-out'}",))
    # Also where that lies in a folder that is searched, without it; but not in the station's own, which leave out none.
    servers, own = tmp_path / "home" / "servers", tmp_path / "home" / "state" / "own"
    nested = worked_in(servers / "deep", tmp_path, 0.0, servers)
    assert nested == Residue((f"{servers / 'deep'}: left out as told with {servers}",))
    whole = worked_in(own, tmp_path, 0.0, own)
    assert whole == Residue((f"{own}: searched with {tmp_path / 'home' / 'state'}",))


# As an ordinary user: a letter box, which anybody may put a file into and nobody else may look into.
LETTER_BOX = """
import os, sys
from pathlib import Path
from launcher.residue import masked_patterns
from launcher.station.residue import Places, search_worked_in
own, box = Path(sys.argv[1]), Path(sys.argv[2])
patterns = masked_patterns(["nothing-of-the-kind"])  # before: what it loads may lie where only root may look
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
print(*search_worked_in(box, Places(own, own / "gone", own / "homes", (own,), 0.0), patterns).unscanned)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="needs root: a folder must be made that this account may not list")
def test_a_folder_that_may_be_written_to_and_not_listed_was_not_searched(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        own, box = top / "own", top / "box"
        own.mkdir()
        box.mkdir()
        for place, mode in ((top, 0o755), (own, 0o777), (box, 0o733)):
            place.chmod(mode)
        done = subprocess.run(
            [sys.executable, "-c", LETTER_BOX, str(own), str(box)],
            env={"PATH": os.environ["PATH"], "HOME": str(own)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == f"{box}: may not be listed"
