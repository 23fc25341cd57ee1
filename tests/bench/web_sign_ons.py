"""Each kind of web sign-on, by its entry, beside Chromium driven through the same logon; and all of them together.

In turn, one after the other, in one sitting and in one browser that knows nobody yet: so the first system of a provider
has its logon in it, and the next ones have not, in both alike.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Iterable
from pathlib import Path

from launcher.demo.content import SYSTEMS, DemoSystem
from launcher.shell.surfaces.web_surfaces import WARM_AGAIN_MS
from launcher.wire.records import LaunchRecord
from tests.bench.driven_chromium import DrivenChromium, driven_chromium, missing
from tests.bench.driven_logons import sign_on
from tests.bench.figures import Figure, middle, report
from tests.bench.played_station import TYPING_S, Officer, PlayedStation, played_station
from tests.bench.real_systems import TICKETS_TO, RealEstate, RealSystem, real_estate
from tests.bench.ten_together import Times, all_ms, demo_estate, logged_on, opened
from tests.servers.people import ALICE, PASSWORD

ROUNDS = {0.0: 3, 0.4: 1}
"""How often, by how long the demo's servers wait before each response, in seconds; where they do, little else tells."""

LOOKS_S = WARM_AGAIN_MS / 1000.0 + 0.3
"""So long at least an officer looks at what they have opened; a spare page is warm by then, as Chromium has one."""

NOT_DRIVEN = {"certificate": "which one a browser presents is chosen in its own window, or by a policy of the computer"}
"""Kinds that have no counterpart in a driven browser, and why."""

WARM, STARTED = "Chromium, driven", "Chromium, started for it and driven"

WEB: tuple[DemoSystem, ...] = tuple(
    one for one in SYSTEMS if one.how not in ("stdin", "descriptor", "3270", "ssh", *NOT_DRIVEN)
)


class Rounds:
    """What the rounds so far took, by system, and by phase in ours."""

    def __init__(self) -> None:
        self.ours: list[Times] = []
        self.driven: list[Times] = []
        self.started: list[Times] = []
        self.together: list[float] = []
        self._phases: list[dict[str, Times]] = []

    def ours_were(self, records: Iterable[LaunchRecord]) -> None:
        """Take the records of one sitting."""
        kept = list(records)
        self.ours.append({one.system: one.total_ms for one in kept})
        self._phases.append({one.system: {span.phase: span.duration_ms for span in one.phases} for one in kept})

    def figure(self, system: str, what: str, *, started: bool = False) -> Figure:
        """Return what one system took, beside the driven browser."""
        rival, against = (self.started, STARTED) if started else (self.driven, WARM)
        ours_ms = middle([one[system] for one in self.ours])
        return Figure(what, ours_ms, "ms", middle([one[system] for one in rival]), against, n=len(self.ours))

    def as_data(self) -> dict[str, object]:
        """Return all that was measured, and where ours went."""
        return {
            "ours_ms": self.ours,
            "driven_ms": self.driven,
            "started_ms": self.started,
            "together_ms": self.together,
            "phases_ms": self._phases,
        }


def measure() -> dict[str, object]:
    """Open each web system in each way, then the demo's all together in ours."""
    if (why := missing()) is not None:
        raise RuntimeError(why)
    figures: list[Figure] = []
    raw: dict[str, object] = {"not driven": NOT_DRIVEN}
    for delay_s, rounds in ROUNDS.items():
        found = asyncio.run(_demo(delay_s, rounds))
        at = f"{delay_s:g} s a response"
        figures += [found.figure(one.id, f"{one.how}: {one.name} ready, {at}") for one in WEB]
        figures.append(
            Figure(
                f"{len(WEB)} web systems together, {at}",
                middle(found.together),
                "ms",
                middle([sum(times.values()) for times in found.driven]),
                "Chromium, driven through them one after another",
                speed_up=True,
                n=rounds,
            )
        )
        raw[at] = found.as_data()
    with tempfile.TemporaryDirectory(prefix="bench-real-") as folder, real_estate(Path(folder)) as estate:
        found = asyncio.run(_real(estate, ROUNDS[0.0]))
    for system in estate.systems:
        what = f"{system.what}{', in an installed browser' if system.managed else ''}, ready"
        figures.append(found.figure(system.id, what))
        if system.managed:
            figures.append(found.figure(system.id, what, started=True))
    return report(figures, **raw, **{"real systems": found.as_data()})


async def _demo(delay_s: float, rounds: int) -> Rounds:
    found = Rounds()
    with tempfile.TemporaryDirectory(prefix="bench-driven-") as folder:
        async with driven_chromium(Path(folder)) as chromium:
            for _ in range(rounds):  # turn about, so that a busy minute falls on both
                async with demo_estate(delay_s) as (estate, station, (officer, *_)):
                    await chromium.forget()
                    where = estate.addresses
                    found.driven.append(
                        {one.id: await _took_ms(chromium, sign_on(chromium, one, where, officer)) for one in WEB}
                    )
                    person = await logged_on(station, officer)
                    found.ours_were(await _in_turn(station, person, [one.id for one in WEB]))
                    await person.log_off()
                # New officers, so that the same half minute has a one-time code for them that nobody has used.
                async with demo_estate(delay_s) as (_, station, (officer, *_)):
                    person = await logged_on(station, officer)
                    await person.open_mine()
                    kinds = {one.id for one in WEB}
                    records = [one for one in await opened(station, len(SYSTEMS)) if one.system in kinds]
                    found.together.append(all_ms(records))
                    await person.log_off()
    return found


async def _real(estate: RealEstate, rounds: int) -> Rounds:
    found = Rounds()
    ids = [one.id for one in estate.systems]
    async with played_station(estate.files.station, estate.files.state) as station:
        with tempfile.TemporaryDirectory(prefix="bench-driven-") as folder:
            async with driven_chromium(Path(folder), negotiates=TICKETS_TO, environment=estate.ticket) as chromium:
                for _ in range(rounds):
                    times: Times = {}
                    for system in estate.systems:
                        if system.managed:  # its twin is signed on already
                            await chromium.forget()
                        times[system.id] = await _took_ms(chromium, system.sign_on(chromium, estate.realm))
                    found.driven.append(times)
                    await chromium.forget()
                    managed = [one for one in estate.systems if one.managed]
                    found.started.append({one.id: await _started_for_ms(one, estate) for one in managed})
                    person = await station.shown()
                    said = await person.log_on(ALICE.uid, PASSWORD, typing_s=TYPING_S)
                    if "signed_in" not in said:
                        raise RuntimeError(f"not logged on: {said}")
                    found.ours_were(await _in_turn(station, person, ids))
                    await person.log_off()
    return found


async def _started_for_ms(system: RealSystem, estate: RealEstate) -> float:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="bench-driven-") as folder:
        async with driven_chromium(Path(folder), negotiates=TICKETS_TO, environment=estate.ticket) as chromium:
            await system.sign_on(chromium, estate.realm)
            return (time.perf_counter() - began) * 1000.0


async def _in_turn(station: PlayedStation, person: Officer, systems: list[str]) -> list[LaunchRecord]:
    """Open each some time after the one before is ready; return their records."""
    for system in systems:
        await person.open(system)
        await asyncio.sleep(LOOKS_S)
    return await opened(station, len(systems))


async def _took_ms(chromium: DrivenChromium, work: Awaitable[None]) -> float:
    await chromium.open("about:blank")  # what the page before shows is not taken for this one's
    began = time.perf_counter()
    await work
    return (time.perf_counter() - began) * 1000.0
