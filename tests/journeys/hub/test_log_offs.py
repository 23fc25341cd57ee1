"""Journeys of an officer whom the helpdesk logs off, with stand-in sessions that work, freeze and lie."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from launcher.residue.tree import process
from launcher.station import (
    Covered,
    MessageRefused,
    OfficerSignedIn,
    ReopenTold,
    ScreenShown,
    SessionEnded,
)
from launcher.station.hub.ports import Happening
from launcher.station.lock_events import EndingSoon, ProgramsHeld
from tests.journeys.hub.orders_bench import LIMITS, at_work, told
from tests.journeys.hub.paper_link import PaperLink
from tests.journeys.lock_bench import locked
from tests.journeys.station_bench import station


@pytest.mark.parametrize("how", ["just now", "noticed", "covered", "its screen only"])
def test_a_frozen_session_is_covered_at_once_and_what_it_left_is_said(tmp_path: Path, how: str) -> None:
    async def journey() -> None:
        # Behind a frozen screen it would end by itself, and its program with it, maybe before that is held.
        async with at_work(tmp_path, "ignores-end") as here:
            await here.hands.do("holds", systems=["records", "anpr"], unsaved=2)
            await here.hands.do("signed-on-at", systems=["Custody (host:992, LU 1)"])
            program = int(str((await here.hands.do("start-program"))["program"]))
            if how == "its screen only":
                await here.hands.do("screen-freezes", age_ms=900.0)
            else:
                os.kill(here.hands.pid, signal.SIGSTOP)
            if how == "noticed":
                await here.hub.sitting("frozen")
            elif how == "covered":
                assert (await here.at.next(Covered)).session == here.session
            command = here.hub.order("log-off", here.sitting)
            covered = await here.hub.answered(command, more=True)
            assert covered.covered_ms is not None
            assert await here.at.next(ProgramsHeld) == ProgramsHeld(here.session, 1, held=True)
            ended = await here.at.next(SessionEnded)
            assert (ended.session, ended.reason) == (here.session, "reset")
            last = await here.hub.answered(command)
            assert (last.outcome, last.systems) == ("partly", ("records", "anpr"))
            assert last.left_signed_on == ("Custody (host:992, LU 1)",)
            assert last.covered_ms == covered.covered_ms
            assert process(program) is None
            # The next screen stood there before anything of the session was ended.
            told = [type(one) for one in here.at.events]
            shown = len(told) - 1 - told[::-1].index(ScreenShown)
            assert shown < told.index(SessionEnded)
            assert (here.ended().reason, here.ended().systems) == ("helpdesk", ("records", "anpr"))
            assert here.hub.pictures[-1].sittings == ()

    asyncio.run(journey())


def test_who_works_is_told_what_it_ends_and_then_it_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.station.hub.log_off.NOTHING_LOST_NOTICE_S", 1.2, raising=True)

    async def journey() -> None:
        async with at_work(tmp_path) as here:
            await here.hands.do("holds", systems=["records"], unsaved=1)
            command = here.hub.order("log-off", here.sitting, reason="Fire drill")
            deed = await told(here.hands, "deed")
            assert (deed["what"], deed["by_name"], deed["reason"]) == ("log-off", "J. Field", "Fire drill")
            assert (await told(here.hands, "end-soon"))["why"] == "reset"
            first = await here.hub.answered(command, more=True)
            assert (first.covered_ms, "1 unsaved" in first.words) == (None, True)
            assert (await here.at.next(EndingSoon)).unsaved == 1
            last = await here.hub.answered(command)
            assert (last.outcome, last.left_signed_on, last.systems) == ("done", (), ("records",))
            assert not any(isinstance(one, ProgramsHeld) for one in here.at.events)
            # Their systems come back at their next logon here.
            shown = [one for one in here.at.events if isinstance(one, ScreenShown)][-1]
            next_hands = await here.at.hands_on(here.spare)
            await next_hands.do("sign-in", number="4471")
            assert (await here.at.next(ReopenTold)).session == shown.session

    asyncio.run(journey())


def test_who_works_and_would_lose_nothing_waits_for_nothing_but_the_count(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            command = here.hub.order("log-off", here.sitting)
            last = await here.hub.answered(command)
            assert (last.outcome, here.ended().reason) == ("done", "helpdesk")
            assert [one.more for one in here.hub.answers_to(command)] == [True, True, False]

    asyncio.run(journey())


def test_an_officer_who_logs_off_before_they_are_logged_off_is_nobody_elses_doing(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            await here.hands.do("holds", systems=["records"], unsaved=1)
            command = here.hub.order("log-off", here.sitting)
            await told(here.hands, "end-soon")
            await here.hands.do("log-off")
            assert (await here.hub.answered(command)).outcome == "done"
            assert here.ended().reason == "log-off"

    asyncio.run(journey())


def test_a_locked_session_is_ended_behind_the_screen_over_it(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            await here.hands.do("holds", systems=["records"], unsaved=1)
            _, over = await locked(here.at, here.hands)
            await here.hub.sitting("locked")
            command = here.hub.order("log-off", here.sitting)
            assert (await told(over, "not-over"))["why"] == "ended"
            assert (await here.hub.answered(command)).outcome == "done"
            # Nothing of it could be seen.
            assert here.hub.answers_to(command)[0].covered_ms is not None

    asyncio.run(journey())


def test_two_orders_for_one_sitting_are_both_answered_and_one_for_an_ended_one_is_refused(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            os.kill(here.hands.pid, signal.SIGSTOP)
            first, second = here.hub.order("log-off", here.sitting), here.hub.order("suspend", here.sitting)
            message = here.hub.order("close-system", here.sitting, system="records")
            assert (await here.hub.answered(first)).outcome == "done"
            assert (await here.hub.answered(second)).outcome == "done"
            answer = await here.hub.answered(message)
            assert (answer.outcome, answer.reference) == ("failed", "command-sitting-ended")
            late = await here.hub.answered(here.hub.order("lock", here.sitting))
            assert (late.outcome, late.reference) == ("refused", "command-sitting-ended")
            ends = [one for one in here.at.events if isinstance(one, SessionEnded) and one.session == here.session]
            assert len(ends) == 1

    asyncio.run(journey())


def test_an_order_for_another_officers_sitting_is_refused(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            answer = await here.hub.answered(here.hub.order("log-off", here.sitting, officer="test#other"))
            assert (answer.outcome, answer.reference) == ("refused", "command-sitting-ended")
            assert here.hub.pictures[-1].sittings[0].state == "signed-in"

    asyncio.run(journey())


def test_a_session_killed_under_an_order_answers_it(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            command = here.hub.order("open-system", here.sitting, system="records")
            await told(here.hands, "do")
            os.kill(here.hands.pid, signal.SIGKILL)
            answer = await here.hub.answered(command)
            assert (answer.outcome, answer.reference) == ("failed", "command-sitting-ended")
            assert here.ended().reason == "crashed"

    asyncio.run(journey())


def test_where_no_other_screen_is_ready_it_is_said_and_comes_as_soon_as_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.station.hub.log_off.COVERED_WITHIN_S", 0.0)

    async def journey() -> None:
        async with at_work(tmp_path) as here:
            os.kill(here.hands.pid, signal.SIGSTOP)
            await here.hub.sitting("frozen")
            os.kill(here.spare, signal.SIGKILL)
            while (await here.at.next(SessionEnded)).pid != here.spare:
                pass
            command = here.hub.order("log-off", here.sitting)
            assert "no other screen was ready" in (await here.hub.answered(command, more=True)).words
            last = await here.hub.answered(command)
            assert last.outcome == "done"
            assert last.covered_ms is not None

    asyncio.run(journey())


def test_a_fault_of_the_hubs_side_is_logged_and_costs_nobody_their_screen(tmp_path: Path) -> None:
    class Breaks(PaperLink):
        def happened(self, happening: Happening) -> None:
            raise RuntimeError("the journal is full")

    async def journey() -> None:
        async with station(tmp_path, limits=LIMITS, hub=Breaks()) as at:
            _, hands = await at.shown_session()
            await hands.do("sign-in", number="4471")
            await at.next(OfficerSignedIn)
            await hands.do("tell", message={"kind": "wants-letters"})
            await hands.do("log-off")
            await at.shown_session()
            assert not any(isinstance(one, MessageRefused) for one in at.events)

    asyncio.run(journey())
