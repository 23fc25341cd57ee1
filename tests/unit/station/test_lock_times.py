"""When a sitting is warned, locked and ended, by a clock that nobody can set."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.station import StationLimits
from launcher.station.idle import Activity, AskedIdleClock, TouchedIdleClock
from launcher.station.lock_times import (
    Due,
    EndNow,
    GraceEnds,
    LockNow,
    SayEnd,
    Sitting,
    WarnLock,
    ends_in_s,
    ends_later,
    ends_soon,
    grace_left_s,
    locked,
    look,
    next_look_s,
    plays,
    unlocked,
)

LIMITS = StationLimits(
    idle_s=300.0, warn_s=60.0, grace_s=120.0, locked_s=7200.0, sitting_s=43200.0, end_notice_s=600.0, heartbeat_s=1.0
)
NEW = Sitting(began=1000.0)
WARNED = replace(NEW, warned=True)
ASKED = replace(NEW, asked=True)
LOCKED = replace(NEW, locked_at=2000.0)
FULL = replace(LOCKED, grace_over=True)
TOLD = replace(NEW, ends_at=44200.0)

TABLE: list[tuple[str, Sitting, float, float, Sitting, tuple[Due, ...]]] = [
    ("at work", NEW, 1100.0, 1099.0, NEW, ()),
    ("just before the warning", NEW, 1339.0, 1100.0, NEW, ()),
    ("the warning", NEW, 1350.0, 1100.0, WARNED, (WarnLock(50.0),)),
    ("it is said once", WARNED, 1390.0, 1100.0, WARNED, ()),
    ("a key takes it off", WARNED, 1391.0, 1390.5, NEW, (WarnLock(None),)),
    ("nobody: locked", WARNED, 1400.0, 1100.0, ASKED, (LockNow(),)),
    ("no warning was possible: locked all the same", NEW, 9999.0, 1100.0, ASKED, (LockNow(),)),
    ("told once", ASKED, 9999.0, 1100.0, ASKED, ()),
    ("a video plays", replace(NEW, playing=True), 9999.0, 1100.0, replace(NEW, playing=True), ()),
    (
        "a video begins after the warning",
        replace(WARNED, playing=True),
        1390.0,
        1100.0,
        replace(NEW, playing=True),
        (WarnLock(None),),
    ),
    ("an exempt account", replace(NEW, locks=False), 9999.0, 1100.0, replace(NEW, locks=False), ()),
    ("locked, in its grace", LOCKED, 2119.0, 0.0, LOCKED, ()),
    ("the grace is over", LOCKED, 2120.0, 0.0, FULL, (GraceEnds(),)),
    ("it is said once, too", FULL, 2121.0, 0.0, FULL, ()),
    ("touching the lock face does not open it", LOCKED, 2050.0, 2049.0, LOCKED, ()),
    ("locked too long", FULL, 9200.0, 0.0, FULL, (EndNow("locked-too-long"),)),
    ("a sitting ends soon", NEW, 43600.0, 43600.0, TOLD, (SayEnd("sitting-limit", 600.0),)),
    ("it is said once, as well", TOLD, 44000.0, 44000.0, TOLD, ()),
    ("the sitting ends", TOLD, 44200.0, 44200.0, TOLD, (EndNow("sitting-limit"),)),
    ("it slept through the notice", NEW, 50000.0, 50000.0, NEW, (EndNow("sitting-limit"),)),
    (
        "locked and at its end: the nearer one",
        replace(LOCKED, locked_at=43000.0, grace_over=True),
        44200.0,
        0.0,
        replace(LOCKED, locked_at=43000.0, grace_over=True),
        (EndNow("sitting-limit"),),
    ),
    (
        "the helpdesk's end",
        replace(NEW, ends_at=1700.0, ends_why="reset"),
        1700.0,
        1699.0,
        replace(NEW, ends_at=1700.0, ends_why="reset"),
        (EndNow("reset"),),
    ),
]


@pytest.mark.parametrize(
    ("before", "now", "active_at", "after", "dues"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_the_table(before: Sitting, now: float, active_at: float, after: Sitting, dues: tuple[Due, ...]) -> None:
    assert look(before, now, active_at, LIMITS) == (after, dues)


def test_a_place_that_never_locks_by_itself() -> None:
    assert look(NEW, 40000.0, 0.0, replace(LIMITS, idle_s=0.0)) == (NEW, ())


def test_locked_and_back() -> None:
    now_locked = locked(WARNED, 1500.0)
    assert now_locked == replace(NEW, locked_at=1500.0)
    assert locked(replace(now_locked, asked=True), 1600.0) == now_locked
    assert unlocked(replace(now_locked, grace_over=True)) == NEW
    assert plays(NEW, on=True).playing


def test_a_film_that_played_as_it_was_locked_keeps_nothing_from_locking_afterwards() -> None:
    back = unlocked(locked(replace(NEW, playing=True), 1500.0))
    assert look(back, 9999.0, 1500.0, LIMITS) == (ASKED, (LockNow(),))
    # The page says anew that it plays on.
    assert look(plays(back, on=True), 9999.0, 1500.0, LIMITS)[1] == ()


def test_the_grace_of_an_officer() -> None:
    assert grace_left_s(NEW, 1100.0, LIMITS) == 0
    assert grace_left_s(LOCKED, 2020.0, LIMITS) == 100
    assert grace_left_s(LOCKED, 3000.0, LIMITS) == 0
    assert grace_left_s(FULL, 2020.0, LIMITS) == 0


def test_how_soon_it_ends_by_itself_is_said_while_locked_or_once_it_was_told() -> None:
    assert ends_in_s(NEW, 1100.0, LIMITS) is None
    assert ends_in_s(LOCKED, 2100.0, LIMITS) == 7100.0
    assert ends_in_s(replace(LOCKED, locked_at=43000.0), 43100.0, LIMITS) == 1100.0, "the sitting's limit is nearer"
    assert ends_in_s(ends_soon(LOCKED, 2100.0, 600.0), 2200.0, LIMITS) == 500.0
    assert ends_in_s(LOCKED, 99999.0, LIMITS) == 0.0


def test_the_nearer_end_counts() -> None:
    assert ends_soon(NEW, 1100.0, 600.0) == replace(NEW, ends_at=1700.0, ends_why="reset")
    assert ends_soon(TOLD, 44000.0, 600.0) is TOLD
    asked = ends_soon(NEW, 1100.0, 600.0)
    assert ends_soon(asked, 1200.0, 600.0) is asked


def test_who_has_something_to_lose_after_all_is_given_more_time() -> None:
    asked = ends_soon(NEW, 1100.0, 10.0)
    assert ends_later(asked, 1101.0, 600.0, LIMITS) == replace(NEW, ends_at=1701.0, ends_why="reset")
    at_its_end = ends_soon(NEW, 44100.0, 10.0)
    assert ends_later(at_its_end, 44101.0, 600.0, LIMITS).ends_at == 44200.0
    assert ends_later(TOLD, 44000.0, 600.0, LIMITS) is TOLD
    assert ends_later(NEW, 1100.0, 600.0, LIMITS) is NEW


def test_a_warning_is_looked_at_more_often() -> None:
    assert next_look_s(NEW, LIMITS) == 1.0
    assert next_look_s(WARNED, LIMITS) == 0.25


class Clocks:
    """Two clocks: one counts suspend, the other stands still meanwhile."""

    def __init__(self) -> None:
        self.boot_s = 5000.0
        self.awake_s = 100.0

    def pass_s(self, seconds: float) -> None:
        self.boot_s += seconds
        self.awake_s += seconds

    def sleep_s(self, seconds: float) -> None:
        self.boot_s += seconds


def test_activity_is_what_makes_an_idle_clock_go_back() -> None:
    clocks = Clocks()
    activity = Activity(lambda: clocks.boot_s, lambda: clocks.awake_s)
    clocks.pass_s(30)
    activity.look(10.0)
    assert activity.last == 5020.0
    clocks.pass_s(30)
    activity.look(40.0)
    activity.look(None)
    assert activity.last == 5020.0
    clocks.pass_s(1)
    activity.look(0.2)
    assert activity.last == 5060.8
    clocks.pass_s(9)
    activity.now()
    assert activity.last == 5070.0


def test_a_lid_that_was_closed_counts_although_the_idle_clock_slept() -> None:
    clocks = Clocks()
    activity = Activity(lambda: clocks.boot_s, lambda: clocks.awake_s)
    activity.look(0.0)
    clocks.sleep_s(3600)
    clocks.pass_s(1)
    activity.look(1.0)
    assert clocks.boot_s - activity.last == 3601


def test_what_sessions_say_is_an_idle_clock() -> None:
    clocks = Clocks()
    idle = TouchedIdleClock(lambda: clocks.boot_s)
    assert idle.idle_s() is None
    idle.touched()
    clocks.pass_s(7)
    assert idle.idle_s() == 7


class StuckClock:
    """An idle clock whose display answers when a test lets it, if at all."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.answers = threading.Event()
        self.asked = 0

    def idle_s(self) -> float:
        self.asked += 1
        self.begun.set()
        self.answers.wait(30)
        return float(self.asked)

    def close(self) -> None:
        """Nothing is held."""


