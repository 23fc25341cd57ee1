"""What /proc says of processes: who is below whom, and which of them stand still."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from launcher.residue.tree import children, descendants, process

THREADS_ALONE = """
import ctypes, threading, time
def on():
    print("ready", flush=True)
    time.sleep(60)
threading.Thread(target=on).start()
ctypes.CDLL(None).pthread_exit(None)
"""


@pytest.fixture
def program(request: pytest.FixtureRequest) -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-c", request.param], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        yield child.pid
        child.kill()


def stop(pid: int) -> None:
    os.kill(pid, signal.SIGSTOP)
    os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOWAIT)


PLAIN = "print('ready', flush=True); import time; time.sleep(60)"


@pytest.mark.parametrize("program", [PLAIN, THREADS_ALONE], indirect=True, ids=["plain", "first-thread-gone"])
def test_a_process_stands_still_and_goes_on(program: int) -> None:
    row = process(program)
    assert row is not None
    assert (row.zombie, row.stopped) == (False, False)
    stop(program)
    row = process(program)
    assert row is not None
    assert (row.zombie, row.stopped) == (False, True)
    os.kill(program, signal.SIGCONT)
    os.waitid(os.P_PID, program, os.WCONTINUED | os.WNOWAIT)
    row = process(program)
    assert row is not None
    assert not row.stopped
    os.kill(program, signal.SIGKILL)
    os.waitid(os.P_PID, program, os.WEXITED | os.WNOWAIT)
    row = process(program)
    assert row is not None
    assert (row.zombie, row.stopped) == (True, False)


@pytest.mark.parametrize("program", [PLAIN], indirect=True)
def test_children_are_told_as_they_are_now(program: int) -> None:
    assert program in children(os.getpid())
    assert children(program) == ()
    assert {row.pid for row in descendants(os.getpid())} >= set(children(os.getpid())) & {program}
    assert children(2**22) == ()
