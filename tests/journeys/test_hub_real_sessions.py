"""A helpdesk across the room: the product's own station with real sessions, a hub as it is served, an analyst at B."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from launcher.bootstrap.enrolling import enrol
from launcher.bootstrap.where import Where
from launcher.secret import Secret
from launcher.wire.hub.helpdesk import Acted, OfficerPage
from tests.journeys.hub_bench import ROLES, Analyst, terminal, vouched
from tests.journeys.played import DemoPlace, demo_place, started_station
from tests.journeys.station_bench import WITHIN_S
from tests.servers.hub import HubProcess, running_hub

pytestmark = [pytest.mark.needs("browser-engine"), pytest.mark.timeout(240)]

SYSTEMS = ("custody-record", "case-file")


def _enrolled(place: DemoPlace, hub: HubProcess) -> None:
    with place.station.open("a", encoding="utf-8") as file:
        file.write(f'\n[hub]\naddresses = ["{hub.origin}"]\n')
    where = Where(place.station, place.state)
    settings = where.settings()
    assert settings.hub is not None
    enrol(where, settings, settings.hub, Secret(hub.code()))


def test_a_real_session_is_seen_closed_messaged_and_ended_while_frozen(tmp_path: Path) -> None:
    async def journey() -> None:
        with running_hub(more=ROLES) as hub:
            (tmp_path / "a").mkdir()
            async with (
                demo_place(tmp_path / "a", only=SYSTEMS) as place,
                terminal(hub, tmp_path / "b", "HD-01") as desk,
            ):
                await asyncio.to_thread(_enrolled, place, hub)
                async with (
                    started_station(place) as station,
                    vouched(hub, await desk.log_on("100", "helpdesk")) as road,
                ):
                    analyst = await Analyst.begins(road)
                    await station.opened(*SYSTEMS)
                    officer = await _found(analyst)
                    page = await _page(analyst, officer, dict.fromkeys(SYSTEMS, "ready"))
                    (view,) = page.sittings
                    assert view.terminal == "FD-02"
                    assert {one.record.kind for one in page.recent} == {"sign-in", "launch"}

                    closed = await analyst.act("close-system", officer, view, system="case-file")
                    assert _outcome(await road.acted(closed.key, 25.0)) == "done"
                    page = await _page(analyst, officer, {"custody-record": "ready"})

                    session = (await station.next("OfficerSignedIn"))["session"]
                    pid = next(one["pid"] for one in station.all("SessionStarted") if one["session"] == session)
                    await station.until(lambda: len(station.all("SpareComplete")) > 1 or None, "a warm spare")
                    os.kill(int(str(pid)), signal.SIGSTOP)
                    ended = await road.acted((await analyst.act("log-off", officer, view)).key, 25.0)
                    assert _outcome(ended) in ("done", "partly")
                    answer = ended.commands[0].answer
                    assert answer is not None
                    assert answer.systems == ("custody-record",)
                    assert answer.covered_ms is not None

    asyncio.run(journey())


def _outcome(acted: Acted) -> str:
    (command,) = acted.commands
    assert command.answer is not None, acted
    return command.answer.outcome


async def _found(analyst: Analyst) -> str:
    """Find who sits at the demo's terminal."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            found = await analyst.road.find(analyst.case, "FD-02")
            officers = [officer for one in found.terminals for officer in one.officers]
            if officers:
                return officers[0].officer
            await asyncio.sleep(0.5)


async def _page(analyst: Analyst, officer: str, states: dict[str, str]) -> OfficerPage:
    """Return the officer's page once their systems are in these states."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            page = await analyst.road.page(analyst.case, officer)
            if [{one.system: one.state for one in view.sitting.systems} for view in page.sittings] == [states]:
                return page
            await asyncio.sleep(0.5)
