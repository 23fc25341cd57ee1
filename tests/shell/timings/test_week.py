"""The last seven days: asked for when they are looked at, in a table of the officer's own systems."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from launcher.session.commands import AskWeek, Command
from launcher.session.snapshot import ErrorView, PartView, Snapshot, WeekView
from launcher.shell.frame import Frame
from launcher.shell.look import Look, current
from launcher.shell.surfaces.web_surfaces import WebSurfaces
from launcher.shell.timings import TimingsPage
from launcher.shell.window import Window
from tests.shell.engine_room import engine_room
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small
from tests.shell.workspace.sample import launch, shift, snapshot

pytestmark = pytest.mark.usefixtures("qapp", "dressed")

WEEK = WeekView(
    (
        PartView("sign-in", "total", 61, 8200, 15300, 4),
        PartView("sign-in", "machine", 61, 1200, 2300, 4),
        PartView("sign-in", "You", 61, 7000, 13000, 0),
        PartView("warrants", "total", 3, 0, 0, 3),
        PartView("warrants", "machine", 3, 0, 0, 3),
        PartView("custody", "total", 100, 4200, 9300, 2, 7),
        PartView("custody", "machine", 100, 4200, 9300, 2),
        PartView("custody", "Settle", 100, 600, 700, 0),
        PartView("custody", "Sign on", 99, 1200, 1900, 2),
        PartView("custody", "Not measured", 100, 0, 0, 0),
        PartView("nobody-s", "total", 1, 5, 5, 0),
        PartView("switch", "total", 60, 60, 200, 0),
    )
)
BROKEN = WeekView(error=ErrorView("timings-not-read", "The times could not be read.", "Tell the helpdesk."))


@pytest.fixture
def page(dressed: None) -> Iterator[TimingsPage]:
    frame = Frame()
    page = TimingsPage()
    frame.pages.addWidget(page)
    frame.resize(1280, 800)
    frame.show()
    frame.activateWindow()
    yield page
    frame.close()


def draw(page: TimingsPage, picture: Snapshot) -> None:
    page.draw(picture)
    settle()


def table(page: TimingsPage) -> list[list[str]]:
    cells = page.week.table
    items = [[cells.item(row, column) for column in range(cells.columnCount())] for row in range(cells.rowCount())]
    return [[item.text() for item in row if item is not None] for row in items]


def test_it_is_asked_for_when_it_is_looked_at_and_never_before(page: TimingsPage) -> None:
    asked: list[object] = []
    page.command.connect(asked.append)
    draw(page, shift())
    page.which.segments[1].click()
    assert asked == []
    page.which.segments[2].click()
    assert asked == [AskWeek()]
    settle()
    assert page.empty.isVisible()
    assert page.empty.what.text() == "Adding up the last 7 days …"
    draw(page, replace(shift(), week=WEEK))
    assert page.week.isVisible()
    assert asked == [AskWeek()]
    page.hide()
    page.show()
    assert asked == [AskWeek(), AskWeek()]


def test_the_window_passes_the_wish_on_to_the_session(qtbot: QtBot) -> None:
    told: list[Command] = []
    with engine_room() as room, ExitStack() as leaving:
        surfaces = WebSurfaces(room.bridge)
        leaving.callback(surfaces.release_now)
        window = Window(told.append, fullscreen=False)
        qtbot.addWidget(window)
        window.lend(surfaces)
        window.draw(shift())
        window.show()
        window.show_page(window.timings)
        window.timings.which.segments[2].click()
        assert AskWeek() in told
        window.draw(replace(shift(), week=WEEK))
        assert window.timings.week.table.rowCount() == 8


def test_the_table_says_times_and_failures_by_system_and_part(page: TimingsPage) -> None:
    draw(page, replace(shift(), week=WEEK))
    page.which.segments[2].click()
    settle()
    assert page.heading.text() == "The last 7 days on this computer"
    assert table(page) == [
        ["Logging on", "In all", "61", "8.2 s", "15.3 s", "–", "4"],
        ["", "The system itself", "61", "1.2 s", "2.3 s", "–", "4"],
        ["", "Waiting for people", "61", "7.0 s", "13.0 s", "–", "0"],
        ["Custody Record", "In all", "100", "4.2 s", "9.3 s", "7", "2"],
        ["", "Sign on", "99", "1.2 s", "1.9 s", "–", "2"],
        ["", "Settle", "100", "0.6 s", "0.7 s", "–", "0"],
        ["Warrants Register", "In all", "3", "–", "–", "0", "3"],
        ["Logging off", "In all", "60", "0.1 s", "0.2 s", "–", "0"],
    ]
    name = page.week.table.model().index(4, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert name == "Custody Record"
    assert [figure.value.text() for figure in page.figures] == ["103", "4.2 s", "4.2 s", "5"]
    assert not page.as_table.isVisible()


def test_a_week_too_full_to_be_added_up_whole_is_said(page: TimingsPage) -> None:
    draw(page, replace(shift(), week=replace(WEEK, newest=10_000)))
    page.which.segments[2].click()
    settle()
    assert page.heading.text() == "The newest 10,000 of the last 7 days"


def test_a_week_without_openings_and_one_that_was_not_read(page: TimingsPage) -> None:
    draw(page, replace(snapshot(), week=WeekView()))
    page.which.segments[2].click()
    settle()
    assert page.empty.what.text() == "Nothing was opened on this computer in the last 7 days."
    draw(page, replace(snapshot(), week=BROKEN))
    assert page.error.isVisible()
    assert page.error.reference_text == "timings-not-read"
    draw(page, replace(snapshot(), week=WEEK))
    assert not page.error.isVisible()
    assert page.week.isVisible()


def test_this_time_is_offered_only_where_systems_were_opened_together(page: TimingsPage) -> None:
    draw(page, snapshot(launch("custody", "ready", took_ms=3000.0)))
    assert not page.which.segments[0].isVisible()
    assert page.which.index == 1
    QTest.keyClick(page.which.segments[1], Qt.Key.Key_Left)
    assert page.which.index == 1
    draw(page, shift())  # where nothing else was chosen, the press that opened them together is shown
    assert page.which.index == 0
    page.which.segments[1].click()
    draw(page, shift())
    assert page.which.index == 1


@pytest.mark.parametrize("look", [Look(), Look(theme="dark"), Look(scale=1.5), Look(theme="dark", scale=2.0)])
def test_every_state_of_it_is_named_whole_and_large_enough(page: TimingsPage, look: Look) -> None:
    current().wear(look)
    draw(page, shift())
    page.which.segments[2].click()
    for week in (None, WeekView(), BROKEN, WEEK):
        draw(page, replace(shift(), week=week))
        assert nameless(page) == []
        assert cut_texts(page) == []
        assert too_small(page) == []
