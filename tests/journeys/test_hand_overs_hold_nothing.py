"""What the soak holds over three hundred hand-overs, over three: a station holds after each what it held before."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from launcher.residue import descendants
from launcher.station import HandedOver, OfficerSignedIn, SessionEnded, SpareWarm, StationLimits
from tests.journeys.station_bench import Hands, Station, station

NUMBERS = ("4471", "2210")


@dataclass(frozen=True, slots=True)
class Holds:
    """What is there with one officer at work and the next screen warm."""

    descriptors: tuple[str, ...]
    processes: int
    files: int


def holds(here: Station) -> Holds:
    """Look at this process, which is the station's here, and at its folders."""
    opened = []
    for one in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the listing's own
            opened.append(str(one.readlink()).partition(":")[0])
    return Holds(
        descriptors=tuple(sorted(opened)),
        processes=sum(not row.zombie for row in descendants(os.getpid())),
        files=sum(1 for folder in (here.homes, here.state_dir) for _ in folder.rglob("*")),
    )


async def at_work(here: Station, hands: Hands) -> None:
    """Let an officer who is signed in open two systems and start a program."""
    await hands.do("holds", systems=["anpr", "custody"], running=1)
    await hands.do("start-program")


async def handed_over(here: Station, gone: int, hands: Hands, number: str) -> tuple[int, Hands]:
    """Let the officer lock and another take over; return the newcomer's session, once what was left has ended."""
    await hands.do("lock")
    shown, newcomer = await here.shown_session()
    newcomer.order("prove", number=number, take_over=True)
    assert (await here.next(HandedOver)).session == gone
    assert (await here.next(OfficerSignedIn)).number == number
    await at_work(here, newcomer)
    assert await here.next(SessionEnded)
    await here.next(SpareWarm)
    hands.close()
    return shown.session, newcomer


def test_a_station_holds_after_each_hand_over_what_it_held_before(tmp_path: Path) -> None:
    limits = StationLimits(heartbeat_s=0.1, unresponsive_s=10.0, end_within_s=30.0, cover_s=30.0, grace_s=0.0)

    async def journey() -> list[Holds]:
        found = []
        async with station(tmp_path, limits=limits) as here:
            shown, hands = await here.shown_session()
            session = shown.session
            await hands.do("sign-in", number=NUMBERS[0])
            await here.next(OfficerSignedIn)
            await at_work(here, hands)
            for _ in range(2):  # the first screen and the spare behind it
                await here.next(SpareWarm)
            for turn in range(3):
                session, hands = await handed_over(here, session, hands, NUMBERS[(turn + 1) % 2])
                found.append(holds(here))
        return found

    _, second, third = asyncio.run(journey())
    assert second == third
