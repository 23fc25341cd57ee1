"""Journeys of the station with stand-in sessions: an officer locks and comes back, or a colleague takes over."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path

from launcher.station import (
    HandedOver,
    OfficerSignedIn,
    RecordKept,
    ReopenTold,
    ScreenShown,
    SessionEnded,
    SessionLocked,
    SessionResumed,
    TakeOverKept,
)
from launcher.wire.records import SwitchRecord
from tests.journeys.lock_bench import locked, signed_in
from tests.journeys.station_bench import LIMITS, station

NO_GRACE = replace(LIMITS, grace_s=0.0)


def test_an_officer_comes_back_by_pin_and_no_other_screen_is_shown(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here)
            await hands.do("pin")
            await hands.do("lock")
            said = await here.next(SessionLocked)
            assert (said.session, said.why, said.own_face, said.said) == (session, "asked", True, True)
            await hands.do("unlock")
            resumed = await here.next(SessionResumed)
            assert (resumed.session, resumed.by, resumed.ms) == (session, "pin", 2.0)
            record = (await here.next(RecordKept)).record
            assert isinstance(record, SwitchRecord)
            assert (record.reason, record.total_ms) == ("resume", 2.0)
        assert [type(one) for one in here.events].count(ScreenShown) == 1

    asyncio.run(journey())


def test_an_officer_comes_back_by_a_proof_that_crosses_to_their_own_session(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here, systems=["anpr", "custody"], unsaved=1, running=2)
            over, new_hands = await locked(here, hands)
            assert over.over == session
            words = (await new_hands.said("show-over"))["show-over"]
            assert isinstance(words, dict)
            told = words["locked"]
            assert (told["number"], told["systems"], told["unsaved"], told["running"]) == ("4471", 2, 1, 2)
            assert 0 < told["grace_left_s"] <= LIMITS.grace_s
            assert (words["focus"], words["taking_over"]) == ("secret", False)
            new_hands.order("prove", number="4471")
            assert (await here.next(SessionResumed)).by == "proof"
            assert (await hands.said("proof"))["proof"] == "whole"
            assert (await new_hands.said("end"))["end"] == "claimed"
            ended = await here.next(SessionEnded)
            assert (ended.session, ended.reason, ended.remained) == (over.session, "claimed", ())
            # And once more: the spare behind it is as good as the first.
            await locked(here, hands)
        assert all(one.reason != "crashed" for one in here.events if isinstance(one, SessionEnded))

    asyncio.run(journey())


def test_from_the_screen_over_it_the_lock_face_comes_back_while_its_pin_works(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            _, hands = await signed_in(here)
            await hands.do("pin")
            await hands.do("lock")
            for returns in (True, False):
                await hands.do("wants-proof", returns=returns)
                over, new_hands = await here.shown_session()
                await hands.said("stand-back")
                words = (await new_hands.said("show-over"))["show-over"]
                assert isinstance(words, dict)
                assert words["locked"]["face"] is returns
                await new_hands.do("face-wanted")
                if returns:
                    await hands.said("stand-forward")
                    ended = await here.next(SessionEnded)
                    assert (ended.session, ended.reason) == (over.session, "cancelled")
            assert [one for one in here.events if isinstance(one, SessionEnded)] == [ended]

    asyncio.run(journey())


def test_a_wrong_pin_three_times_shows_the_sign_in_screen_over_it(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here)
            await hands.do("pin")
            await hands.do("lock")
            await hands.do("wants-proof", taking_over=True)
            over, new_hands = await here.shown_session()
            assert over.over == session
            words = (await new_hands.said("show-over"))["show-over"]
            assert isinstance(words, dict)
            assert (words["focus"], words["taking_over"]) == ("name", True)

    asyncio.run(journey())


def test_who_says_that_they_are_back_behind_another_screen_locks_again(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here)
            _, new_hands = await locked(here, hands)
            await hands.do("unlock")  # a PIN that crossed with the end of the grace, or a session that is not well
            assert await hands.said("lock")
            assert await hands.said("stand-back")
            new_hands.order("prove", number="4471")
            resumed = await here.next(SessionResumed)
            assert (resumed.session, resumed.by) == (session, "proof")
            assert (await hands.said("proof"))["proof"] == "whole"
        assert [one.by for one in here.events if isinstance(one, SessionResumed)] == ["proof"]

    asyncio.run(journey())


def test_who_locks_once_more_and_is_not_all_hidden_gets_a_screen_in_front(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here)
            await hands.do("pin")
            await hands.do("lock")
            await here.next(SessionLocked)
            # Back by PIN and locked again before the work was painted; this time a program could not be hidden.
            await hands.do("pin", works=False)
            await hands.do("lock")
            assert (await here.shown_session())[0].over == session
            assert await hands.said("stand-back")

    asyncio.run(journey())


def test_the_same_number_by_another_method_is_another_officer_and_told_so(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here)
            _, new_hands = await locked(here, hands)
            new_hands.order("prove", number="4471", officer="elsewhere#4471")
            kept = await here.next(TakeOverKept)
            said = {"wait_s": kept.wait_s, "same_number": True}
            assert (await new_hands.said("not-yours"))["not-yours"] == said
            here.clock.pass_s(LIMITS.grace_s)
            assert await new_hands.said("show-over")
            new_hands.order("prove", number="4471", officer="elsewhere#4471")
            said = {"wait_s": 0.0, "same_number": True}
            assert (await new_hands.said("not-yours"))["not-yours"] == said
            new_hands.order("prove", number="4471", officer="elsewhere#4471", take_over=True)
            assert (await here.next(HandedOver)).session == session

    asyncio.run(journey())


def test_another_officer_waits_for_the_grace(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            _, hands = await signed_in(here)
            _, new_hands = await locked(here, hands)
            new_hands.order("prove", number="2214", take_over=True)
            kept = await here.next(TakeOverKept)
            assert 0 < kept.wait_s <= LIMITS.grace_s
            said = {"wait_s": kept.wait_s, "same_number": False}
            assert (await new_hands.said("not-yours"))["not-yours"] == said
        assert not any(isinstance(one, HandedOver) for one in here.events)

    asyncio.run(journey())


def test_after_the_grace_a_full_proof_is_wanted(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here)
            await hands.do("pin")
            await hands.do("lock")
            await here.next(SessionLocked)
            here.clock.pass_s(LIMITS.grace_s)
            over, new_hands = await here.shown_session()
            assert over.over == session
            words = (await new_hands.said("show-over"))["show-over"]
            assert isinstance(words, dict)
            assert words["locked"]["grace_left_s"] == 0

    asyncio.run(journey())


def test_another_officer_is_asked_before_they_take_over(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=NO_GRACE) as here:
            session, hands = await signed_in(here, systems=["custody", "anpr"])
            over, new_hands = await locked(here, hands)
            new_hands.order("prove", number="2214")
            assert (await here.next(TakeOverKept)).wait_s == 0
            new_hands.order("prove", number="2214", take_over=True)
            given = await here.next(HandedOver)
            assert (given.session, given.to) == (session, over.session)
            assert (await here.next(OfficerSignedIn)).number == "2214"
            assert (await hands.said("end"))["end"] == "handed-over"
            ended = await here.next(SessionEnded)
            assert (ended.session, ended.reason, ended.how) == (session, "handed-over", "by-itself")
            record = (await here.next(RecordKept)).record
            assert isinstance(record, SwitchRecord)
            assert record.reason == "handed-over"

            # The newcomer logs off, the first one logs on again: their systems are told, once.
            await new_hands.do("log-off")
            session, hands = await signed_in(here)
            assert (await here.next(ReopenTold)).systems == 2
            told = (await hands.said("reopen"))["reopen"]
            assert told == {"systems": ["custody", "anpr"]}
            await hands.do("log-off")
            await signed_in(here)
        assert sum(isinstance(one, ReopenTold) for one in here.events) == 1

    asyncio.run(journey())


def test_what_was_told_and_not_opened_again_is_told_once_more(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            _, hands = await signed_in(here, systems=["custody"])
            os.kill(hands.pid, signal.SIGKILL)
            # This one crashes before it has opened anything, the next one after it said that it had.
            _, hands = await signed_in(here)
            assert (await hands.said("reopen"))["reopen"] == {"systems": ["custody"]}
            os.kill(hands.pid, signal.SIGKILL)
            _, hands = await signed_in(here, systems=["custody"])
            assert (await here.next(ReopenTold)).systems == 1
            await hands.do("holds", systems=[])
            os.kill(hands.pid, signal.SIGKILL)
            await signed_in(here)
        assert sum(isinstance(one, ReopenTold) for one in here.events) == 2

    asyncio.run(journey())


def test_a_session_that_does_not_lock_when_it_is_told_gets_a_screen_in_front(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, "ignores-lock", limits=LIMITS) as here:
            session, hands = await signed_in(here)
            here.supervisor.lock()
            await hands.said("lock")
            assert not (await here.next(SessionLocked)).said
            over, new_hands = await here.shown_session()
            assert over.over == session
            # Its officer is back before it has answered: it is handed the proof as soon as it does.
            new_hands.order("prove", number="4471")
            await hands.do("lock")
            assert (await hands.said("resume"))["resume"] == {"pid": new_hands.pid}
            assert (await here.next(SessionResumed)).session == session

    asyncio.run(journey())


def test_who_was_proved_and_goes_before_the_other_session_has_locked_leaves_a_screen_to_prove_at(
    tmp_path: Path,
) -> None:
    async def journey() -> None:
        async with station(tmp_path, "ignores-lock", limits=LIMITS) as here:
            session, hands = await signed_in(here)
            here.supervisor.lock()
            first, first_hands = await here.shown_session()
            await first_hands.do("prove", number="4471")
            os.kill(first_hands.pid, signal.SIGKILL)
            second, second_hands = await here.shown_session()
            assert (second.over, second.session != first.session) == (session, True)
            await hands.do("lock")
            await hands.said("stand-back")
            second_hands.order("prove", number="4471")
            assert (await hands.said("resume"))["resume"] == {"pid": second_hands.pid}
            assert (await here.next(SessionResumed)).session == session

    asyncio.run(journey())


def test_a_session_that_can_take_no_fresh_proof_resumes_without_one(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS) as here:
            session, hands = await signed_in(here)
            await hands.do("lock", listens=False)
            over, new_hands = await here.shown_session()
            new_hands.order("prove", number="4471")
            assert (await hands.said("proof"))["proof"] == "none"
            assert (await here.next(SessionResumed)).session == session
            ended = await here.next(SessionEnded)
            assert (ended.session, ended.reason) == (over.session, "claimed")

    asyncio.run(journey())
