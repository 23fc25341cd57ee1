"""Journeys of the station with stand-in sessions that freeze or are killed: a cover, or a safe screen, comes."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from launcher.residue.tree import process
from launcher.station import Covered, ScreenShown, SessionEnded, SessionLocked, SessionResumed, StationLimits, Uncovered
from launcher.station.lock_events import ProgramsHeld
from tests.journeys.lock_bench import locked, signed_in
from tests.journeys.station_bench import station

LIMITS = StationLimits(heartbeat_s=0.1, unresponsive_s=1.0, end_within_s=0.2, cover_s=1.5)
KILLED = StationLimits(heartbeat_s=0.1, unresponsive_s=8.0, end_within_s=0.2, cover_s=9.0)


def test_a_frozen_session_is_covered_until_it_answers(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here, systems=["anpr"])
            await here.spare()
            spare = await here.spare()
            os.kill(hands.pid, signal.SIGSTOP)
            covered = await here.next(Covered)
            assert (covered.session, covered.by) == (session, spare.session)
            behind = await here.hands_on(spare.pid)
            words = (await behind.said("cover"))["cover"]
            assert isinstance(words, dict)
            assert (words["number"], words["systems"]) == ("4471", 1)
            await behind.do("cover-answered", end=False)
            os.kill(hands.pid, signal.SIGCONT)
            assert (await behind.said("uncover"))["uncover"] == {"sign_in": False}
            assert not (await here.next(Uncovered)).ended
            # What covered is the spare again.
            await hands.do("log-off")
            assert (await here.next(ScreenShown)).session == spare.session

    asyncio.run(journey())


def test_a_frozen_session_is_ended_when_whoever_sits_there_says_so(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here)
            await here.spare()
            behind = await here.hands_on((await here.spare()).pid)
            program = int(str((await hands.do("start-program"))["program"]))
            os.kill(hands.pid, signal.SIGSTOP)
            covered = await here.next(Covered)
            behind.order("cover-answered", end=True)
            assert (await behind.said("uncover"))["uncover"] == {"sign_in": True}
            assert (await here.next(Uncovered)).ended
            shown, _ = await here.shown_session()
            assert shown.session == covered.by
            ended = await here.next(SessionEnded)
            assert (ended.session, ended.reason, ended.how, ended.remained) == (session, "unanswering", "killed", ())
            assert process(program) is None

    asyncio.run(journey())


def test_a_frozen_session_that_is_to_lock_is_held_still_and_only_a_proof_opens_it(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here)
            await here.spare()
            spare = await here.spare()
            program = int(str((await hands.do("start-program"))["program"]))
            os.kill(hands.pid, signal.SIGSTOP)
            assert (await here.next(Covered)).by == spare.session
            here.supervisor.lock()
            lock = await here.next(SessionLocked)
            assert (lock.session, lock.own_face, lock.said) == (session, False, False)
            # What covered it is the screen at which its officer proves who they are: neither ends it by a press.
            over = await here.hands_on(spare.pid)
            assert (await over.said("show-over"))["show-over"]
            shown = await here.next(ScreenShown)
            assert (shown.session, shown.over) == (spare.session, session)
            await over.do("cover-answered", end=True)
            assert await here.next(ProgramsHeld) == ProgramsHeld(session, 1, held=True)
            assert (row := process(program)) is not None
            assert row.stopped
            os.kill(hands.pid, signal.SIGCONT)
            assert (await hands.said("stand-back"))["stand-back"] == {}
            await over.do("prove", number="4471")
            assert (await here.next(SessionResumed)).session == session
            assert await here.next(ProgramsHeld) == ProgramsHeld(session, 1, held=False)
            assert (row := process(program)) is not None
            assert not row.stopped

    asyncio.run(journey())


def test_a_locked_session_that_freezes_is_not_ended_by_whoever_sits_there(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here)
            await here.spare()
            spare = await here.spare()
            await hands.do("pin")
            await hands.do("lock")
            assert (await here.next(SessionLocked)).own_face
            os.kill(hands.pid, signal.SIGSTOP)
            shown = await here.next(ScreenShown)
            assert (shown.session, shown.over) == (spare.session, session)
            os.kill(hands.pid, signal.SIGCONT)
            assert (await hands.said("stand-back"))["stand-back"] == {}
        assert not any(isinstance(one, Covered) for one in here.events)

    asyncio.run(journey())


def test_a_frozen_screen_that_nobody_is_signed_in_at_is_replaced(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            first, hands = await here.shown_session()
            os.kill(hands.pid, signal.SIGSTOP)
            second, _ = await here.shown_session()
            assert second.session != first.session
            assert (await here.next(SessionEnded)).reason == "silent"
        assert not any(isinstance(one, Covered) for one in here.events)

    asyncio.run(journey())


def test_a_locked_session_that_does_not_resume_is_covered(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here)
            _, new_hands = await locked(here, hands)
            os.kill(hands.pid, signal.SIGSTOP)
            new_hands.order("prove", number="4471")
            covered = await here.next(Covered)
            assert covered.session == session
            os.kill(hands.pid, signal.SIGCONT)
            assert not (await here.next(Uncovered)).ended

    asyncio.run(journey())


def test_a_session_that_says_it_is_back_behind_another_screen_and_does_not_lock_again_is_ended(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, "ignores-lock", limits=LIMITS) as here:
            session, hands = await signed_in(here, systems=["anpr"])
            over, new_hands = await locked(here, hands)
            await hands.do("start-program")
            await hands.do("unlock")
            # What it has let go on is stopped at once: it does so itself only where it locks.
            assert await here.next(ProgramsHeld) == ProgramsHeld(session, 1, held=True)
            assert (await new_hands.said("not-over"))["not-over"] == {"why": "crashed"}
            shown = await here.next(ScreenShown)
            assert (shown.session, shown.over) == (over.session, 0)
            ended = await here.next(SessionEnded)
            assert (ended.session, ended.reason) == (session, "silent")
        assert not any(isinstance(one, SessionResumed) for one in here.events)

    asyncio.run(journey())


@pytest.mark.parametrize("who", ["front", "spare", "own face", "locked", "over", "cover"])
def test_whoever_is_killed_a_safe_screen_comes(tmp_path: Path, who: str) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=KILLED) as here:
            session, hands = await signed_in(here)
            await here.spare()
            spare = await here.spare()
            program = int(str((await hands.do("start-program"))["program"]))
            match who:
                case "front":
                    os.kill(hands.pid, signal.SIGKILL)
                    shown, _ = await here.shown_session()
                    assert (shown.session, shown.over) == (spare.session, 0)
                case "spare":
                    os.kill(spare.pid, signal.SIGKILL)
                    other = await here.spare()
                    await hands.do("log-off")
                    shown, _ = await here.shown_session()
                    assert shown.session == other.session
                case "own face":
                    await hands.do("pin")
                    await hands.do("lock")
                    await here.next(SessionLocked)
                    os.kill(hands.pid, signal.SIGKILL)
                    shown, _ = await here.shown_session()
                    assert (shown.session, shown.over) == (spare.session, 0)
                case "locked":
                    over, new_hands = await locked(here, hands)
                    os.kill(hands.pid, signal.SIGKILL)
                    assert (await new_hands.said("not-over"))["not-over"] == {"why": "crashed"}
                    shown = await here.next(ScreenShown)
                    assert (shown.session, shown.over) == (over.session, 0)
                case "over":
                    over, new_hands = await locked(here, hands)
                    os.kill(new_hands.pid, signal.SIGKILL)
                    shown, _ = await here.shown_session()
                    assert shown.session != over.session
                    assert shown.over == session
                    return
                case _:
                    await hands.do("screen-freezes", age_ms=20000)
                    covered = await here.next(Covered)
                    os.kill(spare.pid, signal.SIGKILL)
                    again = await here.next(Covered)
                    assert (covered.session, again.session) == (session, session)
                    assert (covered.by, again.by != covered.by) == (spare.session, True)
                    return
            while (await here.next(SessionEnded)).session != session:
                pass
            assert process(program) is None
            if who in ("front", "own face"):
                # What the officer left is gone before anybody sees the next screen.
                told = [type(one) for one in here.events if getattr(one, "session", 0) in (session, shown.session)]
                assert told.index(SessionEnded) < len(told) - 1 - told[::-1].index(ScreenShown)

    asyncio.run(journey())
