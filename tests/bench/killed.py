"""``kill -9`` of the station, a session, a page's process and the spare: until it is safe, beside a first start."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.figures import Budget, Figure, middle, report
from tests.journeys.board_terminal import renderers, shown, terminal, works
from tests.journeys.played import station_command

ROUNDS = 10
_SAFE = Budget(2000.0)


@dataclass(slots=True)
class _Times:
    first: list[float] = field(default_factory=list)
    station: list[float] = field(default_factory=list)
    session: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)
    spare: list[float] = field(default_factory=list)


def measure() -> dict[str, object]:
    """Start a station for each round: one that is killed again and again starts less and less often."""
    times = _Times()
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="bench-killed-") as folder:
            asyncio.run(_round(Path(folder), times))
    beside, against = middle(times.first), "a first start → sign-in screen painted"
    all_ms = {
        "station killed, an officer at work → wiped, sign-in screen painted": times.station,
        "officer's session killed → wiped, sign-in screen painted": times.session,
        "page's process killed → its tab says so": times.page,
        "spare killed → the next one is warm; the screen in front stays": times.spare,
    }
    figures: list[Figure] = []
    for what, each_ms in all_ms.items():
        figures.append(Figure(what, middle(each_ms), "ms", beside, against, _SAFE, n=len(each_ms)))
        figures.append(Figure(f"{what}: the longest", round(max(each_ms), 1), "ms", beside, against, _SAFE, n=1))
    return report(figures, rounds_ms={"first start": times.first, **all_ms}, load=os.getloadavg())


async def _round(folder: Path, times: _Times) -> None:
    with terminal(folder) as files:
        began = time.monotonic()
        options = ("--station", str(files.station), "--state", str(files.state))
        async with station_command(options, searched=False) as station:
            pid = int(str((await station.next("StationStarted"))["pid"]))
            session, player = await shown(station)
            times.first.append((time.monotonic() - began) * 1000)

            await station.spare()
            spare = station.all("SessionStarted")[-1]
            next_one = station.next("SpareWarm", session=int(str(spare["session"])) + 1)
            times.spare.append(await _killed((int(str(spare["pid"])),), next_one))
            await station.spare()

            await works(player)
            pages = tuple(row.pid for row in renderers(player.pid))
            times.page.append(await _killed(pages, player.do("await", what="fault:page-crashed")))

            await station.spare()
            times.session.append(await _killed((player.pid,), station.next("ScreenShown")))

            session = int(str(station.all("ScreenShown")[-1]["session"]))
            started = station.all("SessionStarted", session=session)[-1]
            await works(await station.players.player(int(str(started["pid"]))))
            await station.spare()
            times.station.append(await _killed((pid,), station.next("ScreenShown")))


async def _killed(pids: tuple[int, ...], safe: Awaitable[object]) -> float:
    """Kill these, and return the ms until it is safe again."""
    since = time.monotonic()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    await safe
    return (time.monotonic() - since) * 1000
