"""A station that is told to stop: an officer who would lose something by it is told what, and has time to save it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.policy.settings import LimitSettings
from launcher.station import EndingSoon, SessionEnded, StationLimits
from launcher.station.limits import STOP_NOTICE_S
from launcher.station.sittings import Sittings
from tests.journeys.lock_bench import locked, signed_in
from tests.journeys.station_bench import Hands, Station, station

UNIT = Path(__file__).parents[2] / "resources" / "station" / "station-launcher.service"
LIMITS = StationLimits(heartbeat_s=0.1, unresponsive_s=10.0, end_within_s=0.2, idle_s=0.0)


def test_the_service_waits_for_as_long_as_a_stop_may_take() -> None:
    unit = UNIT.read_text(encoding="utf-8")
    [waits] = re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    [most] = [one.le for one in LimitSettings.model_fields["sign_off_within_s"].metadata if hasattr(one, "le")]
    assert int(waits) >= STOP_NOTICE_S + StationLimits().end_within_s + most + 5


async def told(here: Station, hands: Hands) -> asyncio.Task[None]:
    """Tell the station to stop in time; return that once its officer has heard of it."""
    stopping = asyncio.create_task(here.supervisor.stop(in_time=True))
    words = (await hands.said("end-soon"))["end-soon"]
    assert words == {"why": "station-stopping", "in_s": STOP_NOTICE_S}
    assert not stopping.done()
    return stopping


def test_an_officer_with_something_to_lose_is_told_and_the_station_stops_once_it_is_saved(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here, systems=["anpr"], unsaved=1, running=1)
            stopping = await told(here, hands)
            soon = await here.next(EndingSoon)
            assert (soon.session, soon.why, soon.unsaved, soon.running) == (session, "station-stopping", 1, 1)
            await hands.do("holds", systems=["anpr"], running=1)
            assert not stopping.done()
            hands.order("holds", systems=["anpr"])
            assert (await hands.said("end"))["end"] == "station-stopping"
            await stopping

    asyncio.run(journey())


def test_an_officer_who_logs_off_meanwhile_is_not_waited_for(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here, systems=["anpr"], unsaved=1)
            stopping = await told(here, hands)
            await hands.do("log-off")
            await stopping
            ended = [one for one in here.events if isinstance(one, SessionEnded) and one.session == session]
            assert [one.reason for one in ended] == ["log-off"]

    asyncio.run(journey())


@pytest.mark.parametrize("how", ["twice", "time is over"])
def test_to_be_told_twice_or_the_end_of_the_time_ends_it(tmp_path: Path, how: str) -> None:
    async def journey() -> None:
        limits = LIMITS if how == "twice" else replace(LIMITS, end_notice_s=0.05)
        async with station(tmp_path, limits=limits) as here:
            _, hands = await signed_in(here, systems=["anpr"], unsaved=1)
            if how == "twice":
                stopping = await told(here, hands)
                again = asyncio.create_task(here.supervisor.stop())
            else:
                stopping = again = asyncio.create_task(here.supervisor.stop(in_time=True))
            assert (await hands.said("end"))["end"] == "station-stopping"
            await asyncio.gather(stopping, again)

    asyncio.run(journey())


def test_what_is_edited_is_counted_anew_before_it_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.station.sittings.COUNTED_WITHIN_S", 30.0)

    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            _, hands = await signed_in(here, systems=["anpr"])
            stopping = await told(here, hands)
            await hands.do("holds", systems=["anpr"], unsaved=1)
            hands.order("holds", systems=["anpr"])
            assert (await hands.said("end"))["end"] == "station-stopping"
            await stopping

    asyncio.run(journey())


def test_an_officer_of_whom_nothing_would_be_lost_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.station.sittings.COUNTED_WITHIN_S", 0.05)

    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            await signed_in(here, systems=["anpr"])
            await here.supervisor.stop(in_time=True)

    asyncio.run(journey())


@pytest.mark.parametrize("who", ["nobody", "nothing open", "locked"])
def test_where_nobody_would_read_it_or_nothing_is_open_it_stops_at_once(tmp_path: Path, who: str) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            if who == "nobody":
                await here.shown_session()
            else:
                _, hands = await signed_in(
                    here, systems=["anpr"] if who == "locked" else [], unsaved=int(who == "locked")
                )
                if who == "locked":
                    await locked(here, hands)
            await here.supervisor.stop(in_time=True)
        assert not any(isinstance(one, EndingSoon) for one in here.events)

    asyncio.run(journey())


def test_a_fault_in_telling_keeps_no_station_from_stopping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def faulty(_: Sittings) -> None:
        raise IndexError

    monkeypatch.setattr(Sittings, "stop_notice", faulty)

    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            _, hands = await signed_in(here, systems=["anpr"], unsaved=1)
            stopping = asyncio.create_task(here.supervisor.stop(in_time=True))
            assert (await hands.said("end"))["end"] == "station-stopping"
            await stopping

    asyncio.run(journey())
