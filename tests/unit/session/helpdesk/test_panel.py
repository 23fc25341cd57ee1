"""The panel's engine against a hub on paper: cases, finding, letters, pages, notices, roles."""

from __future__ import annotations

import asyncio

import pytest

from launcher.session.helpdesk import commands as c
from launcher.session.helpdesk.board import Board
from launcher.session.helpdesk.view import HelpdeskView, PageView
from tests.unit.session.helpdesk.analyst import Analyst, act, played
from tests.unit.session.helpdesk.paper_desk import PaperDesk
from tests.unit.session.helpdesk.paper_force import ALICE, BOB
from tests.unit.session.helpdesk.paper_hub import CaseOverOnPaperError, RefusedOnPaperError


def test_nothing_is_asked_of_the_hub_before_there_is_a_case() -> None:
    async def play(here: Analyst) -> None:
        here.send(
            c.HelpdeskFind("carr"), c.HelpdeskLetters("BKDMRT"), c.HelpdeskShow(ALICE), act("lock"), c.HelpdeskClose()
        )
        here.send(c.HelpdeskOpenCase("  "))
        view = await here.desk.until(lambda now: now.looking.case_error is not None)
        assert view.looking.case_error is not None
        assert view.looking.case_error.reference == "helpdesk-reason-missing"
        assert here.hub.asked == []

    played(play)


def test_what_is_typed_is_found_once_the_typing_pauses_and_the_newest_wins() -> None:
    async def play(here: Analyst) -> None:
        await here.opens_a_case()
        here.send(*(c.HelpdeskFind("carr"[:n]) for n in range(1, 5)))
        view = await here.desk.until(lambda now: now.looking.found is not None)
        assert here.asked("find") == [("find", "case-1", "carr")]
        assert view.looking.query == "carr"
        assert [one.number for one in view.looking.found.officers] == ["4471"]  # type: ignore[union-attr]

        held = here.hub.held["find"] = asyncio.Event()
        here.send(c.HelpdeskFind("noor"))
        await here.asks("find", 2)
        here.send(c.HelpdeskFind("noor b"), c.HelpdeskFind("2210"))  # while the hub has not answered
        held.set()
        view = await here.desk.until(lambda now: now.looking.query == "2210")
        assert [one[2] for one in here.asked("find")] == ["carr", "noor", "2210"]
        assert "noor" not in [one.looking.query for one in here.desk.drawn if one is not None]

        here.send(c.HelpdeskFind("2"))
        view = await here.desk.until(lambda now: now.looking.found is None)
        assert not view.looking.finding
        assert len(here.asked("find")) == 3

    played(play)


def test_a_hub_that_was_asked_too_often_is_asked_again_when_it_says() -> None:
    async def play(here: Analyst) -> None:
        here.hub.faults["find"] = [RefusedOnPaperError("Too many look-ups.", retry_after_s=0.01)]
        await here.opens_a_case()
        here.send(c.HelpdeskFind("carr"))
        view = await here.desk.until(lambda now: now.looking.find_error is not None)
        assert view.looking.found is None
        view = await here.desk.until(lambda now: now.looking.found is not None)
        assert view.looking.find_error is None

    played(play)


def test_letters_verify_the_caller_once_and_lead_to_their_page() -> None:
    async def play(here: Analyst) -> None:
        await here.opens_a_case()
        here.send(c.HelpdeskLook(True), c.HelpdeskLetters("bkd-ae"))
        view = await here.desk.until(lambda now: now.looking.letters_error is not None)
        assert view.looking.letters_error.reference == "helpdesk-letters-mistyped"  # type: ignore[union-attr]
        assert here.asked("verify") == []

        here.send(c.HelpdeskLetters("bkd mrt"))
        view = await here.desk.until(lambda now: now.page.page is not None)
        assert view.looking.case is not None
        assert view.looking.case.verified == ALICE == view.page.officer
        assert view.looking.attempt == 2
        assert view.looking.letters_error is None

        here.send(c.HelpdeskLetters("BKDMRT"))
        view = await here.desk.until(lambda now: now.looking.attempt == 3)
        assert view.looking.letters_error is not None

    played(play)


