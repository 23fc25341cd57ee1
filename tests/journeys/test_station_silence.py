"""Journeys of the station with stand-in sessions that freeze, and with those that are held up while they warm."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from launcher.station import (
    AnswersAgain,
    OfficerSignedIn,
    SessionEnded,
    SpareComplete,
    StationLimits,
    StoppedAnswering,
)
from launcher.station.limits import START_WITHIN_S
from tests.journeys.station_bench import NOTICING, station


def test_a_stopped_session_is_noticed_and_told_when_it_answers_again(tmp_path: Path) -> None:
    async def journey() -> None:
        limits = StationLimits(heartbeat_s=0.2, unresponsive_s=1.0, end_within_s=30.0)
        async with station(tmp_path, limits=limits) as here:
            first, hands = await here.shown_session()
            os.kill(hands.pid, signal.SIGSTOP)
            noticed = await here.next(StoppedAnswering)
            assert noticed.session == first.session
            os.kill(hands.pid, signal.SIGCONT)
            again = await here.next(AnswersAgain)
            assert again.silent_ms >= noticed.since_ms
            said = await hands.said("unresponsive")
            assert said["unresponsive"] == pytest.approx(again.silent_ms)

    asyncio.run(journey())


def test_a_living_process_with_a_frozen_screen_is_noticed(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=NOTICING) as here:
            first, hands = await here.shown_session()
            await hands.do("screen-freezes", age_ms=3000)
            assert (await here.next(StoppedAnswering)).session == first.session
            await hands.do("screen-freezes", age_ms=0)
            assert (await here.next(AnswersAgain)).session == first.session

    asyncio.run(journey())


def test_a_stopped_spare_is_ended_before_it_could_be_shown(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=NOTICING) as here:
            first, hands = await here.shown_session()
            await here.spare()
            stopped = await here.spare()
            # One that was stopped while it warms is waited for, and that is another journey.
            while (await here.next(SpareComplete)).session != stopped.session:
                pass
            os.kill(stopped.pid, signal.SIGSTOP)
            assert (await here.next(SessionEnded)).session == stopped.session
            other = await here.spare()
            await hands.do("log-off")
            second, _ = await here.shown_session()
            assert second.session == other.session != first.session

    asyncio.run(journey())


def test_a_screen_that_is_held_up_while_it_warms_is_no_fault_and_a_spare_is_not_ended(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, "keeps-warming", limits=NOTICING) as here:
            first, hands = await here.shown_session()
            await here.spare()
            spare = await here.spare()
            behind = await here.hands_on(spare.pid)
            await behind.do("screen-freezes", age_ms=5000)
            await hands.do("screen-freezes", age_ms=3000)

            # Once it has nothing left to warm, the same silence is a fault.
            await hands.do("complete")
            assert (await here.next(StoppedAnswering)).session == first.session
            told = [type(one) for one in here.events if isinstance(one, SpareComplete | StoppedAnswering)]
            assert told == [SpareComplete, StoppedAnswering]
            await behind.do("complete")
            assert (await here.next(StoppedAnswering)).session == spare.session
            assert (await here.next(SessionEnded)).session == spare.session

    asyncio.run(journey())


def test_an_officer_who_is_quicker_than_the_browser_is_not_taken_for_stuck(tmp_path: Path) -> None:
    async def journey() -> None:
        limits = StationLimits(heartbeat_s=0.2, unresponsive_s=1.0, cover_s=2.0)
        async with station(tmp_path, "keeps-warming", limits=limits) as here:
            first, hands = await here.shown_session()
            await hands.do("screen-freezes", age_ms=5000)
            await hands.do("beat")
            await hands.do("sign-in")
            await here.next(OfficerSignedIn)
            here.supervisor._silence._look_at(here.supervisor._seats[first.session])
            await hands.do("complete")
            assert (await here.next(StoppedAnswering)).session == first.session
            told = [type(one) for one in here.events if isinstance(one, SpareComplete | StoppedAnswering)]
            assert told == [SpareComplete, StoppedAnswering]

    asyncio.run(journey())


def test_a_browser_that_is_never_made_hides_no_frozen_screen(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, "keeps-warming", limits=NOTICING) as here:
            first, hands = await here.shown_session()
            await hands.do("sign-in")
            await here.next(OfficerSignedIn)
            here.supervisor._seats[first.session].started -= START_WITHIN_S
            await hands.do("screen-freezes", age_ms=3000)
            assert (await here.next(StoppedAnswering)).session == first.session

    asyncio.run(journey())
