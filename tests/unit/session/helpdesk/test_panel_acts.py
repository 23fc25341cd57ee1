"""What an analyst does from the panel: sent once, followed until its last answer, agreed to by a second person."""

from __future__ import annotations

import asyncio

from launcher.session.helpdesk import commands as c
from launcher.wire.hub.commands import Answer
from tests.unit.session.helpdesk.analyst import Analyst, act, played
from tests.unit.session.helpdesk.paper_force import ALICE, BOB
from tests.unit.session.helpdesk.paper_hub import NOW, RefusedOnPaperError


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
