"""Log-off to the next painted sign-in screen, with real sessions, against a session that has to be started first."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from launcher.station import ScreenShown
from launcher.wire.records import SwitchRecord
from tests.bench.estates import NUMBER, PASSWORD, Files, local_station
from tests.bench.figures import Budget, Figure, middle, report
from tests.bench.played_station import played_station

OFFICERS = 7


def measure() -> dict[str, object]:
    """Let officers log on and off, one after another, at one station."""
    with tempfile.TemporaryDirectory(prefix="bench-switch-") as folder:
        switches, first_ms = asyncio.run(_officers(local_station(Path(folder), systems=10)))
    next_ms = [_span(one, "next_screen") for one in switches]
    shown = Figure(
        "log-off → next sign-in screen painted",
        middle(next_ms),
        "ms",
        round(first_ms, 1),
        "the station's first screen, which no spare waited behind",
        Budget(100.0),
        n=len(next_ms),
    )
    gone = Figure("log-off → old session gone", middle([one.total_ms for one in switches]), "ms", n=len(switches))
    return report([shown, gone], rounds_ms=next_ms, phases=[one.model_dump(mode="json") for one in switches])


async def _officers(files: Files) -> tuple[list[SwitchRecord], float]:
    switches = []
    async with played_station(files.station, files.state) as station:
        for _ in range(OFFICERS):
            officer = await station.shown()
            await officer.log_on(NUMBER, PASSWORD)
            await officer.log_off()
            switches.append(await station.next_record(SwitchRecord))
        first = next(one for one in station.events if isinstance(one, ScreenShown))
    return switches, first.ms


def _span(record: SwitchRecord, phase: str) -> float:
    return next((one.duration_ms for one in record.phases if one.phase == phase), 0.0)
