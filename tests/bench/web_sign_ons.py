"""Each kind of web sign-on, by its entry, beside Chromium driven through the same logon; and all of them together."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from launcher.demo.content import SYSTEMS, DemoSystem
from tests.bench.driven_chromium import driven_chromium, missing
from tests.bench.figures import Figure, middle, report
from tests.bench.ten_together import Times, all_ms, demo_estate, logged_on, opened

DELAYS_S = (0.0, 0.4)
TIMES = 3

NOT_DRIVEN = {
    "token": "the page's fetches want a token that no logon page gives",
    "certificate": "its certificate would have to lie in the browser's profile",
}
"""Kinds that have no counterpart in a driven browser, and why."""

WEB: tuple[DemoSystem, ...] = tuple(
    one for one in SYSTEMS if one.how not in ("stdin", "descriptor", "3270", "ssh", *NOT_DRIVEN)
)


def measure() -> dict[str, object]:
    """Open each web system alone in each way, then all together in ours; the servers wait 0 s and then 0.4 s."""
    if (why := missing()) is not None:
        raise RuntimeError(why)
    figures: list[Figure] = []
    raw: dict[str, object] = {"not driven": NOT_DRIVEN}
    for delay_s in DELAYS_S:
        ours, driven, together = asyncio.run(_rounds(delay_s))
        at = f"{delay_s:g} s a response"
        figures += [
            Figure(
                f"{one.how}: {one.name} ready, {at}",
                middle([times[one.id] for times in ours]),
                "ms",
                middle([times[one.id] for times in driven]),
                "Chromium, driven",
                n=TIMES,
            )
            for one in WEB
        ]
        figures.append(
            Figure(
                f"{len(WEB)} web systems together, {at}",
                middle(together),
                "ms",
                middle([sum(times.values()) for times in driven]),
                "Chromium, driven through them one after another",
                speed_up=True,
                n=TIMES,
            )
        )
        raw[at] = {"ours_ms": ours, "driven_ms": driven, "together_ms": together}
    return report(figures, **raw)


async def _rounds(delay_s: float) -> tuple[list[Times], list[Times], list[float]]:
    ours: list[Times] = []
    driven: list[Times] = []
    together: list[float] = []
    async with demo_estate(delay_s) as (estate, station, officers):
        officer = officers[0]
        with tempfile.TemporaryDirectory(prefix="bench-driven-") as folder:
            async with driven_chromium(Path(folder)) as chromium:
                for _ in range(TIMES):  # turn about, so that a busy minute falls on both
                    found: Times = {}
                    for system in WEB:
                        await chromium.forget()
                        found[system.id] = await chromium.ready_ms(system, estate.addresses.systems[system.id], officer)
                    driven.append(found)
                    found = {}
                    for system in WEB:
                        person = await logged_on(station, officer)
                        await person.open(system.id)
                        (record,) = await opened(station, 1)
                        found[system.id] = record.total_ms
                        await person.log_off()
                    ours.append(found)
                    person = await logged_on(station, officer)
                    await person.open_mine()
                    kinds = {one.id for one in WEB}
                    records = [one for one in await opened(station, len(SYSTEMS)) if one.system in kinds]
                    together.append(all_ms(records))
                    await person.log_off()
    return ours, driven, together
