"""A station that is itself killed: the next one clears what it left before an officer sits down."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from launcher.residue.tree import process
from tests.journeys.station_bench import STAND_IN, station

_ROOT = STAND_IN.parents[2]

# Runs a station and says the pid of each session that becomes warm.
STATION = """
import asyncio, sys
from pathlib import Path
from launcher.station import SpareWarm, StationLimits, Supervisor
folder = Path(sys.argv[1])
def say(event):
    if isinstance(event, SpareWarm):
        print(event.pid, flush=True)
argv = (sys.executable, sys.argv[2], sys.argv[3], "0.1", "outlives-the-station")
limits = StationLimits(heartbeat_s=0.1, unresponsive_s=1.0)
asyncio.run(Supervisor(argv, limits, folder / "old-state", say, homes_root=folder / "homes").run())
"""


def test_what_a_killed_station_left_is_ended_and_removed_by_the_next(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, "outlives-the-station") as here:
            # The first screen is there before the old station begins, so that its start is not what cleans up.
            await here.shown_session()
            old = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-c", STATION, str(tmp_path), str(STAND_IN), str(here.hands_path)),
                stdout=asyncio.subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(_ROOT)},
            )
            assert old.stdout is not None
            left = [int(await old.stdout.readline()) for _ in range(2)]
            old.send_signal(signal.SIGKILL)
            await old.wait()
            assert all(process(pid) for pid in left)
            folders = set(here.homes.iterdir())
            assert len(folders) == 2
        # All of the first station's own is gone; the killed one's is not, until the next station begins.
        assert len(set(here.homes.iterdir())) == 1
        assert all(process(pid) for pid in left)
        async with station(tmp_path) as after:
            await after.shown_session()
            assert all((row := process(pid)) is None or row.zombie for pid in left)
            assert set(after.homes.iterdir()).isdisjoint(folders)

    asyncio.run(journey())
