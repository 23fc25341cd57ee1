"""The wall clock of a running station is set on and back by days: no limit comes sooner by it, and none later."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from pathlib import Path

import pytest

from tests.bench.estates import Files, Person, shared_station
from tests.journeys.board_terminal import shown
from tests.journeys.played import station_command
from tests.servers import faketime

pytestmark = [pytest.mark.needs("browser-engine", "faketime"), pytest.mark.timeout(120)]

OFFICER = Person("4471", f"pw{secrets.token_hex(8)}")


def days_of(files: Files, event: str) -> int:
    """Return how many days ahead of this computer's clock the station's was when it logged this last."""
    lines = [json.loads(line) for line in (files.state / "station.log").read_text().splitlines()]
    at = [line["at"] for line in lines if line["event"] == event][-1]
    return faketime.days_ahead(at)


def test_setting_the_time_ends_no_session_and_keeps_none(tmp_path: Path) -> None:
    files = shared_station(tmp_path, (OFFICER,), systems=0, lock="idle_s = 0\ngrace_s = 600\nlocked_s = 3600")
    with files.station.open("a") as file:
        file.write("\n[limits]\nsitting_s = 8\nend_notice_s = 6\n")
    ahead = tmp_path / "ahead"
    ahead.write_text("+0")

    async def journey() -> None:
        options = ("--station", str(files.station), "--state", str(files.state))
        env = {**os.environ, **faketime.read_from(ahead)}
        async with station_command(options, env=env, searched=False) as station:
            session, officer = await shown(station)
            await officer.do("log-on", user_name=OFFICER.number, secret=OFFICER.password)
            ahead.write_text("+3d")
            await officer.do("lock")
            await station.next("SessionLocked", session=session)
            assert days_of(files, "session-locked") == 3
            ahead.write_text("-3d")
            # By the wall clock the limit was passed three days ago, and there was no time left to say so.
            soon = await station.next("EndingSoon", session=session)
            assert soon["why"] == "sitting-limit"
            # By the wall clock it would have three days yet.
            assert (await station.next("SessionEnded", session=session))["reason"] == "sitting-limit"
            assert days_of(files, "session-ended") == -3

    asyncio.run(journey())
