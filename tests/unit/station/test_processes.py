"""Ending a session that was killed before the station had looked at what it started, with real processes."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from launcher.residue.tree import environment_of, process
from launcher.station.processes import PosixProcesses
from launcher.wire.mark import TOKEN

ROOT = Path(__file__).parents[3]
NAME = "0123456789abcdef"

# A session that starts a program as sessions do, and says its number.
SESSION = """
import asyncio, os, signal, sys
from launcher.connectors.plan import ProgramTarget
from launcher.session.openers.program import ProgramDriver

async def main():
    driver = await ProgramDriver.start(ProgramTarget(tuple(sys.argv[2:]), "none"), lambda: None)
    while driver.last_seen() != "there":
        await driver.first_of([], 0.01)
    os.write(int(sys.argv[1]), b"%d" % driver._process.pid)
    signal.pause()

asyncio.run(main())
"""
PROGRAM = "import signal; print('there', flush=True); signal.pause()"
CLEARED = "import os; os.execve('/bin/sh', ['sh', '-c', 'echo there; exec /bin/sleep 1000'], {})"

# A station's process of its own, which has no other children: alone, as the product's command is.
STATION = """
import asyncio, sys
from pathlib import Path
from launcher.station.processes import PosixProcesses
from tests.unit.station.test_processes import killed_unseen

processes = PosixProcesses(alone=True)
processes.prepare()
program, ended, remained = asyncio.run(killed_unseen(processes, sys.argv[1]))
print(program, ended, remained)
"""


async def killed_unseen(processes: PosixProcesses, program: str) -> tuple[int, int, tuple[str, ...]]:
    """Kill a session once its program is there; return the program, and what its end found and left."""
    reading, writing = os.pipe()
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), TOKEN: NAME}
    argv = (sys.executable, "-c", SESSION, str(writing), sys.executable, "-c", program)
    session = processes.start(argv, env, NAME, (writing,))
    os.close(writing)
    said = await asyncio.to_thread(os.read, reading, 64)
    os.close(reading)
    os.kill(session.pid, signal.SIGKILL)
    await session.exited
    swept = await processes.end(session, (session,))
    return int(said), swept.ended, swept.remained


def test_a_program_carries_the_mark_and_is_ended_though_nobody_had_seen_it() -> None:
    processes = PosixProcesses()
    # Started after us and by us, below no session: none of a session's.
    with subprocess.Popen(["/bin/sleep", "1000"]) as mine:
        program, ended, remained = asyncio.run(killed_unseen(processes, PROGRAM))
        assert (ended, remained) == (1, ())
        assert process(program) is None or environment_of(program).get(TOKEN.encode()) != NAME.encode()
        assert mine.poll() is None
        mine.kill()


@pytest.mark.parametrize("program", [PROGRAM, CLEARED], ids=["marked", "cleared"])
def test_a_station_of_its_own_ends_a_program_that_cleared_its_environment_too(program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STATION, program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    pid, ended, remained = done.stdout.split(" ", 2)
    assert (ended, remained.strip()) == ("1", "()")
    assert process(int(pid)) is None
