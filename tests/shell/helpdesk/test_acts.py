"""The acts on an officer's page: what each asks first, who must agree, and what became of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from launcher.session.helpdesk import commands as c
from launcher.session.helpdesk.view import ActView
from launcher.shell.helpdesk.words import deed_line
from launcher.shell.look import State
from launcher.wire.hub.commands import Answer, CommandState
from launcher.wire.hub.helpdesk import Acted
from tests.shell.helpdesk import sample
from tests.shell.helpdesk.seen import Seen
from tests.shell.look.seeing import settle
from tests.unit.session.helpdesk.paper_force import ALICE, BOB

pytestmark = pytest.mark.usefixtures("qapp", "dressed")


def test_an_act_is_asked_once_more_with_its_reason_and_one_key(seen: Seen) -> None:
    seen.draw(sample.shown())
    seen.page.officer.sittings.parts[0].buttons["log-off"].click()
    settle()
    card = seen.page.officer.card
    assert card.heading.text() == "Log off: Alice Carr at FD-02"
    assert "2 pages hold something that was not sent" in card.says.text()
    assert card.reason.text() == sample.REASON
    assert card.reason.edit.hasFocus()
    card.reason.set_text(" ")
    card.act.click()
    assert not [one for one in seen.asked if isinstance(one, c.HelpdeskAct)]
    assert card.reason.box.at_fault
    card.reason.set_text("Frozen")
    card.act.click()
    card.act.click()
    acts = [one for one in seen.asked if isinstance(one, c.HelpdeskAct)]
    assert len(acts) == 1
    assert (acts[0].kind, acts[0].officer, acts[0].sitting, acts[0].reason) == (
        "log-off",
        ALICE,
        "sitting-a",
        "Frozen",
    )
    assert card.isHidden()


def test_what_is_not_sent_is_counted_before_a_system_is_closed_and_everything_before_a_suspension(seen: Seen) -> None:
    seen.draw(sample.shown())
    page = seen.page.officer
    page.sittings.parts[0].systems.parts[1].menu().actions()[0].trigger()
    assert "2 pages of this session hold something that was not sent" in page.card.says.text()
    page.acts["suspend"].click()
    assert "2 pages hold something that was not sent: it is lost." in page.card.says.text()
    page.sittings.parts[0].buttons["lock"].click()
    assert "not sent" not in page.card.says.text()


def test_what_a_terminal_says_before_its_last_word_stands_there_and_one_that_says_nothing_is_called_late(
    seen: Seen,
) -> None:
    view = sample.shown()
    waits = CommandState(
        id=7, kind="close-system", station="a", terminal="FD-02", by_name="J. Field", reason="Hangs", made=1.0,
        expires=2.0, state="waiting",
    )  # fmt: skip
    act = ActView("k", "close-system", ALICE, "Alice Carr", terminal="FD-02")

    def said(command: CommandState, **changes: object) -> str:
        acted = Acted(key="k", state="sent", commands=(command,))
        drawn = replace(act, acted=acted, **changes)  # type: ignore[arg-type]
        seen.draw(replace(view, acts=(drawn,)))
        return seen.page.officer.lines.rows.parts[0].says.text()

    assert said(waits) == "On its way to FD-02 …"
    assert said(waits, late=frozenset({7})).startswith("FD-02 has not answered yet")
    told = Answer(outcome="done", at=1.0, words="Its officer has 10 s.", more=True)
    begun = waits.model_copy(update={"state": "acknowledged", "answer": told})
    assert said(begun, late=frozenset({7}), done_ms=40.0) == "FD-02: Its officer has 10 s."
    assert deed_line(begun).endswith("Hangs. On its way.")
    assert deed_line(begun.model_copy(update={"kind": "message"})).endswith("Done.")

    def not_known(reference: str) -> CommandState:
        answer = Answer(outcome="unknown", at=2.0, reference=reference)
        return waits.model_copy(update={"state": "answered", "answer": answer})

    assert said(not_known("command-interrupted")) == "FD-02 ended in the midst of it: look again."
    assert said(not_known("")) == "FD-02 took it and has not said what came of it: look again."
    assert seen.page.officer.lines.rows.parts[0].badge.state is State.UNKNOWN, "nobody says that it has failed"


def test_escape_leaves_the_card_first_and_then_the_page(seen: Seen) -> None:
    seen.draw(sample.shown())
    seen.page.officer.sittings.parts[0].buttons["message"].click()
    settle()
    card = seen.page.officer.card
    assert card.text.edit.hasFocus()
    QTest.keyClick(card.text.edit, Qt.Key.Key_Return)
    assert card.text.box.at_fault
    QTest.keyClick(card.text.edit, Qt.Key.Key_Escape)
    assert card.isHidden()
    assert seen.closed == []
    QTest.keyClick(seen.page.officer.sittings.parts[0].buttons["lock"], Qt.Key.Key_Escape)
    assert seen.closed == [True]


def test_the_focus_goes_back_to_the_button_and_what_became_of_the_act_is_in_sight(seen: Seen) -> None:
    view = sample.shown()
    seen.draw(replace(view, acts=()))
    button = seen.page.officer.sittings.parts[0].buttons["lock"]
    for leave in ("cancel", "act"):
        button.setFocus()
        button.click()
        settle()
        card, bar = seen.page.officer.card, seen.page.panes[1].verticalScrollBar()
        at = card.mapTo(seen.page, QPoint(0, 0)).y()
        getattr(card, leave).setFocus()
        getattr(card, leave).click()
        settle()
        assert card.isHidden()
        assert button.hasFocus()
        assert bar.value() < bar.maximum() / 2, "the page stays where the card stood"
    seen.draw(replace(view, acts=sample.busy().acts[:1]))
    assert abs(seen.page.officer.lines.mapTo(seen.page, QPoint(0, 0)).y() - at) < 40


def test_a_sensitive_act_says_what_is_missing_and_leads_there(seen: Seen) -> None:
    seen.draw(sample.shown(verified=False))
    seen.page.officer.acts["suspend"].click()
    settle()
    card = seen.page.officer.card
    assert "A second person must agree" in card.says.text()
    assert card.missing.isVisible()
    assert not card.act.isEnabled()
    QTest.keyClick(card.reason.edit, Qt.Key.Key_Return)
    assert not [one for one in seen.asked if isinstance(one, c.HelpdeskAct)]
    card.go_verify.click()
    assert seen.page.look_up.letters.edit.hasFocus()
    seen.draw(sample.shown())
    assert card.isVisible()
    assert card.act.isEnabled()
    card.act.click()
    assert seen.last(c.HelpdeskAct).kind == "suspend"  # type: ignore[attr-defined]


def test_a_suspension_is_wanted_by_any_verified_caller_and_a_forgotten_password_by_the_officer(seen: Seen) -> None:
    view = sample.shown()
    case = view.looking.case
    assert case is not None
    other = case.model_copy(update={"verified": BOB})
    seen.draw(replace(view, looking=replace(view.looking, case=other)))
    assert "Caller not verified" in seen.page.officer.facts.text()
    seen.page.officer.acts["suspend"].click()
    assert seen.page.officer.card.act.isEnabled()
    seen.page.officer.acts["revoke"].click()
    assert not seen.page.officer.card.act.isEnabled()


def test_a_system_s_menu_has_its_three_acts(seen: Seen) -> None:
    seen.draw(sample.shown())
    row = seen.page.officer.sittings.parts[0].systems.parts[1]
    menu = row.menu()
    assert [action.text() for action in menu.actions()] == ["Close", "Open again", "Forget the stored password"]
    menu.actions()[2].trigger()
    card = seen.page.officer.card
    assert card.heading.text() == "Forget the stored password: Warrants Register of Alice Carr"
    card.act.click()
    assert seen.last(c.HelpdeskAct).system == "warrants"  # type: ignore[attr-defined]


def test_what_the_helpdesk_has_closed_can_be_opened_again(seen: Seen) -> None:
    view = sample.shown()
    page = view.page.page
    assert page is not None
    here = page.sittings[0]
    gone, *left = here.sitting.systems
    closed = CommandState(
        id=7, kind="close-system", station=here.station, terminal=here.terminal, system=gone.system, by_name="J. Field",
        reason="Hangs", made=here.sitting.since + 60, expires=here.sitting.since + 360, state="answered",
        answer=Answer(outcome="done", at=here.sitting.since + 61),
    )  # fmt: skip
    others = (
        closed.model_copy(update={"id": 6, "made": here.sitting.since - 60, "system": "before-this-sitting"}),
        closed.model_copy(update={"id": 5, "station": "station-4", "system": "elsewhere"}),
        closed.model_copy(update={"id": 4, "system": left[0].system}),
        closed.model_copy(update={"id": 3, "system": "not-done", "answer": Answer(outcome="failed", at=1.0)}),
    )
    sitting = here.sitting.model_copy(update={"systems": tuple(left)})
    now = (here.model_copy(update={"sitting": sitting}), *page.sittings[1:])
    page = page.model_copy(update={"sittings": now, "deeds": (closed, *others)})
    seen.draw(replace(view, page=replace(view.page, page=page)))
    rows = seen.page.officer.sittings.parts[0].systems.parts
    assert len(rows) == len(left) + 1
    assert "Closed by the helpdesk at" in rows[-1].facts.text()
    assert not rows[-1].badge.isVisible()
    (again,) = rows[-1].menu().actions()
    again.trigger()
    seen.page.officer.card.act.click()
    asked = seen.last(c.HelpdeskAct)
    assert isinstance(asked, c.HelpdeskAct)
    assert (asked.kind, asked.system, asked.sitting) == ("open-system", gone.system, sitting.sitting)


def test_what_became_of_the_last_act_is_said_and_of_those_that_are_not_over(seen: Seen) -> None:
    view = sample.busy()
    seen.draw(view)
    failed, done, *others = view.acts
    lines = seen.page.officer.lines.rows
    said = [line.accessibleName() for line in lines.parts]
    assert said[0].startswith("Lock at FD-02, Alice Carr: The hub cannot be reached.")
    assert "Waits for a second person" in said[1]
    assert "CU-09 is away. It is done once it is back" in said[2]
    assert "Not told yet: CU-09, Custody suite" in said[3]
    assert "2 more terminals are away and know nothing of it" in said[3]
    waits = lines.parts[1]
    assert waits.supervisor.text() == "Ask for a supervisor at FD-02"
    waits.supervisor.click()
    assert seen.last(c.HelpdeskAskSupervisor) == c.HelpdeskAskSupervisor("request-1", "sitting-a")

    seen.draw(replace(view, acts=(done, failed, *others)))
    assert len(lines.parts) == len(others) + 1
    assert lines.parts[0].badge.state is State.DEGRADED
    assert "FD-02: done, something was left, screen covered after 38 ms." in lines.parts[0].accessibleName()
    assert "May still be signed on: HOST9, line L21" in lines.parts[0].accessibleName()


def test_a_second_person_answers_what_they_have_read(seen: Seen) -> None:
    view = replace(sample.busy(), acts=())  # another analyst has asked
    seen.draw(view)
    request = view.force.requests[0]
    card = seen.page.now.requests.parts[0]
    assert card.line.text() == "J. Field asks: Forget the stored password at FD-02, Alice Carr"
    card.refuse.click()
    assert seen.last(c.HelpdeskSecond) == c.HelpdeskSecond(request.request, request.digest, False)
    card.approve.click()
    assert seen.last(c.HelpdeskSecond) == c.HelpdeskSecond(request.request, request.digest, True)
    seen.draw(replace(view, force=replace(view.force, answered=(request.request,))))
    assert not card.approve.isVisible()
    seen.draw(sample.busy())
    assert not card.approve.isVisible()
    assert card.more.text().endswith("You have asked for it: somebody else must answer.")
