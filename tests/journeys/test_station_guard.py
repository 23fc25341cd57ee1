"""The station that is killed itself: its guard starts it again, and what it left is gone before a screen is shown."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from launcher.bootstrap.guard import delay_s
from launcher.residue.tree import process
from tests.bench.estates import local_station
from tests.journeys.played import StartedStation, station_command

_ROOT = Path(__file__).resolve().parents[2]

# A station that says its pid and then does as its first line of input says.
STATION = """
import os, signal, sys
from launcher.bootstrap.guard import fork_station
status = fork_station(lambda: None)
if status is not None:
    sys.exit(status)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
print(os.getpid(), flush=True)
signal.pause()
"""


# A guard that has loaded at once what the next station needs.
PREPARED = """
import os, signal, sys
from launcher.bootstrap import guard
loaded = []
guard.PREPARED_AFTER_S = 0.0
def prepare():
    loaded.append("what it needs")
    os.write(1, b"prepared\\n")  # in one piece, as below
if guard.fork_station(prepare) is None:
    os.write(1, " ".join((str(os.getpid()), *loaded, "\\n")).encode())
    signal.pause()
"""


# A guard that is told to end while it forks the station, which ends in its own way when it is told.
TOLD_EARLY = """
import os, signal, sys
from launcher.bootstrap.guard import fork_station
real_fork = os.fork
def fork():
    pid = real_fork()
    if pid:
        os.kill(os.getpid(), signal.SIGTERM)
    else:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
    return pid
os.fork = fork
status = fork_station(lambda: None)
if status is not None:
    sys.exit(status)
print(os.getpid(), flush=True)
signal.pause()
"""


@asynccontextmanager
async def guarded(
    program: str = STATION,
) -> AsyncIterator[tuple[asyncio.subprocess.Process, asyncio.StreamReader, asyncio.StreamReader]]:
    """Run it; yield the guard, its output and its errors."""
    guard = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
    )
    assert guard.stdout is not None
    assert guard.stderr is not None
    try:
        async with asyncio.timeout(30):
            yield guard, guard.stdout, guard.stderr
    finally:
        if guard.returncode is None:
            guard.kill()
        await guard.wait()


def test_a_killed_station_is_started_again_and_it_is_said() -> None:
    async def journey() -> None:
        async with guarded() as (guard, output, errors):
            pids = [int(await output.readline())]
            for when in (b"now", b"in 0.5 s"):
                os.kill(pids[-1], signal.SIGKILL)
                assert await errors.readline() == b"The station was ended by signal 9 and starts again %s.\n" % when
                pids.append(int(await output.readline()))
            assert len({guard.pid, *pids}) == 4
            row = process(pids[-1])
            assert row is not None
            assert row.parent == guard.pid
            guard.terminate()
            assert await guard.wait() == 7

    asyncio.run(journey())


def test_a_guard_that_is_told_to_end_while_it_waits_for_the_next_start_ends() -> None:
    async def journey() -> None:
        async with guarded() as (guard, output, errors):
            while b"now" in await _killed(output, errors):
                pass
            guard.terminate()
            assert await guard.wait() == -signal.SIGTERM
            assert await output.read() == b"", "another one was started"

    asyncio.run(journey())


def test_the_next_station_finds_loaded_what_the_first_one_had_to_load() -> None:
    async def journey() -> None:
        async with guarded(PREPARED) as (_, output, _errors):
            first = {await output.readline(), await output.readline()}
            assert b"prepared\n" in first
            os.kill(int((first - {b"prepared\n"}).pop()), signal.SIGKILL)
            assert (await output.readline()).endswith(b" what it needs \n")

    asyncio.run(journey())


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP])
def test_a_killed_guard_takes_the_station_with_it(number: signal.Signals) -> None:
    async def journey() -> None:
        async with guarded() as (guard, output, _):
            station = os.pidfd_open(int(await output.readline()))
            guard.send_signal(number)
            assert await guard.wait() == -number
            # A pidfd can be read from when its process has ended.
            ended, _, _ = await asyncio.to_thread(select.select, [station], [], [], 30)
            os.close(station)
            assert ended

    asyncio.run(journey())


def test_a_guard_that_is_told_to_end_while_it_starts_the_station_hands_it_on() -> None:
    async def journey() -> None:
        async with guarded(TOLD_EARLY) as (guard, _, _):
            assert await guard.wait() == 7

    asyncio.run(journey())


def test_a_station_that_is_killed_again_and_again_starts_less_often() -> None:
    waits = [delay_s(times) for times in range(12)]
    assert waits == sorted(waits)
    assert (waits[1], waits[-1]) == (0.0, 30.0)


@pytest.mark.needs("browser-engine")
def test_killed_with_an_officer_at_work_it_is_back_with_a_clean_screen(tmp_path: Path) -> None:
    async def journey() -> None:
        files = local_station(tmp_path, systems=1)
        async with station_command(("--station", str(files.station), "--state", str(files.state))) as station:
            first = int(str((await station.next("StationStarted"))["pid"]))
            left = await _sessions(station)
            homes = [_home(pid) for pid in left]
            assert all(home.exists() for home in homes)
            os.kill(first, signal.SIGKILL)
            second = int(str((await station.next("StationStarted"))["pid"]))
            await station.next("ScreenShown")
            assert second != first
            assert all((row := process(pid)) is None or row.zombie for pid in left)
            assert not any(home.exists() for home in homes)
            assert station.process.returncode is None
        assert station.process.returncode == 0

    asyncio.run(journey())


async def _killed(output: asyncio.StreamReader, errors: asyncio.StreamReader) -> bytes:
    """Kill the station that says its pid next; return what its guard says of it."""
    os.kill(int(await output.readline()), signal.SIGKILL)
    return await errors.readline()


async def _sessions(station: StartedStation) -> list[int]:
    """Wait for the first screen and its spare; return their pids."""
    await station.next("ScreenShown")
    return [int(str((await station.next("SpareWarm"))["pid"])) for _ in range(2)]


def _home(pid: int) -> Path:
    environment = dict(
        part.partition(b"=")[::2] for part in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0") if part
    )
    return Path(os.fsdecode(environment[b"HOME"])).parent
