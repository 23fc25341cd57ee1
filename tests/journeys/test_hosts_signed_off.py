"""Whoever leaves the demo's hosts with terminals, in whatever way, leaves their logon screen to the next caller.

An officer logs off, a colleague takes the terminal over, the station is reset; and one who is killed signs off nowhere,
which is said with host and line.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.bootstrap.tools import run_timings
from launcher.bootstrap.where import Where
from launcher.demo.content import TERMINALS
from launcher.station import ScreenShown, SignOffUnconfirmed
from launcher.wire.records import LaunchRecord
from tests.bench.estates import Person
from tests.bench.played_station import PlayedStation, played_station
from tests.bench.two_officers import Terminal
from tests.journeys.played import DemoPlace, demo_place

pytestmark = [pytest.mark.needs("browser-engine"), pytest.mark.timeout(300)]

HOSTS = tuple(one.id for one in TERMINALS)
LOCK = "\n[limits]\nend_within_s = 60\nend_notice_s = 0\n\n[lock]\nidle_s = 0\ngrace_s = 0\n"


class Journey:
    """Two officers at one station, and what its hosts say of the first."""

    def __init__(self, place: DemoPlace, station: PlayedStation, at: Terminal) -> None:
        self.place = place
        self.station = station
        self.at = at
        self.a, self.b = (Person(one.user_name, one.password) for one in place.officers)

    def signed_on(self) -> Iterator[str]:
        """Who is signed on, on all lines of all hosts."""
        for system in HOSTS:
            yield from self.place.estate.accounts[system].signed_on.values()

    async def works(self) -> int:
        """Have A log on and open both hosts; return their session."""
        await self.at.log_on(self.a)
        for system in HOSTS:
            assert await self.at.officer.open(system) == "ready"
            opened = await self.station.next_record(LaunchRecord)
            assert (opened.system, opened.outcome, opened.prompts) == (system, "ready", 0)
        assert sorted(self.signed_on()) == sorted(self.place.officer.accounts[one].user_name for one in HOSTS)
        return self.at.session

    async def nobody_is_left(self, session: int, reason: str) -> None:
        """Wait for a session's end: nobody is signed on at a host then, and nothing was to be said of it."""
        ended = await self.station.ended(session)
        assert (ended.reason, ended.remained) == (reason, ())
        assert list(self.signed_on()) == []
        assert [one for one in self.station.events if isinstance(one, SignOffUnconfirmed)] == []


def test_the_next_caller_meets_the_logon_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def journey() -> None:
        async with demo_place(tmp_path, only=HOSTS) as place:
            place.station.write_text(place.station.read_text() + LOCK)
            async with played_station(place.station, place.state) as station:
                shown = await station.next(ScreenShown)
                at = Terminal(station, shown.session, await station.officer(shown.session))
                here = Journey(place, station, at)

                gone = await here.works()
                await at.log_off()
                await here.nobody_is_left(gone, "log-off")

                gone = await here.works()
                await at.lock()
                await at.taken_over(here.b)
                await here.nobody_is_left(gone, "handed-over")
                gone = at.session
                await at.log_off()
                await here.nobody_is_left(gone, "log-off")

                gone = await here.works()
                station.supervisor.reset()
                await at.sit_down()
                await here.nobody_is_left(gone, "reset")

                gone = await here.works()
                os.kill(at.officer.player.pid, signal.SIGKILL)
                left = await station.next(SignOffUnconfirmed)
                # SSH's own end signs off there; the line of a 3270 that is only closed does not.
                assert [one.partition(",")[0] for one in place.estate.left_signed_on()] == ["National Records"]
                (line,) = place.estate.accounts["national-records"].signed_on
                host, port = place.addresses.terminals["national-records"]
                assert left.session == gone
                assert any(f"{host}:{port}" in one and line in one for one in left.systems), left
            assert run_timings(Where(place.station, place.state), 1.0, as_json=False) == 0

    asyncio.run(journey())
    timed = capsys.readouterr().out
    for system in HOSTS:
        (line,) = [one for one in timed.splitlines() if one.startswith(system) and "total" in one]
        assert " 4 " in line, timed
