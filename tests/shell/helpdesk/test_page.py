"""The helpdesk's page: a case first, what was found, an officer's page and its acts, the force, in every look."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from launcher.session.helpdesk import commands as c
from launcher.session.helpdesk.view import (
    ForceView,
    GrantsView,
    HelpdeskView,
    NoticeGiven,
    PageView,
)
from launcher.shell.look import Button, Look, State, current
from launcher.wire.hub.commands import Answer, CommandState
from tests.shell.helpdesk import sample
from tests.shell.helpdesk.seen import Seen
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small
from tests.unit.session.helpdesk.paper_force import ALICE, BOB

pytestmark = pytest.mark.usefixtures("qapp", "dressed")


def test_it_is_kept_fresh_only_while_it_is_in_front(seen: Seen) -> None:
    assert seen.asked == [c.HelpdeskLook(True)]
    seen.page.hide()
    assert seen.asked[-1] == c.HelpdeskLook(False)


def test_the_reason_comes_first_and_enter_opens_the_case(seen: Seen) -> None:
    seen.draw(sample.empty())
    seen.page.focus_first()
    look_up = seen.page.look_up
    assert not look_up.search.isVisible()
    assert not look_up.letters.isVisible()
    QTest.keyClicks(look_up.case_card.reason.edit, "No")
    QTest.keyClick(look_up.case_card.reason.edit, Qt.Key.Key_Return)
    assert look_up.case_card.reason.box.at_fault
    QTest.keyClicks(look_up.case_card.reason.edit, "t able to log on")
    QTest.keyClick(look_up.case_card.reason.edit, Qt.Key.Key_Return)
    assert seen.last(c.HelpdeskOpenCase) == c.HelpdeskOpenCase("Not able to log on")
    seen.draw(sample.opened())
    assert look_up.search.edit.hasFocus()
    assert not look_up.case_card.isVisible()


def test_typing_finds_and_the_keys_lead_to_the_officer(seen: Seen) -> None:
    seen.draw(sample.opened())
    edit = seen.page.look_up.search.edit
    edit.setFocus()
    QTest.keyClicks(edit, "ca")
    assert seen.last(c.HelpdeskFind) == c.HelpdeskFind("ca")
    QTest.keyClick(edit, Qt.Key.Key_Down)
    assert seen.page.look_up.list.hasFocus()
    QTest.keyClick(seen.page.look_up.list, Qt.Key.Key_Return)
    assert seen.last(c.HelpdeskShow) == c.HelpdeskShow(ALICE)


def test_nobody_found_and_too_often_are_said(seen: Seen) -> None:
    view = sample.opened()
    looking = view.looking
    assert looking.found is not None
    none = looking.found.model_copy(update={"officers": (), "terminals": ()})
    seen.draw(replace(view, looking=replace(looking, query="zz", found=none)))
    assert "Nobody and no terminal contains “zz”." in seen.texts()
    seen.draw(replace(view, looking=replace(looking, query="zz", found=None, find_error=sample.TOO_OFTEN)))
    assert seen.page.look_up.find_error.reference_text == "hub-asked-too-often"


def test_letters_are_read_as_the_caller_says_them_and_the_field_is_emptied_once_they_held(seen: Seen) -> None:
    seen.draw(sample.opened())
    letters = seen.page.look_up.letters
    QTest.keyClicks(letters.edit, "bkd mrt")
    QTest.keyClick(letters.edit, Qt.Key.Key_Return)
    assert seen.last(c.HelpdeskLetters) == c.HelpdeskLetters("BKDMRT")
    view = sample.shown()
    seen.draw(replace(view, looking=replace(view.looking, attempt=1)))
    assert letters.text() == ""
    assert "These letters are on FD-02, Front desk." in seen.texts()
    assert "Caller verified until" in seen.page.officer.facts.text()


def test_a_page_says_where_what_and_in_the_systems_own_words(seen: Seen) -> None:
    seen.draw(sample.shown())
    here, away = seen.page.officer.sittings.parts
    assert here.place.text() == "FD-02, Front desk"
    assert "2 unsaved pages · 1 program runs" in here.facts.text()
    assert here.frozen.isVisible()
    assert away.badge.state is State.OFFLINE
    assert "“Account locked after 3 attempts. Call the registry.”" in here.systems.parts[1].facts.text()
    assert "sign-on-refused" in here.systems.parts[1].facts.text()
    chart = seen.page.officer.recent.chart
    assert chart.row is not None
    assert chart.row.system.name.endswith("Warrants Register")
    assert seen.page.officer.recent.says.text() == "“Account locked after 3 attempts. Call the registry.”"
    QTest.keyClick(chart, Qt.Key.Key_End)
    assert chart.row.system.name.endswith("Log-on")


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
    waits = lines.parts[1]
    assert waits.supervisor.text() == "Ask for a supervisor at FD-02"
    waits.supervisor.click()
    assert seen.last(c.HelpdeskAskSupervisor) == c.HelpdeskAskSupervisor("request-1", "sitting-a")

    seen.draw(replace(view, acts=(done, failed, *others)))
    assert len(lines.parts) == len(others) + 1
    assert lines.parts[0].badge.state is State.DEGRADED
    assert "FD-02: done, something was left, screen covered after 38 ms." in lines.parts[0].accessibleName()
    assert "May still be signed on: HOST9, line L21" in lines.parts[0].accessibleName()


def test_another_picture_of_the_same_officer_keeps_the_focus(seen: Seen) -> None:
    view = sample.shown()
    seen.draw(view)
    button = seen.page.officer.sittings.parts[0].buttons["lock"]
    button.setFocus()
    page = view.page.page
    assert page is not None
    one, *others = page.sittings
    changed = one.model_copy(update={"sitting": one.sitting.model_copy(update={"unsaved": 5})})
    page = page.model_copy(update={"sittings": (changed, *others)})
    seen.draw(replace(view, page=PageView(ALICE, page)))
    assert "5 unsaved pages" in seen.page.officer.sittings.parts[0].facts.text()
    assert button.hasFocus()


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


def test_what_is_wrong_told_and_noticed_can_be_dealt_with(seen: Seen) -> None:
    seen.draw(sample.busy())
    now = seen.page.now
    assert [row.line.text() for row in now.wrong.parts] == [
        "Warrants Register: 9 of 14 openings failed",
        "National Computer: 31.0 s, usually 6.2 s",
        "3 terminals away",
    ]
    now.told.parts[0].button.click()
    assert seen.last(c.HelpdeskCloseTold) == c.HelpdeskCloseTold("T-4821")
    assert (
        now.notices.parts[0].line.text().startswith("“Warrants is slow; the registry knows” Warrants Register, since")
    )
    now.notices.parts[0].button.click()
    assert seen.last(c.HelpdeskWithdraw) == c.HelpdeskWithdraw(7)
    now.roles.parts[0].button.click()
    assert seen.last(c.HelpdeskEndGrant) == c.HelpdeskEndGrant(1)


def test_a_notice_is_written_and_its_card_goes_when_it_stands(seen: Seen) -> None:
    view = sample.busy()
    seen.draw(view)
    now = seen.page.now
    now.write.click()
    card = now.notice_card
    QTest.keyClick(card.text.edit, Qt.Key.Key_Return)
    assert card.text.asks.isVisible()
    card.text.set_text("Warrants is slow")
    card.systems.set_text("warrants register, pnc ,")
    card.act.click()
    notice = seen.last(c.HelpdeskNotice)
    assert isinstance(notice, c.HelpdeskNotice)
    assert (notice.text, notice.systems, notice.places, notice.hours) == (
        "Warrants is slow",
        ("warrants", "pnc"),
        (),
        1.0,
    )
    seen.draw(replace(view, notice=NoticeGiven(notice.key, error=sample.AWAY)))
    assert card.error.isVisible()
    card.act.click()
    again = seen.last(c.HelpdeskNotice)
    assert isinstance(again, c.HelpdeskNotice)
    assert again.key != notice.key
    seen.draw(replace(view, notice=NoticeGiven(again.key, done=True)))
    assert card.isHidden()


def test_a_supervisor_gives_a_role_to_the_officer_who_is_shown(seen: Seen) -> None:
    view = sample.busy()
    seen.draw(view)
    card = seen.page.officer.role_card
    card.open_button.click()
    card.role.choose(1)
    card.hours.choose(2)
    card.act.click()
    assert card.reason.box.at_fault
    card.reason.set_text("Night shift")
    card.act.click()
    grant = seen.last(c.HelpdeskGrant)
    assert isinstance(grant, c.HelpdeskGrant)
    assert (grant.officer, grant.role, grant.hours, grant.reason) == (ALICE, "it", 12.0, "Night shift")
    seen.draw(replace(view, grants=GrantsView(key=grant.key, done=True)))
    assert not card.card.isVisible()


def test_it_sees_what_is_wrong_and_nobody(seen: Seen) -> None:
    seen.draw(HelpdeskView(False, False, True, force=sample.force()))
    now = seen.page.now
    assert now.wrong.isVisible()
    assert now.write.isVisible()
    assert not now.requests_heading.isVisible()
    assert not seen.page.look_up.isVisible()
    assert not seen.page.officer.isVisible()


def test_with_the_role_everything_that_was_shown_goes_from_the_page(seen: Seen) -> None:
    seen.draw(sample.busy())
    seen.draw(None)
    assert "Alice" not in seen.texts()
    assert seen.page.look_up.list.count() == 0
    assert "Alice" not in seen.page.officer.name.text()


def pictures() -> list[HelpdeskView]:
    opened = sample.opened()
    wrong = replace(
        opened,
        looking=replace(opened.looking, found=None, find_error=sample.TOO_OFTEN, letters_error=sample.AWAY),
        force=ForceView(wrong_error=sample.AWAY, requests_error=sample.AWAY),
        page=PageView("somebody", error=sample.AWAY),
    )
    supervisor = HelpdeskView(False, True, grants=GrantsView(granted=(sample.granted(),)))
    it = HelpdeskView(False, False, True, force=sample.force())
    return [sample.empty(), opened, sample.shown(verified=False), sample.busy(), wrong, supervisor, it]


@pytest.mark.parametrize("look", [Look(), Look(theme="dark"), Look(scale=1.5), Look(theme="dark", scale=2.0)])
def test_every_state_is_named_whole_and_large_enough(seen: Seen, look: Look) -> None:
    current().wear(look)
    for view in pictures():
        seen.draw(view)
        narrow = seen.page.which.isVisible()
        for which in range(3 if narrow else 1):
            if narrow:
                seen.page.which.segments[which].click()
            for name in ("suspend", "role-open", "write-notice"):
                button = seen.page.findChild(Button, f"helpdesk-{name}")
                if button is not None and button.isVisible():
                    button.click()
            settle()
            assert nameless(seen.page) == []
            assert cut_texts(seen.page) == []
            assert too_small(seen.page) == []
