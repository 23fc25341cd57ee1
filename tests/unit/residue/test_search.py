"""The search of real processes and files: what holds a secret is found, what ended is not, nor the searcher itself."""

from __future__ import annotations

import ast
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from launcher.residue import descendants, masked_patterns, scan_memory, scan_paths
from launcher.residue.patterns import encodings
from launcher.residue.tree import process
from launcher.wire.codec import encode

# Holds its line of input in memory in one form, says so, and waits for the end of its input.
HOLDER = """
import sys
held = bytes.fromhex(sys.stdin.readline())
print("held", flush=True)
sys.stdin.read()
"""

# Makes a secret, prints its masked patterns, forgets nothing, then searches itself with what it is given.
SEARCHER = """
import sys
from launcher.residue import Patterns, scan_yourself
from launcher.wire.codec import decode_to_session
patterns = Patterns.from_wire(decode_to_session(sys.stdin.readline().encode()))
for _ in range(3):
    result = scan_yourself(patterns, "searcher")
    print(len(result.found), len(result.unscanned), len(result.scanned), flush=True)
"""


# Holds it in memory that was set aside and never touched but here: across the border of two pages.
APART = """
import mmap, sys
room = mmap.mmap(-1, 64 * 1024 * 1024, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
held = bytes.fromhex(sys.stdin.readline())
room[32 * 1024 * 1024 - 5:32 * 1024 * 1024 - 5 + len(held)] = held
del held
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def holder(held: bytes, program: str = HOLDER) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(held.hex() + "\n")
        running.stdin.flush()
        assert running.stdout.readline() == "held\n"
        yield running
        running.stdin.close()
        running.wait()


_FORMS = 14


@pytest.mark.parametrize("form", range(_FORMS))
def test_each_form_is_found_in_a_process_that_holds_it_and_not_after_its_end(form: int) -> None:
    secret = "pass+word/é " + secrets.token_urlsafe(12)
    forms = list(encodings(secret))
    patterns = masked_patterns([secret])
    with holder(forms[form % len(forms)]) as running:
        result = scan_memory(running.pid, patterns, "holder")
        assert result.found
        assert result.unscanned == ()
        pid = running.pid
    after = scan_memory(pid, patterns, "holder")
    assert (after.found, after.unscanned) == ((), ())


def test_a_secret_amid_memory_that_nobody_touched_is_found() -> None:
    secret = secrets.token_urlsafe(18)
    patterns = masked_patterns([secret])
    with holder(secret.encode(), APART) as running:
        result = scan_memory(running.pid, patterns, "holder")
    assert [place for place in result.found if place.endswith("unnamed memory")]
    assert result.unscanned == ()


def test_a_process_without_the_secret_is_clean() -> None:
    patterns = masked_patterns([secrets.token_urlsafe(18)])
    with holder(b"something else entirely") as running:
        assert scan_memory(running.pid, patterns, "holder").clean


def test_the_searcher_does_not_find_its_own_patterns_however_often_it_searches() -> None:
    patterns = masked_patterns([secrets.token_urlsafe(18), secrets.token_urlsafe(30)])
    searched = subprocess.run(
        [sys.executable, "-c", SEARCHER],
        input=encode(patterns.to_survivor()).decode(),
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert searched.stdout.splitlines() == ["0 0 1"] * 3


# A process of its own: below the test run hang servers and browsers of other tests, which are none of its business.
SURVIVOR = """
import os, secrets, subprocess, sys
from launcher.residue import answer, masked_patterns, scan_yourself
secret = secrets.token_urlsafe(18)
patterns = masked_patterns([secret])
hold = "import sys; held = sys.stdin.buffer.readline(); print('held', flush=True); sys.stdin.read()"
child = subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdin.write(secret.encode() + b"\\n")
child.stdin.flush()
child.stdout.readline()
said = answer(patterns.to_survivor(), "spare")
print(any(f"({child.pid})" in place for place in said.found))
print(any(f"spare ({os.getpid()})" in place for place in scan_yourself(patterns, "spare").found))
child.stdin.close()
child.wait()
"""


def test_a_survivor_finds_what_it_and_its_child_hold() -> None:
    done = subprocess.run([sys.executable, "-c", SURVIVOR], capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == (["True", "True"], "")


# As an ordinary user: a closed folder of our own was not searched, one of another user is none of ours.
CLOSED_FOLDERS = """
import os, sys
from pathlib import Path
from launcher.residue import masked_patterns, scan_paths
top, patterns = Path(sys.argv[1]), masked_patterns(["a secret of some length"])
(top / "theirs").mkdir(mode=0)
if os.getuid() == 0:
    os.chown(top, 65534, 65534)
    os.setgid(65534)
    os.setuid(65534)
