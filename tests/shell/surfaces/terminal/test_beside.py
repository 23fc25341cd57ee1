"""The panels beside a terminal's screen share its room with whatever else a tab says, at every size of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from launcher.session.snapshot import LeftView
from launcher.shell.look import ErrorPanel, FocusRing, Look, State, current, look
from launcher.shell.look.tokens import Theme
from launcher.shell.surfaces.terminal import TerminalFace
from launcher.shell.surfaces.terminal.beside import BesideList, BesidePanel
from launcher.shell.surfaces.terminal.printers import Answer, Done, NotPrintedError, Printers, PrintServer
from launcher.shell.surfaces.terminals import left_words
from launcher.terminal.vt.choice import ENGINES, vt_choice
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small
from tests.shell.surfaces.terminal.feeds import DirectFeed
from tests.shell.surfaces.terminal.samples import engine_3270, logon

LARGE = Look(scale=2.0)
LEFT = LeftView("host.example", "FD02T014")
REFUSED = NotPrintedError("The printer front-desk did not take the page.")


class RefusingServer(PrintServer):
    """Has two printers, neither of which takes anything."""

    def printers(self, answer: Answer) -> None:
        answer(Printers(("front-desk", "back-office")))

    def give(self, printer: str, page: bytes, done: Done) -> None:
        done(REFUSED)


class Tab(QWidget):
    """A face as it stands in its tab, with the tab's own notice above it; its room is what a frame has for a tab."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)  # in no layout of the window's, which would grow with what is wanted here
        self.face = TerminalFace()
        self.notice = ErrorPanel(State.NEEDS)
        self.notice.tell("The system shows a notice for you to read and acknowledge.")
        self.notice.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self.face, 1)

    def faulty(self) -> list[str]:
        """What is cut, squashed, nameless, or in the place of something else."""
        settle()
        view = self.face.view
        status = view.status.geometry()
        found = [*cut_texts(self), *too_small(self), *nameless(self)]
        beside = [one for one in (view._ground, view.keys, view.printing) if one.isVisible()]
        ends = {one.geometry().bottom() + 1 for one in beside} | {status.top()}
        if len(ends) > 1 or status.bottom() + 1 != view.height():
            found.append(f"{ends} of {status} in {view.size()}")
        return found


@pytest.fixture
def tab(dressed: None) -> Iterator[Tab]:
    window = QWidget()
    window.resize(1280, 594)
    tab = Tab(window)
    tab.resize(window.size())
    FocusRing(window)
    window.show()
    window.activateWindow()
    feed = DirectFeed(engine_3270(b""), tab.face.view)
    tab.face.open(feed, "host.example")
    feed.say(logon())
    tab.face.setFocus()
    settle()
    yield tab
    window.close()
    window.deleteLater()
    settle()


def in_sight(panel: BesidePanel, widget: QWidget) -> bool:
    """Whether all of a widget in a panel is seen."""
    room = panel.room.viewport()
    return room.rect().contains(QRect(widget.mapTo(room, QPoint(0, 0)), widget.size()))


def large(tab: Tab) -> None:
    current().wear(LARGE)
    tab.resize(1280, 487)
    settle()


@pytest.mark.parametrize("notice", [False, True])
@pytest.mark.parametrize("left", [False, True])
def test_why_nothing_was_printed_is_read_whole_in_large_text_and_all_is_reached_by_tab(
    tab: Tab, notice: bool, left: bool
) -> None:
    large(tab)
    panel = tab.face.view.printing
    panel.server = RefusingServer()
    tab.notice.setVisible(notice)
    if left:
        tab.face.left_signed_on(*left_words(LEFT))
    tab.face.view.print_screen()
    settle()
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert not tab.faulty()
    assert panel.fault.what.text() == "The printer front-desk did not take the page."
    assert in_sight(panel, panel.fault.what)
    assert panel.end.hasFocus(), "the keys are where they are seen"
    for stop in (panel.fault.copy_button, panel.help, panel.list, panel.act):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        settle()
        assert stop.hasFocus()
        assert in_sight(panel, stop)
    QTest.keyClick(panel.act, Qt.Key.Key_Escape)
    assert not panel.isVisible()


def test_a_line_parts_a_panel_from_what_it_is_beside_and_none_is_drawn_where_it_stands_in_its_place(tab: Tab) -> None:
    panel = tab.face.view.printing
    panel.server = RefusingServer()
    tab.face.view.print_screen()
    settle()

    def edge() -> str:
        return panel.grab().toImage().pixelColor(0, panel.height() - 1).name()

    assert edge() == look().colours.line.name()
    large(tab)
    assert edge() == look().colours.surface.name()


def test_a_list_that_becomes_a_line_high_shows_the_line_that_is_chosen(tab: Tab) -> None:
    lines = BesideList("Files")
    lines.setParent(tab)
    lines.addItems([f"file {number}" for number in range(30)])
    lines.resize(300, 400)
    lines.show()
    lines.setCurrentRow(3)
    settle()
    lines.resize(300, lines.minimumSizeHint().height())
    settle()
    assert lines.viewport().rect().contains(lines.visualItemRect(lines.item(3)).center())


def test_where_there_is_room_the_keys_stay_on_the_printers_after_one_took_nothing(tab: Tab) -> None:
    panel = tab.face.view.printing
    panel.server = RefusingServer()
    tab.notice.show()
    tab.face.view.print_screen()
    settle()
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert not tab.faulty()
    assert panel.list.hasFocus()
    assert in_sight(panel, panel.fault)
    assert in_sight(panel, panel.act)


def test_the_list_of_keys_and_what_is_said_of_the_line_share_the_room(tab: Tab) -> None:
    large(tab)
    tab.face.lost("host.example", "The host has closed the line.", "Press Connect again.", "terminal-line-lost")
    assert not tab.faulty()
    tab.face.view.show_keys()
    assert not tab.faulty()
    QTest.keyClick(tab.face.view.keys.list, Qt.Key.Key_Escape)
    assert not tab.face.view.keys.isVisible()
    assert not tab.faulty()


def test_what_scrolls_stands_on_the_ground_of_its_panel(tab: Tab) -> None:
    for theme in get_args(Theme):
        current().wear(Look(theme=theme))
        tab.face.view.keys.hide()
        tab.face.view.show_keys()
        settle()
        drawn = tab.face.view.keys.grab().toImage()
        assert drawn.pixelColor(4, drawn.height() // 2) == look().colours.surface


def test_a_terminal_on_the_lesser_engine_says_so_above_its_keys(tab: Tab) -> None:
    keys = tab.face.view.keys
    lesser = vt_choice({"ghostty": "no_such_module:Engine", "pyte": ENGINES["pyte"]})
    for scale in (1.0, 2.0):
        current().wear(Look(scale=scale))
        tab.face.view.show_keys()
        assert not keys.lesser.isVisible()
        keys.show_for("vt", engine=lesser)
        assert not tab.faulty()
        assert keys.lesser.text().startswith("This computer shows such terminals with pyte, which is slower")
        assert in_sight(keys, keys.lesser)
        keys.show_for("3270", engine=lesser)
        assert not keys.lesser.isVisible()
        keys.closed.emit()
    keys.show_for("vt")
    assert keys.lesser.isVisible() == vt_choice().fallback