def test_a_page_is_kept_fresh_while_somebody_looks_and_not_drawn_anew_for_nothing() -> None:
    async def play(here: Analyst) -> None:
        await here.shows(ALICE)
        drawn = len(here.desk.drawn)
        here.panel._panel._page._every_s = 0.0  # type: ignore[union-attr]
        here.panel._panel._page.refresh()  # type: ignore[union-attr]
        await here.asks("page", 4)
        assert len(here.desk.drawn) == drawn
        here.hub.faults["page"] = [RefusedOnPaperError("The store is away.")]
        view = await here.desk.until(lambda now: now.page.error is not None)
        assert view.page.page is not None  # what was known stays, and is said to be old
        await here.desk.until(lambda now: now.page.error is None)

        here.send(c.HelpdeskLook(False))
        await asyncio.sleep(0)
        asked = len(here.asked("page"))
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(here.asked("page")) == asked

    played(play)


def test_a_case_that_is_over_is_asked_about_no_more_and_a_new_one_is_asked_for() -> None:
    async def play(here: Analyst) -> None:
        await here.shows(ALICE)
        here.send(act("log-off"))
        await here.desk.until(lambda now: now.acts and now.acts[0].acted is not None)
        here.panel._panel._page._every_s = 0.0  # type: ignore[union-attr]
        here.hub.faults["page"] = [CaseOverOnPaperError("The case is over.") for _ in range(9)]
        here.panel._panel._page.refresh()  # type: ignore[union-attr]
        view = await here.desk.until(lambda now: now.looking.case_error is not None and not now.page.officer)
        assert view.looking.case_error.next_step == "Open a new case with the reason."  # type: ignore[union-attr]
        assert (view.looking.case, view.page.page, len(view.acts)) == (None, None, 1)
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(here.hub.faults["page"]) == 8, "asked once"
        here.hub.faults["page"] = []
        view = await here.shows(ALICE)
        assert view.looking.case_error is None

    played(play)


def test_a_notice_is_given_once_a_card_and_withdrawn() -> None:
    async def play(here: Analyst) -> None:
        here.send(c.HelpdeskLook(True))
        notice = c.HelpdeskNotice("card-1", "Warrants is slow", systems=("warrants",), hours=1)
        here.send(notice, notice)
        view = await here.desk.until(lambda now: now.force.wrong is not None and now.force.wrong.notices)
        assert view.notice.done
        assert here.asked("give_notice") == [("give_notice", "Warrants is slow")]
        here.hub.faults["withdraw_notice"] = [RefusedOnPaperError("Not now.")]
        here.send(c.HelpdeskWithdraw(1))
        await here.desk.until(lambda now: now.notice.error is not None)
        here.send(c.HelpdeskWithdraw(1))
        view = await here.desk.until(lambda now: now.force.wrong is not None and not now.force.wrong.notices)
        assert view.notice.error is None, "what was refused before is over"

    played(play)


def test_a_supervisor_grants_and_takes_back_and_looks_nobody_up() -> None:
    async def play(here: Analyst) -> None:
        here.panel.roles({"officer"}, True, here.hub)
        here.send(c.HelpdeskLook(True), c.HelpdeskOpenCase("Curious"))
        here.send(c.HelpdeskGrant("card-1", BOB, "helpdesk", 4, "Night shift"))
        view = await here.desk.until(lambda now: now.grants.granted)
        assert view.looking.case is None
        assert not view.helpdesk
        here.hub.faults["end_grant"] = [RefusedOnPaperError("Not now.")]
        here.send(c.HelpdeskEndGrant(view.grants.granted[0].id))
        await here.desk.until(lambda now: now.grants.error is not None and not now.grants.key)
        here.send(c.HelpdeskEndGrant(view.grants.granted[0].id))
        view = await here.desk.until(lambda now: now.grants.granted[0].ended)
        assert view.grants.error is None, "what was refused before is over"
        assert here.asked("open_case") == here.asked("wrong") == []

    played(play)


