"""A supervisor who looks nobody up gives a role to whom a number is of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from launcher.session.helpdesk.commands import HelpdeskGrant, HelpdeskNamed
from launcher.session.helpdesk.view import GrantsView, HelpdeskView, NamedView
from launcher.wire.hub.officers import NamedOfficer
from tests.shell.helpdesk import sample
from tests.shell.helpdesk.seen import Seen
from tests.shell.look.seeing import settle

pytestmark = pytest.mark.usefixtures("qapp", "dressed")

SUPERVISOR = HelpdeskView(helpdesk=False, supervisor=True)
ALICE = NamedOfficer(officer="local#id-4471", number="4471", name="Alice Carr")
FOUND = replace(SUPERVISOR, named=NamedView("4471", officer=ALICE))


def test_a_number_is_asked_for_and_the_role_is_given_to_whom_it_is_of(seen: Seen) -> None:
    seen.draw(SUPERVISOR)
    part = seen.page.now.by_number
    seen.page.focus_first()
    assert part.number.edit.hasFocus()
    QTest.keyClick(part.number.edit, Qt.Key.Key_Return)
    assert not [one for one in seen.asked if isinstance(one, HelpdeskNamed)]
    QTest.keyClicks(part.number.edit, " 4471 ")
    seen.draw(replace(SUPERVISOR, grants=GrantsView(granted=(sample.granted(),))))
    QTest.keyClick(part.number.edit, Qt.Key.Key_Return)
    assert seen.last(HelpdeskNamed) == HelpdeskNamed("4471")
    assert not part.card.isVisible()

    seen.draw(FOUND)
    assert part.found.text() == "Alice Carr, 4471"
    part.card.open_button.click()
    settle()
    QTest.keyClicks(part.card.reason.edit, "Night shift")
    part.card.act.click()

    granted = seen.last(HelpdeskGrant)
    assert isinstance(granted, HelpdeskGrant)
    assert (granted.officer, granted.role, granted.reason) == (ALICE.officer, "helpdesk", "Night shift")
    seen.draw(replace(FOUND, grants=GrantsView(granted=(sample.granted(),)), named=NamedView("2210", busy=True)))
    assert not part.card.isVisible(), "nobody is given what another was meant to have"
    assert part.number.edit.hasFocus(), "a role that is taken back stands below"


def test_why_nobody_is_found_is_said_and_the_number_goes_with_the_panel(seen: Seen) -> None:
    seen.draw(SUPERVISOR)
    part = seen.page.now.by_number
    QTest.keyClicks(part.number.edit, "99")
    seen.draw(replace(SUPERVISOR, named=NamedView("99", error=sample.AWAY)))
    assert part.error.isVisible()
    assert part.number.text() == "99"
    seen.draw(SUPERVISOR)
    assert part.number.text() == ""


def test_whoever_looks_officers_up_gives_a_role_on_their_page(seen: Seen) -> None:
    seen.draw(sample.busy())
    assert not seen.page.now.by_number.isVisible()
    assert seen.page.officer.role_card.isVisible()
