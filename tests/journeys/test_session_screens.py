"""Sign-in screens that are replaced, and a session that stops answering, on the real screens with real keys."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from launcher.station import AnswersAgain, OfficerSignedIn, StationLimits, StoppedAnswering
from launcher.station.limits import look_every_s, silence_limit_s
from tests.bench.estates import NUMBER, PASSWORD, Files, local_station
from tests.bench.played_station import played_station

pytestmark = pytest.mark.timeout(180)

OTHER = "2210"
WRONG = "nobody's-password-551"


def _with_limits(files: Files, lines: str) -> Files:
    text = files.station.read_text(encoding="utf-8")
    files.station.write_text(f"{text}\n[limits]\n{lines}\n", encoding="utf-8")
    return files


@pytest.mark.needs("browser-engine")
def test_a_screen_serves_one_name_and_is_not_left_with_something_typed(tmp_path: Path) -> None:
    files = _with_limits(local_station(tmp_path), "spare_idle_s = 8")

    async def journey() -> None:
        async with played_station(files.station, files.state) as station:
            officer = await station.shown(warm=False)
            assert (await officer.log_on(NUMBER, WRONG))["refused"] == "password-not-accepted"

            # Another name goes into another process; it stands there, and the password is asked for.
            await officer.type("name", f"{OTHER}\t")
            ended = await station.ended(officer.session)
            assert (ended.reason, ended.how, ended.remained) == ("name-changed", "by-itself", ())
            following = await station.shown(warm=False)
            seen = await following.look()
            assert (seen["name"], seen["password_characters"], seen["focus"]) == (OTHER, 0, "password")

            # Whoever typed half a password and went is followed by a screen that holds nothing of it.
            await following.type("password", "half of")
            ended = await station.ended(following.session)
            assert (ended.reason, ended.how, ended.remained) == ("left-typed", "by-itself", ())
            seen = await (await station.shown(warm=False)).look()
            assert (seen["name"], seen["password_characters"], seen["focus"]) == ("", 0, "name")

    asyncio.run(journey())


@pytest.mark.needs("browser-engine")
def test_a_session_that_stops_is_noticed_and_says_so_when_it_goes_on(tmp_path: Path) -> None:
    files = local_station(tmp_path)

    async def journey() -> None:
        async with played_station(files.station, files.state) as station:
            officer = await station.shown(warm=False)
            assert await officer.log_on(NUMBER, PASSWORD) == {"signed_in": NUMBER}
            session = (await station.next(OfficerSignedIn)).session
            pid = station.pid_of(session)
            await station.steady(session)

            os.kill(pid, signal.SIGSTOP)
            stopped = await station.next(StoppedAnswering)
            os.kill(pid, signal.SIGCONT)
            assert stopped.session == session
            again = await station.next(AnswersAgain)
            assert again.session == session
            assert again.silent_ms >= stopped.since_ms
            notice = await officer.notice("not-answered")
            # On a busy computer it may have fallen silent once more since: the notice is of the last time.
            while notice["took_ms"] != pytest.approx(again.silent_ms):
                again = await station.next(AnswersAgain)

            await officer.log_off()
            ended = await station.ended(session)
            assert (ended.how, ended.remained) == ("by-itself", ())

    asyncio.run(journey())


def test_silence_is_looked_for_often_enough_to_be_said_in_time() -> None:
    limits = StationLimits()
    assert silence_limit_s(limits) + look_every_s(limits) <= limits.unresponsive_s <= 3.0
