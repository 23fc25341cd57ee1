"""What an analyst with a caller on the phone meets: the keys' order, what comes into sight, what is said once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from launcher.session.helpdesk.commands import HelpdeskFind, HelpdeskNotice
from launcher.session.helpdesk.view import ForceView, HelpdeskView, NoticeGiven
from launcher.shell.helpdesk.officer_pane import OfficerPane
from launcher.shell.look import ErrorPanel, Look, State, Text, current, ring_margin
from launcher.wire.hub.officers import Deed
from tests.shell.helpdesk import sample
from tests.shell.helpdesk.seen import Seen
from tests.shell.look.seeing import settle
from tests.unit.session.helpdesk.paper_force import ALICE

pytestmark = pytest.mark.usefixtures("qapp", "dressed")


def is_in_sight(card: QWidget, pane: QWidget) -> bool:
    """Say whether a card is in sight from its first line to its last, or as far as the pane is high."""
    top = card.mapTo(pane, QPoint(0, 0)).y()
    return top >= 0 and (top + card.height() <= pane.height() or top < 20)


def test_letters_stand_above_what_grows_and_their_error_in_the_place_of_what_was_read(seen: Seen) -> None:
    seen.draw(sample.shown())
    look_up = seen.page.look_up
    assert look_up.letters.y() < look_up.search.y() < look_up.list.y()
    assert look_up.read.isVisible()
    seen.draw(replace(sample.shown(), looking=replace(sample.shown().looking, letters_error=sample.AWAY)))
    assert look_up.letters_error.isVisible()
    assert not look_up.read.isVisible()


def test_escape_empties_a_field_before_it_leaves_the_page(seen: Seen) -> None:
    seen.draw(sample.opened())
    for field in (seen.page.look_up.letters, seen.page.look_up.search):
        field.edit.setFocus()
        QTest.keyClicks(field.edit, "bk")
        QTest.keyClick(field.edit, Qt.Key.Key_Escape)
        assert field.text() == ""
        assert seen.closed == []
    assert seen.last(HelpdeskFind) == HelpdeskFind("")
    QTest.keyClick(seen.page.look_up.search.edit, Qt.Key.Key_Escape)
    assert seen.closed == [True]


def test_tab_goes_as_the_page_is_read_also_through_what_came_later(seen: Seen) -> None:
    seen.draw(sample.shown())
    officer, now = seen.page.officer, seen.page.now
    here, away = officer.sittings.parts
    expected: list[QWidget] = [officer.acts["suspend"], officer.acts["revoke"]]
    for card in (here, away):
        expected += [*card.buttons.values(), *(row.more for row in card.systems.parts)]
    expected += [officer.recent.chart, now.told.parts[0].button, now.notices.parts[0].button, now.write]
    seen.page.look_up.list.setFocus()
    met: list[QWidget | None] = []
    for _ in expected:
        QTest.keyClick(seen.page, Qt.Key.Key_Tab)
        met.append(QApplication.focusWidget())
    assert met == expected


def test_where_one_pane_is_shown_the_officer_s_comes_with_the_keys_and_enter_does_nothing_there(seen: Seen) -> None:
    seen.frame.resize(800, 600)
    seen.draw(sample.opened())
    settle()
    assert not seen.page.heading.isVisible(), "the choice of a pane takes its line"
    found = seen.page.look_up.list
    found.setFocus()
    QTest.keyClick(found, Qt.Key.Key_Return)
    seen.draw(sample.shown())
    focused = QApplication.focusWidget()
    assert focused is seen.page.which.segments[1]
    QTest.keyClick(focused, Qt.Key.Key_Return)
    settle()
    assert seen.page.officer.card.isHidden()
    seen.frame.resize(1280, 800)


@pytest.mark.parametrize("card", ["role", "notice"])
def test_a_card_that_opens_is_scrolled_to(seen: Seen, card: str) -> None:
    seen.draw(sample.busy())
    if card == "role":
        opened, pane = seen.page.officer.role_card.card, seen.page.panes[1]
        seen.page.officer.role_card.open_button.click()
    else:
        opened, pane = seen.page.now.notice_card, seen.page.panes[2]
        seen.page.now.write.click()
    settle()
    assert is_in_sight(opened, pane)


def test_a_hub_that_is_away_is_said_once_and_nothing_is_claimed_that_was_not_asked(seen: Seen) -> None:
    now = seen.page.now

    def said(view: HelpdeskView) -> list[str]:
        seen.draw(view)
        return [text.text() for text in now.findChildren(Text) if text.isVisible()]

    asking = said(replace(sample.opened(), force=ForceView()))
    assert "Asking …" in asking
    assert "Nothing waits for a second person." not in asking
    assert "No notice stands on the screens." not in asking
    away = replace(sample.opened(), force=ForceView(wrong_error=sample.AWAY, requests_error=sample.AWAY))
    assert said(away).count("The hub cannot be reached.") == 1
    other = replace(away, force=replace(away.force, requests_error=sample.TOO_OFTEN))
    assert len([one for one in now.findChildren(ErrorPanel) if said(other) and one.isVisible()]) == 2


@pytest.mark.parametrize(("state", "said"), [("refused", "Refused"), ("expired", "Too late")])
def test_a_no_of_the_second_person_is_not_called_a_fault(seen: Seen, state: str, said: str) -> None:
    view = sample.busy()
    waits = next(act for act in view.acts if act.state == "waits-for-second")
    assert waits.acted is not None
    over = replace(waits, acted=waits.acted.model_copy(update={"state": state}))
    seen.draw(replace(view, acts=(over,)))
    (line,) = seen.page.officer.lines.rows.parts
    assert line.badge.state is State.FAILED
    assert line.badge.text() == said


def test_how_somebody_was_proved_stands_with_when_and_a_system_by_its_name(seen: Seen) -> None:
    view = sample.shown()
    assert view.page.page is not None
    (here, *others) = view.page.page.sittings
    assert here.sitting.proved_by == "unknown"
    seen.draw(view)
    assert "known" not in seen.page.officer.sittings.parts[0].facts.text()
    proved = here.model_copy(update={"sitting": here.sitting.model_copy(update={"proved_by": "directory"})})
    page = view.page.page.model_copy(update={"sittings": (proved, *others)})
    seen.draw(replace(view, page=replace(view.page, officer=ALICE, page=page)))
    since, *_ = seen.page.officer.sittings.parts[0].facts.text().split(" · ")
    assert since.endswith(" by the force password")
    assert "Warrants Register sign-on-refused" in seen.page.now.told.parts[0].line.text()


def test_what_somebody_has_told_who_does_not_show_says_no_terminal(seen: Seen) -> None:
    view = sample.shown()
    assert view.force.wrong is not None
    (told,) = view.force.wrong.told
    hidden = told.model_copy(update={"officer": None, "name": "", "terminal": "", "place": ""})
    wrong = view.force.wrong.model_copy(update={"told": (hidden,)})
    seen.draw(replace(view, force=replace(view.force, wrong=wrong)))
    assert "Somebody, somewhere: Warrants Register sign-on-refused" in seen.page.now.told.parts[0].line.text()


def test_a_terminal_s_refused_log_ons_are_under_it_also_by_the_letters_of_its_sign_in_screen(seen: Seen) -> None:
    seen.draw(sample.refused())
    listed = seen.page.look_up.list
    terminal, heading, locked, away = (listed.item(row).text() for row in range(listed.count()))
    assert terminal.startswith("FD-09")
    assert heading == "Log-ons refused at FD-09 in the last hour:"
    assert locked.endswith("“Your account is locked”, account-locked"), "what the service said, or the screen"
    assert away.endswith("“ldap1.station.test: timed out”, directory-unreachable")
    assert seen.page.look_up.read.text().split("\n")[1:] == [heading, locked, away]


def test_each_refused_log_on_is_reached_by_the_arrow_keys_in_the_smallest_list(seen: Seen) -> None:
    current().wear(Look(scale=2.0))
    seen.frame.resize(800, 600)
    seen.draw(sample.refused())
    seen.page.which.segments[0].click()
    settle()
    listed = seen.page.look_up.list
    listed.setFocus()
    for _ in range(1, listed.count()):
        QTest.keyClick(listed, Qt.Key.Key_Down)
        settle()
        assert listed.viewport().rect().contains(listed.visualItemRect(listed.currentItem()))
    assert "directory-unreachable" in listed.currentItem().text()
    seen.frame.resize(1280, 800)


def test_the_first_officer_who_is_shown_and_is_suspended_is_said_to_be(qtbot: QtBot) -> None:
    pane = OfficerPane()
    qtbot.addWidget(pane)
    pane.draw(sample.opened())
    pane.show()
    view = sample.shown()
    assert view.page.page is not None
    page = view.page.page.model_copy(update={"suspended": True})
    pane.draw(replace(view, page=replace(view.page, page=page)))
    assert pane.suspended.isVisible()
    assert pane.suspended.what.text().startswith("Suspended")


@pytest.mark.parametrize(("scale", "reads_first"), [(1.0, False), (2.0, True)])
def test_what_an_act_does_is_read_before_anything_is_typed_out_of_sight(
    seen: Seen, scale: float, reads_first: bool
) -> None:
    current().wear(Look(scale=scale))
    seen.frame.resize(800, 600)
    seen.draw(sample.shown())
    seen.page.which.segments[1].click()
    settle()
    seen.page.officer.sittings.parts[0].buttons["log-off"].click()
    settle()
    card, pane = seen.page.officer.card, seen.page.panes[1]
    assert is_in_sight(card, pane)
    focused = QApplication.focusWidget()
    assert focused is (card.says if reads_first else card.reason.edit)
    if reads_first:
        QTest.keyClick(focused, Qt.Key.Key_Return)
        assert not card.isHidden(), "Enter does nothing before the fields are reached"
    card.reason.edit.setFocus()
    settle()
    assert card.reason.edit.visibleRegion().boundingRect() == card.reason.edit.rect()
    seen.frame.resize(1280, 800)


def test_the_field_of_a_notice_is_whole_in_the_smallest_window(seen: Seen) -> None:
    current().wear(Look(scale=2.0))
    seen.frame.resize(800, 600)
    seen.draw(sample.busy())
    seen.page.which.segments[2].click()
    settle()
    seen.page.now.write.click()
    settle()
    field = seen.page.now.notice_card.text.edit
    assert field.hasFocus()
    assert field.mapTo(seen.page.panes[2], QPoint(0, field.height())).y() + ring_margin() <= seen.page.panes[2].height()
    seen.frame.resize(1280, 800)


def test_a_notice_that_was_refused_is_no_wider_than_its_pane(seen: Seen) -> None:
    view = sample.busy()
    seen.draw(view)
    now, pane = seen.page.now, seen.page.panes[2]
    now.write.click()
    now.notice_card.text.set_text("Warrants is slow")
    now.notice_card.act.click()
    given = seen.last(HelpdeskNotice)
    assert isinstance(given, HelpdeskNotice)
    seen.draw(replace(view, notice=NoticeGiven(key=given.key, error=sample.AWAY)))
    assert now.notice_card.error.isVisible()
    settle()
    assert pane.widget().width() <= pane.viewport().width()


def test_what_no_terminal_was_told_of_stands_among_what_was_done(seen: Seen) -> None:
    view = sample.busy()
    assert view.page is not None
    page = view.page.page
    first = page.deeds[0].made
    lifted = Deed(
        id=2**52 + 1, at=first + 60, kind="unsuspend", by_name="Jo Field", reason="Found.", terminal="", outcome="done"
    )  # fmt: skip
    page = page.model_copy(update={"suspensions": (lifted,)})
    seen.draw(replace(view, page=replace(view.page, page=page)))
    lines = [part.text() for part in seen.page.officer.deeds.parts]
    assert lines[0].endswith("Jo Field: Lift the suspension. Found. Done.")
