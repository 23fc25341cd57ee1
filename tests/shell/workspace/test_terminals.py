"""A terminal's tab over a real host: drawn from its first picture on, its keys go over, its end is said above it."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from launcher.session.commands import CloseSystem, FunctionKeys, RetrySystem, SkipSignOff
from launcher.session.openers.terminal import HostTerminal
from launcher.session.snapshot import LeftView
from launcher.shell.surfaces.terminal.keyboard import TypedText
from launcher.shell.surfaces.terminals import both
from launcher.shell.workspace.tab_page import Face
from launcher.terminal.grid import CellGrid, StatusLine
from tests.servers.mocker3270 import Mocker3270
from tests.shell.look.seeing import cut_texts, nameless
from tests.shell.workspace.desk import Desk
from tests.shell.workspace.terminals import LOST, REFUSED, asked, face_of, open_terminal, picture, rows

pytestmark = pytest.mark.usefixtures("qapp")


async def lock(terminal: HostTerminal, on: bool) -> None:
    terminal.hold() if on else terminal.let_go()


def test_a_terminal_is_drawn_from_its_first_picture_on_and_takes_keys(desk: Desk, mocker_host: Mocker3270) -> None:
    with open_terminal(desk, mocker_host) as terminal:
        desk.draw(picture("signing"), "records")
        assert desk.face("records") is Face.PAGE
        face = face_of(desk)
        desk.room.until(lambda: "USER ID" in rows(face))
        assert face.isVisible()
        desk.draw(picture("ready"))
        QTest.keyClicks(face.view.area, "PC12")
        desk.room.until(lambda: "PC12" in rows(face))
        assert terminal.unsent
        assert desk.commands == [FunctionKeys(True)]
        bar = desk.frame.top_bar
        assert (bar.help_button.key, bar.lock_button.key, bar.search.key) == ("Ctrl F1", "Ctrl F12", "Ctrl K")
        desk.frame.pages.setCurrentWidget(desk.other)
        assert (bar.help_button.key, bar.lock_button.key) == ("F1", "F12")
        assert desk.commands == [FunctionKeys(True), FunctionKeys(False)]
        desk.frame.pages.setCurrentWidget(desk.work)
        desk.draw(picture("ready", unsent=True))
        desk.work.close_current()
        assert asked(desk) == []
        question = desk.page("records").question
        assert question.isVisible()
        desk.page("records").close_it.click()
        assert asked(desk) == [CloseSystem("records")]
        assert desk.work.bar.reload.text() == "Connect again"
        desk.work.bar.reload.click()
        assert question.isVisible()
        assert desk.page("records").close_it.text() == "Connect again"
        desk.page("records").close_it.click()
        assert asked(desk) == [CloseSystem("records"), RetrySystem("records")]
        assert not question.isVisible()
        face.view.area.setFocus()

        desk.room.run(lock(terminal, True))
        QTest.keyClicks(face.view.area, "34")
        desk.room.run(asyncio.sleep(0))
        desk.room.run(lock(terminal, False))
        QTest.keyClicks(face.view.area, "X")
        desk.room.until(lambda: "PC12X" in rows(face))
        desk.room.run(desk.surfaces.close("records"))
        assert desk.surfaces.widget("records") is None


def test_what_was_asked_for_from_elsewhere_gets_the_keys_as_soon_as_it_is_there(
    desk: Desk, mocker_host: Mocker3270
) -> None:
    search = desk.frame.findChild(QLineEdit)
    assert search is not None
    search.setFocus()
    desk.work.show_system("records")
    desk.draw(picture("opening", surface=""))
    assert desk.focus() is not search
    with open_terminal(desk, mocker_host):
        desk.draw(picture("signing"))
        assert desk.focus() is face_of(desk).view.area


def test_a_line_that_has_ended_is_said_above_its_last_screen_with_the_way_on(
    desk: Desk, mocker_host: Mocker3270
) -> None:
    with open_terminal(desk, mocker_host):
        desk.draw(picture("ready"), "records")
        face = face_of(desk)
        desk.room.until(lambda: "USER ID" in rows(face))
        desk.draw(picture("failed", error=LOST))
        assert desk.face("records") is Face.PAGE
        assert face.lost_panel.isVisible()
        assert "USER ID" in rows(face)
        face.again.click()
        face.help.click()
        assert asked(desk) == [RetrySystem("records")]
        assert desk.help == ["terminal-line-lost"]
        desk.draw(picture("failed", error=REFUSED))
        assert desk.face("records") is Face.FAULT


def test_who_has_logged_off_on_a_host_is_told_so_and_nothing_is_red(desk: Desk, mocker_host: Mocker3270) -> None:
    with open_terminal(desk, mocker_host):
        desk.draw(picture("ready", signed_on_as="PC12"), "records")
        face, notice = face_of(desk), desk.page("records").notice
        desk.draw(picture("needs", needs="logged-off", signed_on_as=""))
        assert notice.isVisible()
        assert notice.what.text().startswith("You are logged off there.")
        desk.draw(picture("needs", needs="line-closed", signed_on_as=""))
        assert not notice.isVisible()
        assert face.lost_panel.isVisible()
        assert face.lost_panel.what.text() == "The host has closed the line: you are logged off there."
        desk.draw(picture("needs", needs="closed-at-change", signed_on_as=""))
        assert not notice.isVisible()
        assert face.lost_panel.what.text() == "The host has closed the line after you gave a new password."
        assert not face.help.isVisible()
        assert not cut_texts(face.lost_panel)
        face.again.click()
        assert asked(desk) == [RetrySystem("records")]


def test_the_keys_stay_in_the_tab_of_a_terminal_that_is_called_again(desk: Desk, mocker_host: Mocker3270) -> None:
    with open_terminal(desk, mocker_host):
        desk.draw(picture("ready"), "records")
        desk.room.until(lambda: "USER ID" in rows(face_of(desk)))
        assert desk.focus() is face_of(desk).view.area
        desk.draw(picture("queued", surface=""))
        desk.room.run(desk.surfaces.close("records"))
        assert desk.work.isAncestorOf(desk.focus())
    with open_terminal(desk, mocker_host):
        desk.draw(picture("ready"))
        assert desk.focus() is face_of(desk).view.area


def test_whom_a_host_still_asks_something_is_not_said_to_be_signed_on(desk: Desk, mocker_host: Mocker3270) -> None:
    with open_terminal(desk, mocker_host):
        said, whose = desk.work.bar.signed_on, face_of(desk).view
        for state, needs, claims in (
            ("signing", "", False),
            ("needs", "new-password", False),
            ("needs", "change-password", False),
            ("needs", "password-unknown", False),
            ("needs", "finish", False),
            ("needs", "notice", True),
            ("ready", "", True),
            ("unknown", "", True),
            ("failed", "", False),
        ):
            more = {"error": LOST} if state == "failed" else {}
            desk.draw(picture(state, needs=needs, signed_on_as="A4471", **more), "records")
            assert (said.text(), whose.whose) == (("Signed on as A4471", "A4471") if claims else ("", "")), (
                state,
                needs,
            )


def test_from_a_dead_screen_tab_leads_to_the_way_on(desk: Desk, mocker_host: Mocker3270) -> None:
    with open_terminal(desk, mocker_host) as terminal:
        desk.draw(picture("ready"), "records")
        face = face_of(desk)
        desk.room.until(lambda: "USER ID" in rows(face))
        assert desk.focus() is face.view.area
        desk.room.run(terminal.end(0.0))
        desk.room.run(terminal.ended())
        desk.draw(picture("failed", error=LOST))
        face.view.area.shown.status = StatusLine(lock="not-connected")  # drawn by no picture once it ends here
        stops = []
        for _ in range(3):
            desk.key(Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
            stops.append(desk.focus())
        assert stops == [face.again, face.help, face.lost_panel.copy_button]
        QTest.keyClick(face.again, Qt.Key.Key_Return)
        assert asked(desk) == [RetrySystem("records")]


def test_what_a_paste_leaves_out_is_said_until_the_next_key(desk: Desk, mocker_host: Mocker3270) -> None:
    with open_terminal(desk, mocker_host):
        desk.draw(picture("ready"), "records")
        face = face_of(desk)
        desk.room.until(lambda: "USER ID" in rows(face))
        QGuiApplication.clipboard().setText("A" * 300)
        face.view.paste()
        desk.room.until(lambda: face.view.status.message.text() == "Not all of it fits: the rest was left out.")
        assert not cut_texts(face.view.status)
        QTest.keyClick(face.view.area, Qt.Key.Key_Home)
        desk.room.until(lambda: not face.view.status.message.text())
        face.view.area.meant.emit(TypedText("中"))  # QTest has no such key
        desk.room.until(lambda: "no such character" in face.view.status.message.text())
        before = rows(face)
        for lacks, said in (("中", "中"), ("\u200b", "U+200B")):
            QGuiApplication.clipboard().setText(f"AB{lacks}C\nDEF")
            face.view.paste()
            words = f"The host has no “{said}”: nothing was pasted."
            desk.room.until(lambda words=words: face.view.status.message.text() == words)
            assert not cut_texts(face.view.status)
        assert rows(face) == before


def test_a_screen_that_is_out_of_sight_is_read_to_nobody(desk: Desk, mocker_host: Mocker3270) -> None:
    was = QAccessible.isActive()
    QAccessible.setActive(True)
    try:
        with open_terminal(desk, mocker_host):
            desk.draw(picture("ready"), "records")
            area = face_of(desk).view.area
            desk.room.until(lambda: "USER ID" in area.toPlainText())
            desk.frame.pages.setCurrentWidget(desk.other)
            assert area.toPlainText() == area.accessibleDescription() == ""
            desk.frame.pages.setCurrentWidget(desk.work)
            assert "USER ID" in area.toPlainText()
    finally:
        QAccessible.setActive(was)


def test_from_the_press_on_a_tab_says_which_host_is_called_or_signs_off_first_and_how_not_to_wait(desk: Desk) -> None:
    desk.draw(picture("opening", surface=""), "records")
    opening = desk.page("records").opening
    assert desk.face("records") is Face.OPENING
    assert opening.line.text() == "Connecting to nrs.force.example"
    assert not opening.skip.isVisible()
    desk.draw(picture("queued", surface="", signing_off=True))
    assert opening.line.text().startswith("Signing off at nrs.force.example first")
    assert opening.skip.isVisible()
    assert not nameless(opening)
    assert not cut_texts(opening)
    opening.skip.click()
    assert asked(desk) == [SkipSignOff("records")]
    left = LeftView("nrs.force.example", "LU FD02T014")
    desk.draw(picture("opening", surface="", left=left))
    assert opening.line.text() == "Connecting to nrs.force.example"
    assert not opening.skip.isVisible()
    notice = desk.page("records").notice
    assert notice.what.text() == "You may still be signed on at nrs.force.example, line LU FD02T014."
    assert notice.isVisible()
    desk.draw(picture("failed", surface="", error=REFUSED, left=left))
    assert desk.face("records") is Face.FAULT
    assert notice.isVisible()


def test_where_one_may_have_been_left_is_said_above_the_new_screen_until_it_is_seen(
    desk: Desk, mocker_host: Mocker3270
) -> None:
    left = LeftView("nrs.force.example", "LU FD02T014")
    with open_terminal(desk, mocker_host):
        desk.draw(picture("signing", left=left), "records")
        face = face_of(desk)
        desk.room.until(lambda: "USER ID" in rows(face))
        assert face.left_panel.isVisible()
        assert not desk.page("records").notice.isVisible()
        assert "LU FD02T014" in face.left_panel.what.text()
        face.seen.click()
        desk.draw(picture("ready", left=left, signed_on_as="A4471"))
        assert not face.left_panel.isVisible()
        assert face.view.whose == "A4471"
        desk.draw(picture("failed", error=LOST, left=left))
        assert face.lost_panel.isVisible()
        assert not face.left_panel.isVisible()


def test_one_notice_in_the_place_of_another_leaves_every_part_of_the_view_in_its_place(
    desk: Desk, mocker_host: Mocker3270
) -> None:
    with open_terminal(desk, mocker_host):
        desk.draw(picture("ready"), "records")
        view = face_of(desk).view
        desk.room.until(lambda: "USER ID" in rows(face_of(desk)))
        view.show_keys()
        desk.draw(picture("needs", needs="notice"))
        desk.draw(picture("ready", left=LeftView("nrs.force.example", "LU FD02T014")))
        assert view.status.geometry().bottom() + 1 == view.height()
        assert view.keys.geometry().bottom() + 1 == view.status.y()


def test_pictures_that_wait_are_one() -> None:
    grid = CellGrid(3, 4)
    first = grid.picture(whole=True)
    grid.text[4:8] = "abcd"
    grid.dirty = {1}
    second = grid.picture()
    grid.text[8:12] = "efgh"
    grid.dirty = {2}
    third = grid.picture()
    merged = both(both(first, second), third)
    assert merged.whole
    assert ["".join(run.text for run in row.runs) for row in merged.changed] == ["    ", "abcd", "efgh"]
    partial = both(second, third)
    assert not partial.whole
    assert [row.row for row in partial.changed] == [1, 2]
    grid.resize(2, 2)
    assert both(partial, grid.picture()).rows == 2
