"""Runs the journey ``reset``: a hub, two stations enrolled at it, and three officers who are played at them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launcher.demo.content import OWN_ACCOUNTS, WITH_CODE
from launcher.demo.estate import Estate
from launcher.demo.files import Desk, write_station
from launcher.demo.hub import DemoHub, serving
from launcher.demo.options import OpenStore, Options
from launcher.demo.people import HELPDESK, DemoOfficer, make_officers
from launcher.demo.players import listening
from launcher.demo.prepared import enrol, serving_estate
from launcher.demo.progress import say
from launcher.demo.reset import Journey, Played, Terminal
from launcher.demo.station import (
    log_end,
    must_be_able_to_start,
    played_environment,
    running_station,
    station_argv,
)
from launcher.demo.told import Told

WITHIN_S: Final = 600.0
DESKS: Final = (Desk("FD-01", "Front desk"), Desk("CO-02", "Control room"))
HUB: Final = f"""
[roles]
helpdesk = ["{HELPDESK}"]
"""


@dataclass(frozen=True, slots=True)
class Force:
    """A hub and the stations that are enrolled at it; the last officer works at the helpdesk."""

    hub: DemoHub
    terminals: tuple[Terminal, ...]
    officers: tuple[DemoOfficer, ...]


async def play_reset(options: Options, open_store: OpenStore, folder: Path) -> int:
    """Play it and return the exit status: 0 when all was as it should be."""
    async with running_force(options, open_store, folder) as force:
        say("The provider, all systems, a hub and two stations that are enrolled at it are up.")
        journey = Journey(force.hub, force.terminals[0], force.terminals[1], force.officers, say)
        played = await _played(journey)
        for terminal in force.terminals:
            for event in terminal.told.all("CannotStart"):
                must_be_able_to_start(event, terminal.state)
        return _told(options, played, force)


@asynccontextmanager
async def running_force(options: Options, open_store: OpenStore, folder: Path) -> AsyncIterator[Force]:
    """Run the estate, a hub and a station at each of :data:`DESKS` while the block runs."""
    officers = make_officers(OWN_ACCOUNTS, WITH_CODE, helpdesk=True)
    hub_folder, estate_folder = folder / "hub", folder / "estate"
    for one in (hub_folder, estate_folder):
        one.mkdir(mode=0o700)
    async with AsyncExitStack() as stack:
        estate = await stack.enter_async_context(serving_estate(estate_folder, officers, options.delay_s))
        hub = await stack.enter_async_context(serving(options.hub, hub_folder, HUB))
        terminals = [
            await stack.enter_async_context(
                _terminal(options, open_store, folder / desk.terminal, desk, officers, estate, hub)
            )
            for desk in DESKS
        ]
        yield Force(hub, tuple(terminals), officers)


async def _played(journey: Journey) -> Played:
    try:
        async with asyncio.timeout(WITHIN_S):
            return await journey.play()
    except TimeoutError:
        return journey.played


def _told(options: Options, played: Played, force: Force) -> int:
    say("")
    say(played.as_table())
    if not played.ok:
        for terminal in force.terminals:
            say(f"The end of the log of {terminal.desk.terminal}:\n{log_end(terminal.state)}")
        say(f"The end of the hub's log:\n{force.hub.said()}")
    if options.report_to is not None:
        options.report_to.write_text(json.dumps(played.as_data(), indent=2) + "\n", encoding="utf-8")
    return 0 if played.ok else 1


@asynccontextmanager
async def _terminal(
    options: Options,
    open_store: OpenStore,
    folder: Path,
    desk: Desk,
    officers: tuple[DemoOfficer, ...],
    estate: Estate,
    hub: DemoHub,
) -> AsyncIterator[Terminal]:
    """Write a station's files, enrol it and run it, as long as the block runs."""
    place, state = folder / "station", folder / "state"
    for one in (folder, place, state):
        one.mkdir(mode=0o700)
    more = f'\n[lock]\nidle_s = 0\n\n[hub]\naddresses = ["{hub.origin}"]\n'
    station = write_station(place, estate.addresses, officers, options.looks, options.delay_s, more, desk)
    await enrol(open_store(state), officers, estate)
    await hub.enrol(desk.terminal, desk.place, station, state)
    async with (
        listening() as players,
        running_station(station_argv(options.start, station, state), played_environment(players), state) as process,
    ):
        told = Told()
        reading = asyncio.create_task(told.read(process.stdout))
        try:
            yield Terminal(desk, told, players, state)
        finally:
            reading.cancel()
            await asyncio.wait({reading})
