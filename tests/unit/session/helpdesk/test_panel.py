"""The panel's engine against a hub on paper: cases, finding, letters, pages, acts, second persons, notices, roles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

import pytest

from launcher.session.helpdesk import commands as c
from launcher.session.helpdesk.board import Board
from launcher.session.helpdesk.panel import Helpdesk
from launcher.session.helpdesk.view import HelpdeskView, PageView
from launcher.wire.hub.commands import Answer
from tests.unit.session.helpdesk.paper_desk import WITHIN_S, PaperDesk
from tests.unit.session.helpdesk.paper_force import ALICE, BOB, sample
from tests.unit.session.helpdesk.paper_hub import NOW, CaseOverOnPaperError, PaperHub, RefusedOnPaperError


class Analyst:
    """A panel, its hub and its desk."""

    def __init__(self, desk: PaperDesk, hub: PaperHub) -> None:
        self.desk, self.hub = desk, hub
        self.panel = Helpdesk(desk)
        self.panel.roles({"officer", "helpdesk"}, False, hub)

    def send(self, *commands: c.HelpdeskCommand) -> None:
        for command in commands:
            assert self.panel.serve(command)

    async def opens_a_case(self) -> None:
        self.send(c.HelpdeskOpenCase("Caller cannot open custody"))
        await self.desk.until(lambda now: now.looking.case is not None)

    async def shows(self, officer: str) -> HelpdeskView:
        await self.opens_a_case()
        self.send(c.HelpdeskLook(True), c.HelpdeskShow(officer))
        return await self.desk.until(lambda now: now.page.page is not None)

    async def asks(self, what: str, times: int) -> None:
        async with asyncio.timeout(WITHIN_S):
            while len(self.asked(what)) < times:
                self.hub.was_asked.clear()
                await self.hub.was_asked.wait()

    def asked(self, what: str) -> list[tuple[str, ...]]:
        return [one for one in self.hub.asked if one[0] == what]


@asynccontextmanager
async def analyst(hub: PaperHub | None = None) -> AsyncIterator[Analyst]:
    async with asyncio.TaskGroup() as tasks:
        here = Analyst(PaperDesk(tasks), hub or sample())
        yield here
        here.panel.end()


def played(play: Callable[[Analyst], Coroutine[None, None, None]], hub: PaperHub | None = None) -> None:
    async def run() -> None:
        async with analyst(hub) as here:
            await play(here)

    asyncio.run(run())


def act(kind: str, key: str = "key-1", **more: object) -> c.HelpdeskAct:
    fields = {"officer": ALICE, "reason": "Screen does not answer", "sitting": "sitting-a"} | more
    return c.HelpdeskAct(key=key, kind=kind, **fields)  # type: ignore[arg-type]


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


def test_an_act_is_sent_once_a_key_and_its_answer_is_told_with_the_milliseconds() -> None:
    async def play(here: Analyst) -> None:
        await here.shows(ALICE)
        here.send(act("log-off"), act("log-off"))
        view = await here.desk.until(lambda now: now.acts and now.acts[0].state == "sent")
        assert len(here.asked("act")) == 1
        assert (view.acts[0].name, view.acts[0].terminal) == ("Alice Carr", "FD-02")
        here.hub.answers("key-1", Answer(outcome="done", at=NOW, covered_ms=40.0, more=True))
        view = await here.desk.until(lambda now: now.acts[0].done_ms is not None)
        covered_ms = view.acts[0].done_ms
        left = ("HOST9, line L21",)
        here.hub.answers("key-1", Answer(outcome="partly", at=NOW, covered_ms=40.0, left_signed_on=left))
        view = await here.desk.until(lambda now: now.acts[0].state == "answered")
        assert view.acts[0].done_ms == covered_ms
        assert view.acts[0].acted is not None
        assert view.acts[0].acted.commands[0].answer.left_signed_on == left  # type: ignore[union-attr]

    played(play)


def test_an_act_whose_sending_is_not_known_is_sent_again_with_its_key_and_a_refusal_is_told() -> None:
    async def play(here: Analyst) -> None:
        await here.shows(ALICE)
        here.hub.faults["act"] = [RefusedOnPaperError("No answer.", retryable=True)]
        here.send(act("lock"))
        await here.desk.until(lambda now: now.acts and now.acts[0].acted is not None)
        assert here.asked("act") == [("act", "lock", "key-1")] * 2
        here.hub.faults["act"] = [RefusedOnPaperError("The sitting has ended.")]
        here.send(act("lock", "key-2"))
        view = await here.desk.until(lambda now: now.acts[0].state == "failed")
        assert view.acts[0].error is not None
        here.send(act("lock", "key-3", reason=" "))
        view = await here.desk.until(lambda now: len(now.acts) == 3)
        assert view.acts[0].error.reference == "helpdesk-reason-missing"  # type: ignore[union-attr]
        assert len(here.asked("act")) == 3

    played(play)


def test_an_act_that_the_hub_has_taken_is_followed_over_its_restart() -> None:
    async def play(here: Analyst) -> None:
        await here.shows(ALICE)
        here.panel._panel._acts._at_least_s = 0.0  # type: ignore[union-attr]
        here.hub.faults["acted"] = [RefusedOnPaperError("The hub is away.", retryable=True) for _ in range(9)]
        here.send(act("log-off"))
        await here.asks("acted", 10)
        assert here.desk.view is not None
        assert here.desk.view.acts[0].state == "sent"
        here.hub.answers("key-1", Answer(outcome="done", at=NOW))
        await here.desk.until(lambda now: now.acts[0].state == "answered")

    played(play)


def test_a_sensitive_act_waits_for_a_second_person_and_goes_on_by_itself() -> None:
    async def play(here: Analyst) -> None:
        await here.shows(ALICE)
        here.send(act("suspend", sitting=None))
        view = await here.desk.until(lambda now: now.acts and now.acts[0].state == "waits-for-second")
        view = await here.desk.until(lambda now: now.force.requests)
        request = view.force.requests[0]
        here.send(c.HelpdeskAskSupervisor(request.request, "sitting-a"))
        await here.desk.until(lambda now: now.force.supervisor_asked == (request.request,))
        here.hub.approved("key-1")
        view = await here.desk.until(lambda now: now.acts[0].state == "sent")
        states = {one.terminal: one.state for one in view.acts[0].acted.commands}  # type: ignore[union-attr]
        assert states == {"FD-02": "waiting", "CU-09": "away"}

    played(play)


def test_a_suspension_goes_on_asking_for_as_long_as_a_terminal_may_not_know_of_it() -> None:
    async def play(here: Analyst) -> None:
        await here.shows(ALICE)
        here.send(act("suspend", sitting=None))
        await here.desk.until(lambda now: now.acts and now.acts[0].state == "waits-for-second")
        here.hub.approved("key-1")
        here.hub.answers("key-1", Answer(outcome="done", at=NOW))
        await here.desk.until(lambda now: now.acts[0].state == "answered")
        here.hub.lists("key-1", "CU-09")  # it is connected, and has not taken it in time
        await here.desk.until(lambda now: now.acts[0].acted.unreachable)  # type: ignore[union-attr]
        here.panel._panel._acts._listed_until.clear()  # type: ignore[union-attr]
        here.panel._panel._acts._listed_s = 0.0  # type: ignore[union-attr]
        here.hub.lists("key-1", "CU-09", "FD-07")
        await here.desk.until(lambda now: len(now.acts[0].acted.unreachable) == 2)  # type: ignore[union-attr]
        here.hub.lists("key-1")
        await here.desk.until(lambda now: not now.acts[0].acted.unreachable)  # type: ignore[union-attr]
        asked = len(here.asked("acted"))
        here.hub.lists("key-1", "CU-09")
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(here.asked("acted")) == asked, "every terminal knows of it"

    played(play)


def test_a_terminal_that_has_not_taken_a_command_in_time_is_called_late() -> None:
    async def play(here: Analyst) -> None:
        await here.shows(ALICE)
        here.panel._panel._acts._late_s = 0.0  # type: ignore[union-attr]
        here.send(act("lock"))
        view = await here.desk.until(lambda now: now.acts and now.acts[0].late)
        (command,) = view.acts[0].acted.commands  # type: ignore[union-attr]
        assert view.acts[0].late == {command.id}
        here.panel._panel._acts._late_s = 60.0  # type: ignore[union-attr]
        here.send(act("log-off", "key-2"))
        view = await here.desk.until(lambda now: len(now.acts) == 2 and now.acts[0].acted)
        assert not view.acts[0].late

    played(play)


def test_another_analyst_answers_exactly_what_they_have_read() -> None:
    async def play(here: Analyst) -> None:
        await here.shows(BOB)
        here.send(act("suspend", officer=BOB, sitting=None))
        view = await here.desk.until(lambda now: now.force.requests)
        request = view.force.requests[0]
        here.send(c.HelpdeskSecond(request.request, "0" * 64, True))
        await here.desk.until(lambda now: now.force.answer_error is not None)
        here.send(c.HelpdeskSecond(request.request, request.digest, True))
        view = await here.desk.until(lambda now: now.force.answered == (request.request,))
        assert view.force.answer_error is None
        await here.desk.until(lambda now: now.force.requests[0].state == "approved")

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
