"""The panel in the window: offered with the role, led to by a button and a key, gone with the role or behind a lock."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from launcher.session.helpdesk.commands import HelpdeskLook
from launcher.shell.frame.top_bar import TopBar
from launcher.shell.helpdesk.page import HelpdeskPage
from launcher.shell.look import Look, current
from tests.shell.helpdesk import sample
from tests.shell.lock.terminal import Terminal, lock_view, terminal, working
from tests.shell.look.seeing import cut_texts, settle, too_small

pytestmark = [pytest.mark.usefixtures("qapp", "dressed"), pytest.mark.needs("browser-engine")]


def page_of(here: Terminal) -> HelpdeskPage:
    page = here.window.findChild(HelpdeskPage, "helpdesk-page")
    assert isinstance(page, HelpdeskPage)
    return page


def test_the_role_brings_the_panel_and_takes_it_away() -> None:
    with terminal() as here:
        here.log_on(working("custody"))
        bar, pages = here.window.frame.top_bar, here.window.frame.pages
        assert bar.helpdesk_button.isHidden()
        QTest.keyClick(here.window.frame, Qt.Key.Key_F7)
        assert pages.currentWidget() is here.window.launchpad

        here.draw(working("custody", helpdesk=sample.empty()))
        assert bar.helpdesk_button.isVisible()
        QTest.keyClick(here.window.frame, Qt.Key.Key_F7)
        settle()
        page = page_of(here)
        assert pages.currentWidget() is page
        assert page.look_up.case_card.reason.edit.hasFocus()
        assert here.commands[-1] == HelpdeskLook(True)

        QTest.keyClick(here.window.frame, Qt.Key.Key_F1)
        settle()
        assert here.window.help.list.currentItem().text() == "The helpdesk"
        here.window.help.closed.emit()
        settle()
        assert pages.currentWidget() is page  # one goes back to it from the help
        QTest.keyClick(page, Qt.Key.Key_Escape)
        settle()
        assert pages.currentWidget() is here.window.launchpad

        bar.helpdesk_button.click()
        here.draw(working("custody", helpdesk=sample.busy()))
        assert "Alice" in page.officer.name.text()
        here.draw(working("custody"))
        assert pages.currentWidget() is here.window.launchpad
        assert bar.helpdesk_button.isHidden()
        assert "Alice" not in page.officer.name.text()


def test_behind_a_lock_nothing_of_it_is_asked_for_or_seen() -> None:
    with terminal() as here:
        here.log_on(working("custody", helpdesk=sample.busy()))
        here.window.frame.top_bar.helpdesk_button.click()
        settle()
        page = page_of(here)
        assert page.isVisible()
        here.draw(replace(working("custody", helpdesk=sample.empty()), stage="locked", lock=lock_view()))
        assert not page.isVisible()
        assert HelpdeskLook(False) in here.commands
        here.draw(working("custody", helpdesk=sample.empty()))
        assert page.isVisible()
        assert "Alice" not in page.officer.name.text()
        assert page.look_up.case_card.isVisible()


@pytest.mark.parametrize("width", [640, 800, 1024, 1280])
@pytest.mark.parametrize("look", [Look(), Look(scale=1.5), Look(theme="dark", scale=2.0)])
def test_the_bar_has_room_for_the_button(width: int, look: Look) -> None:
    current().wear(look)
    bar = TopBar()
    bar.show_officer("4471", "Alice Carr")
    bar.show_helpdesk(True)
    for way_back in (False, True):
        bar.show_all_systems(way_back)
        bar.resize(width, bar.sizeHint().height())
        bar.show()
        settle()
        assert cut_texts(bar) == []
        assert too_small(bar) == []
    bar.close()
