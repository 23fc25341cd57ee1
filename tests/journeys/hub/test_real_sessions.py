"""A helpdesk across the room: the product's own station with real sessions, a hub as it is served, an analyst at B."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path

import pytest

from launcher.bootstrap.enrolling import enrol
from launcher.bootstrap.where import Where
from launcher.demo.players import Player
from launcher.display.x_server import XServer
from launcher.secret import Secret
from launcher.wire.hub.helpdesk import Acted, AskSupervisor, OfficerPage
from tests.journeys.hub.hub_bench import Analyst, terminal, vouched
from tests.journeys.played import DemoPlace, demo_place, started_station, station_command
from tests.journeys.station_bench import WITHIN_S
from tests.servers.hub import HubProcess, running_hub
from tests.servers.x_programs import Eyes
from tests.servers.xvfb import Screen

pytestmark = [pytest.mark.needs("browser-engine"), pytest.mark.timeout(240)]

SYSTEMS = ("custody-record", "case-file")


def _enrolled(place: DemoPlace, hub: HubProcess) -> None:
    with place.station.open("a", encoding="utf-8") as file:
        file.write(f'\n[hub]\naddresses = ["{hub.origin}"]\n')
    where = Where(place.station, place.state)
    settings = where.settings()
    assert settings.hub is not None
    enrol(where, settings, settings.hub, Secret(hub.code()))


def test_a_real_session_is_seen_closed_messaged_and_ended_while_frozen(tmp_path: Path, hub_of_one: HubProcess) -> None:
    async def journey() -> None:
        (tmp_path / "a").mkdir()
        async with (
            demo_place(tmp_path / "a", only=SYSTEMS) as place,
            terminal(hub_of_one, tmp_path / "b", "HD-01") as desk,
        ):
            await asyncio.to_thread(_enrolled, place, hub_of_one)
            async with (
                started_station(place, searched=False) as station,
                vouched(hub_of_one, await desk.log_on("100", "helpdesk")) as road,
            ):
                analyst = await Analyst.begins(road)
                await station.opened(*SYSTEMS)
                officer = await _found(analyst)
                page = await _page(analyst, officer, dict.fromkeys(SYSTEMS, "ready"))
                (view,) = page.sittings
                assert view.terminal == "FD-02"
                assert {one.record.kind for one in page.recent} == {"sign-in", "launch"}

                closed = await analyst.act("close-system", officer, view, system="custody-record")
                assert _outcome(await road.acted(closed.key, 25.0)) == "done"
                page = await _page(analyst, officer, {"case-file": "ready"})

                session = (await station.next("OfficerSignedIn"))["session"]
                pid = next(one["pid"] for one in station.all("SessionStarted") if one["session"] == session)
                await station.until(lambda: len(station.all("SpareComplete")) > 1 or None, "a warm spare")
                os.kill(int(str(pid)), signal.SIGSTOP)
                ended = await road.acted((await analyst.act("log-off", officer, view)).key, 25.0)
                assert _outcome(ended) in ("done", "partly")
                answer = ended.commands[0].answer
                assert answer is not None
                assert answer.systems == ("case-file",)
                assert answer.covered_ms is not None

    asyncio.run(journey())


ONE_BY_TWO = """
[roles]
helpdesk = ["helpdesk"]
supervisors = { custody = 1 }

[helpdesk]
sensitive = ["lock"]
"""


def test_a_supervisor_is_asked_at_the_officers_real_screen(tmp_path: Path, screen: Screen) -> None:
    async def journey() -> None:
        with running_hub(more=ONE_BY_TWO) as hub:
            (tmp_path / "a").mkdir()
            async with (
                demo_place(tmp_path / "a", only=("case-file",)) as place,
                terminal(hub, tmp_path / "b", "HD") as b,
            ):
                await asyncio.to_thread(_enrolled, place, hub)
                shown = {**os.environ, **screen.environment, "QT_QPA_PLATFORM": "xcb"}
                options = ("--station", str(place.station), "--state", str(place.state))
                async with (
                    station_command(options, env=shown, searched=False) as station,
                    vouched(hub, await b.log_on("100", "helpdesk")) as road,
                ):
                    analyst = await Analyst.begins(road)
                    supervisor, officer = place.officers[:2]
                    player = await station.players.first()
                    await player.do("log-on", user_name=officer.user_name, secret=officer.password)
                    key = await _found(analyst)
                    (view,) = (await analyst.page(key, sittings=1)).sittings
                    letters = str((await player.do("ask-help"))["letters"])
                    assert (await analyst.verified(letters)).officer == key
                    await station.until(lambda: len(station.all("SpareComplete")) > 1 or None, "a warm spare")

                    async def asked() -> tuple[Acted, Player, object]:
                        acted = await analyst.act("lock", key, view)
                        assert acted.state == "waits-for-second"
                        await road.ask_supervisor(str(acted.request), AskSupervisor(sitting=view.sitting.sitting))
                        session = (await station.next("SecondAsked"))["session"]
                        started = station.all("SessionStarted")
                        pid = next(one["pid"] for one in started if one["session"] == session)
                        return acted, await station.players.player(int(str(pid))), session

                    acted, card, session = await asked()
                    await card.do("await", what="second")
                    await card.go("second-refuse")
                    assert (await road.acted(acted.key, 10.0)).state == "refused"
                    while (await station.next("SessionEnded"))["session"] != session:
                        pass
                    # The officer's own screen has the keys again, though nobody manages the windows here.
                    with Eyes(screen) as eyes:
                        await asyncio.to_thread(eyes.until, lambda: _pid_of(screen, eyes.focus()) == player.pid)

                    acted, card, _ = await asked()
                    await card.go("log-on", user_name=supervisor.user_name, secret=supervisor.password)
                    assert (await road.acted(acted.key, 25.0)).state == "answered"
                    await station.next("SessionLocked")

    asyncio.run(journey())


def _pid_of(screen: Screen, window: int) -> int | None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XAUTHORITY", str(screen.authority))
        with contextlib.closing(XServer(screen.display)) as server:
            return server.pid_of(window)


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
