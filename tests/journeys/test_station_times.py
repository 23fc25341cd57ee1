"""Journeys of the station by the clock: it warns, locks by itself, and ends a sitting that it has said will end."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.station import (
    EndingSoon,
    LockWarned,
    OfficerSignedIn,
    ReopenTold,
    ScreenShown,
    SessionEnded,
    SessionLocked,
)
from launcher.station.limits import NOTHING_LOST_NOTICE_S
from tests.journeys.lock_bench import locked, signed_in
from tests.journeys.station_bench import LIMITS, station


def test_a_warning_comes_and_a_touch_or_a_video_takes_it_off(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            _, hands = await signed_in(here)
            acts: tuple[tuple[str, dict[str, object]], ...] = (("touched", {}), ("playing", {"on": True}))
            for act, how in acts:
                here.clock.pass_s(LIMITS.idle_s - LIMITS.warn_s)
                warned = await here.next(LockWarned)
                assert warned.in_s is not None
                assert warned.in_s <= LIMITS.warn_s
                assert (await hands.said("lock-soon"))["lock-soon"] == {"in_s": warned.in_s}
                await hands.do(act, **how)
                assert (await here.next(LockWarned)).in_s is None
                assert (await hands.said("lock-soon"))["lock-soon"] == {"in_s": None}
            here.clock.pass_s(LIMITS.idle_s * 2)
            await hands.do("playing", on=False)
            here.clock.pass_s(LIMITS.idle_s - LIMITS.warn_s)
            assert (await here.next(LockWarned)).in_s is not None
        assert not any(isinstance(one, SessionLocked) for one in here.events)

    asyncio.run(journey())


def test_nobody_touches_a_key_and_it_locks(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here)
            here.clock.pass_s(LIMITS.idle_s)
            assert (await hands.said("lock"))["lock"] == {"why": "idle"}
            said = await here.next(SessionLocked)
            assert (said.session, said.why, said.own_face) == (session, "idle", False)
            assert (await here.shown_session())[0].over == session

    asyncio.run(journey())


class FailingClock:
    """A display that has gone in a way nobody foresaw."""

    def __init__(self) -> None:
        self.closed = threading.Event()

    def idle_s(self) -> float:
        raise ValueError("no display")

    def close(self) -> None:
        self.closed.set()


def test_an_idle_clock_that_fails_keeps_nothing_from_locking_and_is_let_go_at_the_end(tmp_path: Path) -> None:
    clock = FailingClock()

    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS, idle_clock=clock) as here:
            session, hands = await signed_in(here)
            here.clock.pass_s(LIMITS.idle_s - LIMITS.warn_s)
            await hands.said("lock-soon")
            await hands.do("touched")
            assert (await hands.said("lock-soon"))["lock-soon"] == {"in_s": None}
            here.clock.pass_s(LIMITS.idle_s)
            assert (await here.next(SessionLocked)).session == session

    asyncio.run(journey())
    assert clock.closed.wait(30)


def test_a_screen_that_is_exempt_does_not_lock_by_itself(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            _, hands = await here.shown_session()
            await hands.do("sign-in", locks=False)
            await here.next(OfficerSignedIn)
            here.clock.pass_s(LIMITS.sitting_s)
            assert (await here.next(SessionEnded)).reason == "sitting-limit"
        assert not any(isinstance(one, SessionLocked | LockWarned) for one in here.events)

    asyncio.run(journey())


def test_an_end_to_come_is_said_on_the_screen_over_a_locked_session(tmp_path: Path) -> None:
    async def journey() -> None:
        limits = replace(LIMITS, idle_s=0.0, locked_s=2 * LIMITS.sitting_s, grace_s=2 * LIMITS.sitting_s)
        async with station(tmp_path, limits=limits) as here:
            _, hands = await signed_in(here)
            _, new_hands = await locked(here, hands)
            by_its_lock = (await new_hands.said("show-over"))["show-over"]
            here.clock.pass_s(limits.sitting_s - limits.end_notice_s)
            soon = await here.next(EndingSoon)
            by_its_limit = (await new_hands.said("show-over"))["show-over"]
            assert isinstance(by_its_lock, dict)
            assert isinstance(by_its_limit, dict)
            assert 0 < by_its_limit["locked"]["ends_in_s"] <= soon.in_s < by_its_lock["locked"]["ends_in_s"]

    asyncio.run(journey())


def test_a_sitting_has_an_end_that_is_said_before(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=replace(LIMITS, idle_s=0.0)) as here:
            session, hands = await signed_in(here, systems=["anpr"], unsaved=2, running=1)
            here.clock.pass_s(LIMITS.sitting_s - LIMITS.end_notice_s)
            soon = await here.next(EndingSoon)
            assert (soon.session, soon.why, soon.unsaved, soon.running) == (session, "sitting-limit", 2, 1)
            assert (await hands.said("end-soon"))["end-soon"] == {"why": "sitting-limit", "in_s": soon.in_s}
            here.clock.pass_s(LIMITS.end_notice_s)
            assert (await hands.said("end"))["end"] == "sitting-limit"
            assert (await here.next(SessionEnded)).reason == "sitting-limit"
            await signed_in(here)
            assert (await here.next(ReopenTold)).systems == 1

    asyncio.run(journey())


def test_a_session_that_stays_locked_too_long_is_ended_and_its_screen_says_so(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here)
            over, new_hands = await locked(here, hands)
            here.clock.pass_s(LIMITS.locked_s)
            assert (await new_hands.said("not-over"))["not-over"] == {"why": "locked-too-long"}
            shown = await here.next(ScreenShown)
            assert (shown.session, shown.over) == (over.session, 0)
            ended = await here.next(SessionEnded)
            assert (ended.session, ended.reason) == (session, "locked-too-long")
            # It is a sign-in screen like any other now.
            new_hands.order("prove", number="2214")
            await new_hands.said("enter")
            assert (await here.next(OfficerSignedIn)).session == over.session

    asyncio.run(journey())


def test_an_officer_who_would_lose_something_by_a_reset_is_told_and_given_time(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here, systems=["anpr"], running=1)
            here.supervisor.reset()
            here.supervisor.reset()
            soon = await here.next(EndingSoon)
            assert (soon.why, soon.running, soon.in_s) == ("reset", 1, LIMITS.end_notice_s)
            here.clock.pass_s(LIMITS.end_notice_s)
            assert (await hands.said("end"))["end"] == "reset"
            assert (await here.next(SessionEnded)).session == session
        assert sum(isinstance(one, EndingSoon) for one in here.events) == 1

    asyncio.run(journey())


def test_an_officer_who_has_nothing_to_lose_by_a_reset_is_told_too_and_it_is_counted_anew(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            _, hands = await signed_in(here, systems=["anpr"])
            here.supervisor.reset()
            assert (await here.next(EndingSoon)).in_s == NOTHING_LOST_NOTICE_S
            assert (await hands.said("end-soon"))["end-soon"] == {"why": "reset", "in_s": NOTHING_LOST_NOTICE_S}
            # A page was edited since it was counted last.
            await hands.do("holds", systems=["anpr"], unsaved=1)
            soon = await here.next(EndingSoon)
            assert soon.unsaved == 1
            assert soon.in_s == pytest.approx(LIMITS.end_notice_s)
            assert (await hands.said("end-soon"))["end-soon"] == {"why": "reset", "in_s": soon.in_s}
            await hands.do("holds", systems=["anpr"], unsaved=2)
            here.clock.pass_s(LIMITS.end_notice_s)
            assert (await hands.said("end"))["end"] == "reset"
            # Nothing was edited: it ends after the short notice.
            _, hands = await signed_in(here)
            here.supervisor.reset()
            await hands.said("end-soon")
            here.clock.pass_s(NOTHING_LOST_NOTICE_S)
            assert (await hands.said("end"))["end"] == "reset"
        assert sum(isinstance(one, EndingSoon) for one in here.events) == 3

    asyncio.run(journey())