def test_a_supervisor_finds_whom_a_number_is_of_and_it_goes_with_the_lock() -> None:
    async def play(here: Analyst) -> None:
        here.panel.roles({"officer"}, True, here.hub)
        here.send(c.HelpdeskNamed("4"), c.HelpdeskNamed(" 4471 "), c.HelpdeskNamed("4471"))
        view = await here.desk.until(lambda now: now.named.officer is not None)
        assert view.named.officer is not None
        assert view.named.officer.name == "Alice Carr"
        assert here.asked("named") == [("named", "4"), ("named", "4471")]
        assert "4471" not in repr((view, c.HelpdeskNamed("4471")))
        here.send(c.HelpdeskNamed("9"))
        await here.desk.until(lambda now: now.named.error is not None and now.named.officer is None)
        here.send(c.HelpdeskNamed("4471"))
        await here.desk.until(lambda now: now.named.officer is not None)
        here.panel.locked()
        await here.desk.until(lambda now: not now.named.number)
        here.panel.roles({"officer", "helpdesk"}, False, here.hub)
        here.send(c.HelpdeskNamed("4471"))
        assert len(here.asked("named")) == 4

    played(play)


def test_it_sees_the_force_and_gives_notices_and_looks_nobody_up() -> None:
    async def play(here: Analyst) -> None:
        here.panel.roles({"officer", "it"}, False, here.hub)
        here.send(c.HelpdeskLook(True), c.HelpdeskOpenCase("Curious"), c.HelpdeskShow(ALICE))
        view = await here.desk.until(lambda now: now.force.wrong)
        assert not view.helpdesk
        here.send(c.HelpdeskNotice("card-1", "Warrants is slow"))
        await here.desk.until(lambda now: now.notice.done)
        await here.asks("wrong", 2)
        assert here.asked("open_case") == here.asked("requests") == here.asked("page") == []

    played(play)


def test_with_the_role_and_with_the_lock_everything_that_was_looked_up_goes() -> None:
    async def play(here: Analyst) -> None:
        await here.shows(ALICE)
        here.panel.locked()
        view = here.desk.view
        assert view is not None
        assert (view.looking.case, view.page.page, view.acts) == (None, None, ())
        await here.shows(ALICE)
        here.hub.held["page"] = asyncio.Event()
        here.panel.roles({"officer"}, False, here.hub)
        assert here.desk.view is None
        drawn = len(here.desk.drawn)
        here.hub.held["page"].set()
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(here.desk.drawn) == drawn

    played(play)


def test_an_answer_that_no_cancelling_reached_draws_nothing_after_the_end() -> None:
    async def run() -> None:
        async with asyncio.TaskGroup() as tasks:
            desk = PaperDesk(tasks)
            board = Board(desk, HelpdeskView(True, False))
            answered = asyncio.Event()

            async def late() -> None:
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    board.put(page=PageView(ALICE))  # it had its answer already
                    answered.set()

            board.spawn(late())
            await asyncio.sleep(0)
            board.wipe()
            await answered.wait()
            board.hold(supervisor=True, it=True)
            assert desk.view is None
            assert desk.drawn[1:] == [None]

    asyncio.run(run())


@pytest.mark.parametrize("secret", [ALICE, "Alice Carr", "4471", "BKDMRT", "Caller cannot"])
def test_a_log_of_the_picture_and_of_what_is_pressed_tells_nobody(secret: str) -> None:
    async def play(here: Analyst) -> None:
        view = await here.shows(ALICE)
        pressed = (c.HelpdeskShow(ALICE), c.HelpdeskFind("Alice Carr 4471"), c.HelpdeskLetters("BKDMRT"))
        assert secret not in repr((view, pressed))

    played(play)