(top / "ours").mkdir(mode=0)
print([Path(one).name for one in scan_paths([top], patterns, uid=os.getuid()).unscanned])
"""


def test_a_folder_that_cannot_be_opened_is_said_when_it_is_ours() -> None:
    # Not pytest's folder: nobody may not enter that one.
    with tempfile.TemporaryDirectory() as top:
        searched = subprocess.run(
            [sys.executable, "-c", CLOSED_FOLDERS, top],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[3],
        )
    closed = ["ours"] if os.getuid() == 0 else ["ours", "theirs"]
    assert sorted(ast.literal_eval(searched.stdout)) == closed


# As an ordinary user: the parent is out of reach, and this process, not dumpable, must still be able to search itself.
NOBODY = """
import ctypes, os, secrets
from launcher.residue import masked_patterns, scan_memory
held = secrets.token_urlsafe(18)
patterns = masked_patterns([held])
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
of_parent, of_self = scan_memory(PARENT, patterns, "parent"), scan_memory(os.getpid(), patterns, "self")
print(len(of_parent.scanned), len(of_parent.unscanned), len(of_self.unscanned), len(of_self.found) > 0)
"""


def test_what_may_not_be_read_is_said_and_a_process_that_is_not_dumpable_searches_itself() -> None:
    # Process 1 is another user's; as root our own pid will do, the child is nobody.
    parent = os.getpid() if os.getuid() == 0 else 1
    searched = subprocess.run(
        [sys.executable, "-c", NOBODY.replace("PARENT", str(parent))],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert searched.stdout == "0 1 0 True\n"


def test_secrets_are_found_in_files_names_links_and_across_chunks(tmp_path: Path) -> None:
    secret = secrets.token_urlsafe(18)
    patterns = masked_patterns([secret])
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "content").write_bytes(b"\0" * (1024 * 1024 - 5) + secret.encode("utf-16-le"))
    (tmp_path / f"name-{secret}").touch()
    (tmp_path / "link").symlink_to(f"/nowhere/{secret}")
    (tmp_path / "clean").write_text("nothing")
    result = scan_paths([tmp_path], patterns)
    assert result.unscanned == ()
    for place in ("content", "…", "link"):
        assert any(place in found for found in result.found), place
    assert not any("clean" in found for found in result.found)
    assert not any(secret in found for found in result.found)


def test_old_files_and_files_of_others_can_be_left_out(tmp_path: Path) -> None:
    secret = secrets.token_urlsafe(18)
    patterns = masked_patterns([secret])
    file = tmp_path / "file"
    file.write_text(secret)
    changed = file.stat().st_ctime
    assert scan_paths([tmp_path], patterns, changed_since=changed - 1).found
    assert not scan_paths([tmp_path], patterns, changed_since=changed + 1000).found
    assert not scan_paths([tmp_path], patterns, uid=os.getuid() + 1).found


def test_what_is_left_out_is_not_looked_at_whether_it_lies_below_or_around(tmp_path: Path) -> None:
    secret = secrets.token_urlsafe(18)
    patterns = masked_patterns([secret])
    (tmp_path / "servers" / "deep").mkdir(parents=True)
    (tmp_path / "servers" / "deep" / "file").write_text(secret)
    assert scan_paths([tmp_path], patterns, leave_out=[tmp_path / "server"]).found
    for top in (tmp_path, tmp_path / "servers", tmp_path / "servers" / "deep"):
        assert scan_paths([top], patterns, leave_out=[tmp_path / "servers"]).found == ()


def test_a_pipe_is_not_waited_for_and_an_absent_folder_holds_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    patterns = masked_patterns([secrets.token_urlsafe(18)])
    assert scan_paths([tmp_path, tmp_path / "absent"], patterns).clean


def test_descendants_are_found_with_their_start() -> None:
    with holder(b"x" * 10) as running:
        mine = {row.pid: row for row in descendants(os.getpid())}
        assert running.pid in mine
        row = process(running.pid)
        assert row is not None
        assert row.start == mine[running.pid].start
    assert process(running.pid) is None
