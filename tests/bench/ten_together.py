"""The demo's systems together, against the slowest of them alone and against opening them one after another."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from launcher.demo.content import OWN_ACCOUNTS, SYSTEMS, WITH_CODE
from launcher.demo.estate import Estate
from launcher.demo.files import Appearance, write_station
from launcher.demo.people import DemoOfficer, make_officers
from launcher.demo.prepared import enrol
from launcher.grants.keeping import credential_store
from launcher.wire.records import LaunchRecord, SwitchRecord
from tests.bench.figures import Budget, Figure, middle, report
from tests.bench.played_station import TYPING_S, Officer, PlayedStation, played_station

DELAYS_S = (0.0, 1.0)
TOGETHER = 3

Times = dict[str, float]


@dataclass(frozen=True, slots=True)
class Round:
    """One opening of all systems: from the first launch's start to the last one's end, and each launch's own time."""

    all_ms: float
    systems_ms: Times
    next_screen_ms: float = 0.0


def measure() -> dict[str, object]:
    """Open all in each of the three ways, every server waiting 0 s and then 1 s before each answer."""
    figures: list[Figure] = []
    raw: dict[str, object] = {}
    for delay_s in DELAYS_S:
        together = [asyncio.run(_together(delay_s)) for _ in range(TOGETHER)]
        alone_ms = asyncio.run(_alone(delay_s))
        in_turn = asyncio.run(_one_after_another(delay_s))
        figures += _figures(delay_s, together, alone_ms, in_turn)
        raw[f"{delay_s:g} s a response"] = {
            "together_ms": [one.all_ms for one in together],
            "together_systems_ms": [one.systems_ms for one in together],
            "alone_ms": alone_ms,
            "one_after_another_ms": in_turn.all_ms,
            "one_after_another_systems_ms": in_turn.systems_ms,
        }
    return report(figures, **raw)


def _figures(delay_s: float, together: list[Round], alone_ms: Times, in_turn: Round) -> list[Figure]:
    all_ms = middle([one.all_ms for one in together])
    slowest = max(alone_ms, key=lambda system: alone_ms[system])
    at = f"{len(SYSTEMS)} together, {delay_s:g} s a response"
    judged = delay_s > 0  # DESIGN §7 has a budget where servers take their time; the other is reported
    return [
        Figure(
            at,
            all_ms,
            "ms",
            round(alone_ms[slowest], 1),
            f"the slowest alone, {slowest}",
            Budget(1.3, on="ratio") if judged else None,
            n=len(together),
        ),
        Figure(
            at,
            all_ms,
            "ms",
            round(in_turn.all_ms, 1),
            "one after another, in the same browser",
            Budget(5.0, on="ratio", rule="at least") if judged else None,
            speed_up=True,
            n=len(together),
        ),
        Figure(
            f"log-off with all open → next sign-in screen painted, {delay_s:g} s a response",
            middle([one.next_screen_ms for one in together]),
            "ms",
            budget=Budget(100.0),
            n=len(together),
        ),
    ]


async def _together(delay_s: float) -> Round:
    async with demo(delay_s) as (station, person):
        officer = await logged_on(station, person)
        await officer.open_mine()
        records = await opened(station, len(SYSTEMS))
        await officer.log_off()
        switch = await station.next_record(SwitchRecord)
        next_ms = next((one.duration_ms for one in switch.phases if one.phase == "next_screen"), 0.0)
    return Round(all_ms(records), {one.system: one.total_ms for one in records}, next_ms)


async def _alone(delay_s: float) -> Times:
    """Open each system in a session of its own, with nothing else open, right after the sign-in."""
    found: Times = {}
    async with demo(delay_s) as (station, person):
        for system in SYSTEMS:
            officer = await logged_on(station, person)
            await officer.open(system.id)
            (record,) = await opened(station, 1)
            found[system.id] = record.total_ms
            await officer.log_off()
    return found


async def _one_after_another(delay_s: float) -> Round:
    """Open them as automation does that drives a browser: the next one when the one before is ready."""
    async with demo(delay_s) as (station, person):
        officer = await logged_on(station, person)
        for system in SYSTEMS:
            await officer.open(system.id)
        records = await opened(station, len(SYSTEMS))
    return Round(all_ms(records), {one.system: one.total_ms for one in records})


async def logged_on(station: PlayedStation, person: DemoOfficer) -> Officer:
    """Log the officer on at the next sign-in screen."""
    officer = await station.shown()
    said = await officer.log_on(person.user_name, person.password, typing_s=TYPING_S)
    if "signed_in" not in said:
        raise RuntimeError(f"not logged on: {said}")
    return officer


async def opened(station: PlayedStation, how_many: int) -> list[LaunchRecord]:
    """Wait for so many records; all must be ready."""
    records = [await station.next_record(LaunchRecord) for _ in range(how_many)]
    if wrong := [f"{one.system} {one.outcome} {one.reference or ''}" for one in records if one.outcome != "ready"]:
        raise RuntimeError(f"not ready: {', '.join(wrong)}")
    return records


def all_ms(records: list[LaunchRecord]) -> float:
    """Return the time from the first one's beginning to the last one's end."""
    first = min(one.at for one in records)
    return round(max((one.at - first) * 1000.0 + one.total_ms for one in records), 1)


@asynccontextmanager
async def demo(delay_s: float) -> AsyncIterator[tuple[PlayedStation, DemoOfficer]]:
    """Run the demo's servers and a station of its own, for one officer."""
    async with demo_station(delay_s) as (station, officers):
        yield station, officers[0]


@asynccontextmanager
async def demo_station(
    delay_s: float, looks: Appearance | None = None, more: str = ""
) -> AsyncIterator[tuple[PlayedStation, tuple[DemoOfficer, ...]]]:
    """Run them for all officers; ``more`` stands at the station file's end."""
    async with demo_estate(delay_s, looks, more) as (_, station, officers):
        yield station, officers


@asynccontextmanager
async def demo_estate(
    delay_s: float, looks: Appearance | None = None, more: str = ""
) -> AsyncIterator[tuple[Estate, PlayedStation, tuple[DemoOfficer, ...]]]:
    """Run them, new officers each time, so that no one-time code is used up; the servers are told too."""
    with tempfile.TemporaryDirectory(prefix="bench-ten-") as untidy:
        folder = Path(untidy)
        officers = make_officers(OWN_ACCOUNTS, WITH_CODE)
        for name in ("estate", "station", "state"):
            (folder / name).mkdir(mode=0o700)
        estate = Estate(folder / "estate", officers, delay_s)
        stop, ready = asyncio.Event(), asyncio.Event()
        serving = asyncio.create_task(estate.run(stop, ready))
        await ready.wait()
        # A caller that goes away while a server waits is no news here.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        try:
            file = write_station(folder / "station", estate.addresses, officers, looks or Appearance(), delay_s, more)
            await enrol(credential_store("file", folder / "state"), officers, estate)
            async with played_station(file, folder / "state") as station:
                yield estate, station, officers
        finally:
            stop.set()
            await serving