def test_a_display_that_hangs_is_not_waited_for_and_asked_once() -> None:
    async def asking() -> None:
        stuck = StuckClock()
        clock = AskedIdleClock(stuck, within_s=0.01)
        assert await clock.idle_s() is None
        assert await asyncio.to_thread(stuck.begun.wait, 30)
        assert await clock.idle_s() is None
        assert stuck.asked == 1
        patient = AskedIdleClock(stuck)
        stuck.answers.set()
        assert await patient.idle_s() == 2

    asyncio.run(asking())


JUMPS = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from launcher.station import StationLimits
from launcher.station.lock_times import Sitting, grace_left_s, locked, look
from launcher.timings.boot_clock import boot_time_s
limits = StationLimits(locked_s=3600.0, sitting_s=43200.0, grace_s=300.0)
began, wall = boot_time_s(), time.time()
sitting = locked(Sitting(began), began)
for jump in ("+3d", "-3d"):
    os.environ["FAKETIME"] = jump
    now = boot_time_s()
    left_s = grace_left_s(sitting, now, limits)
    print(round((time.time() - wall) / 3600), look(sitting, now, began, limits)[1], 200 < left_s <= 300)
"""


@pytest.mark.needs("faketime")
def test_setting_the_time_moves_no_limit() -> None:
    """The wall clock is set on and back by days while a session is locked; what is limited by hours is not due."""
    # libfaketime would move CLOCK_BOOTTIME along with the others, which no setting of a real clock does.
    environment = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_NO_CACHE": "1", "PATH": "/usr/bin:/bin"}
    root = str(Path(__file__).resolve().parents[3])
    said = subprocess.run(
        ["faketime", "-f", "+0", sys.executable, "-c", JUMPS, root],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=30,
    )
    assert said.stdout.splitlines() == ["72 () True", "-72 () True"]


def test_a_warning_is_never_there_from_the_first_moment_on() -> None:
    short = replace(LIMITS, idle_s=60.0, warn_s=60.0)
    assert look(NEW, 1129.0, 1100.0, short) == (NEW, ())
    assert look(NEW, 1130.0, 1100.0, short) == (WARNED, (WarnLock(30.0),))
    assert look(WARNED, 1135.0, 1134.0, short) == (NEW, (WarnLock(None),))
