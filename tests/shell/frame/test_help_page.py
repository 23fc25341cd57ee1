"""The help: found, read and left by keyboard; every page of it has a title and can be shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from launcher.session.helpdesk.view import HelpdeskView
from launcher.shell.help_page import HelpPage
from launcher.shell.help_pages import HELPDESK, OFFICER, START, pages, readers
from launcher.shell.look import FocusRing, Look, Type, current, look
from tests.shell.lock.terminal import spare
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small


def listed(page: HelpPage) -> set[str]:
    return {page.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(page.list.count())}


def shown(qtbot: QtBot, width: int = 1280) -> HelpPage:
    page = HelpPage()
    qtbot.addWidget(page)
    FocusRing(page)
    page.show_helpdesk("ext. 4100")
    page.resize(width, 700)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    settle()
    return page


def test_every_page_has_a_title_and_those_for_the_officer_are_in_the_list(qtbot: QtBot) -> None:
    page = shown(qtbot)
    assert pages()[0].reference == START
    assert listed(page) == {each.reference for each in pages() if each.reader == OFFICER}
    for each in pages():
        assert each.markdown.startswith("# "), each.reference
        assert each.title


def test_the_list_has_the_helpdesk_s_pages_for_the_helpdesk_and_the_administrators_only_where_asked_for(
    qtbot: QtBot,
) -> None:
    assert set(readers()) <= {each.reference for each in pages()}, "a page is named that there is not"
    page = shown(qtbot)
    page.open_at("")
    assert not {"audit-key-unknown", "caller-not-verified"} & listed(page)
    page.draw(replace(spare(), helpdesk=HelpdeskView(helpdesk=True, supervisor=False)))
    page.open_at("")
    assert listed(page) - {each.reference for each in pages() if each.reader == OFFICER} == {
        each.reference for each in pages() if each.reader == HELPDESK
    }
    page.open_at("audit-key-unknown")
    assert page.reference == "audit-key-unknown"
    page.search.edit.setText("checkpoint of the audit")
    assert page.reference == "audit-key-unknown"
    page.open_at("")
    assert "audit-key-unknown" not in listed(page)


def test_it_opens_at_the_page_of_an_error_which_has_the_focus(qtbot: QtBot) -> None:
    page = shown(qtbot)
    page.open_at("password-not-accepted")
    assert page.reference == "password-not-accepted"
    assert page.reader.hasFocus()
    assert page.reader.toPlainText().startswith(page.list.currentItem().text())


def test_it_opens_at_the_start_page_where_no_error_asks(qtbot: QtBot) -> None:
    page = shown(qtbot)
    for nothing in ("", "no-such-reference"):
        page.open_at(nothing)
        assert page.reference == START
        assert QApplication.focusWidget() is page.search.edit


def test_typing_finds_arrows_choose_and_escape_goes_back(qtbot: QtBot) -> None:
    page = shown(qtbot)
    closed: list[int] = []
    page.closed.connect(lambda: closed.append(1))
    page.open_at("")
    qtbot.keyClicks(page.search.edit, "account locked")
    first = page.reference
    assert 0 < page.list.count() < len(pages())
    assert first == "account-locked"
    qtbot.keyClick(page.search.edit, Qt.Key.Key_Down)
    assert page.list.currentRow() == 1
    qtbot.keyClick(page.search.edit, Qt.Key.Key_Up)
    qtbot.keyClick(page.search.edit, Qt.Key.Key_Return)
    assert page.reader.hasFocus()
    qtbot.keyClick(page.reader, Qt.Key.Key_Escape)
    assert page.search.edit.text() == ""
    assert closed == []
    qtbot.keyClick(page.reader, Qt.Key.Key_Escape)
    assert closed == [1]


def test_nothing_found_is_said(qtbot: QtBot) -> None:
    page = shown(qtbot)
    page.search.edit.setText("xyzzy")
    settle()
    assert page.none.isVisible()
    assert page.none.text() == "No page contains “xyzzy”."
    assert page.reader.toPlainText() == ""


def test_pages_lead_to_pages_and_to_nothing_else(qtbot: QtBot) -> None:
    page = shown(qtbot)
    page.reader.anchorClicked.emit(QUrl("account-locked.md"))
    assert page.reference == "account-locked"
    page.reader.anchorClicked.emit(QUrl("https://evil.example/"))
    assert page.reference == "account-locked"
    assert not page.reader.openLinks()
    assert page.reader.loadResource(2, QUrl("file:///etc/hostname")) is None


def test_the_page_is_in_our_own_type(qtbot: QtBot) -> None:
    page = shown(qtbot)
    page.open_at(START)
    cursor = QTextCursor(page.reader.document())
    cursor.movePosition(QTextCursor.MoveOperation.Right)
    assert cursor.charFormat().font().pixelSize() == look().font(Type.TITLE).pixelSize()
    cursor.movePosition(QTextCursor.MoveOperation.End)
    assert cursor.charFormat().font().family() == look().font(Type.BODY).family()
    current().wear(Look("dark", 2.0))
    cursor = QTextCursor(page.reader.document())
    cursor.movePosition(QTextCursor.MoveOperation.End)
    assert cursor.charFormat().font().pixelSize() == look().font(Type.BODY).pixelSize() == 32


@pytest.mark.parametrize(("width", "scale"), [(1280, 1.0), (800, 1.0), (1280, 1.5), (1280, 2.0)])
@pytest.mark.parametrize("reference", ["", "password-not-accepted"])
def test_nothing_is_cut_or_nameless(qtbot: QtBot, width: int, scale: float, reference: str) -> None:
    current().wear(Look(scale=scale))
    page = shown(qtbot, width)
    page.open_at(reference)
    settle()
    assert nameless(page) == []
    assert cut_texts(page) == []
    assert too_small(page) == []
    narrow = scale >= 1.5 or width < 900
    assert page.list.isVisible() is (not narrow or not reference)
    assert page.reader.isVisible() is (not narrow or bool(reference))
    assert page.back.isVisible() is (narrow and bool(reference))
    assert not narrow or reference or page.list.width() > width * 0.85, "alone, the list has the width"
