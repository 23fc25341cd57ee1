"""The helpdesk's page: a case first, what was found, an officer's page, the force, in every look."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
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
from tests.shell.helpdesk import sample
from tests.shell.helpdesk.seen import Seen
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small
from tests.unit.session.helpdesk.paper_force import ALICE

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
    return [
        sample.empty(),
        opened,
        sample.shown(verified=False),
        sample.busy(),
        sample.refused(),
        wrong,
        supervisor,
        it,
    ]


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
