"""A VT used by hand: its size, what has scrolled off, the search, what is copied."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from launcher.shell.look import Look, current
from launcher.shell.surfaces.terminal import TerminalView
from launcher.shell.surfaces.terminal.selection import Place
from launcher.terminal.engine import VtEngine
from launcher.terminal.grid import RowPicture
from launcher.terminal.keys import Key
from launcher.terminal.vt.choice import vt_engine
from tests.shell.look.seeing import settle
from tests.shell.surfaces.terminal.feeds import DirectFeed

SHIFT = Qt.KeyboardModifier.ShiftModifier

wraps_noted = pytest.mark.needs("ghostty")
"""What is tested is that rows are one line: pyte keeps no note of where it wrapped."""


def lines(count: int, first: int = 0) -> bytes:
    return "\r\n".join(f"line {number:03}" for number in range(first, first + count)).encode()


def in_view(view: TerminalView) -> list[str]:
    return [view.shown.text(view.shown.first + place) for place in range(view.shown.rows)]


def test_it_is_as_large_as_its_room_and_follows_it(view: TerminalView, on_vt: DirectFeed) -> None:
    rows, columns = on_vt.engine.grid.rows, on_vt.engine.grid.columns
    assert (rows, columns) == view.area.size_wanted()
    view.window().resize(900, 480)
    settle()
    assert on_vt.engine.grid.rows == 24 < rows, "letters are smaller before there are less"
    assert on_vt.engine.grid.columns < columns
    at_first = on_vt.engine.grid.columns
    QTest.keyClick(view.area, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert on_vt.engine.grid.columns > at_first


def test_where_text_is_large_a_program_has_its_24_rows_of_80_and_those_around_the_cursor_are_in_sight(
    view: TerminalView, on_vt: DirectFeed
) -> None:
    current().wear(Look(scale=2.0))
    settle()
    grid = on_vt.engine.grid
    assert grid.rows == 24
    assert grid.columns >= 80
    over = view.area.panned_rows[1]
    assert over > 0
    assert view.area.cells.width * grid.columns <= view.area.viewport().width()

    def sees_cursor() -> bool:
        return view.area.viewport().rect().contains(view.area.cursor_place())

    on_vt.say(b"\x1b[?1049h\x1b[24;1Hmessage")
    assert view.area.panned_rows[0] == over
    assert sees_cursor()
    assert (view.bar.value(), view.bar.maximum()) == (over, over)
    view.bar.setValue(0)
    assert view.area.panned_rows[0] == 0
    assert not sees_cursor()
    QTest.keyClick(view.area, Qt.Key.Key_A)
    assert sees_cursor()
    on_vt.say(b"\x1b[1;1H")
    assert sees_cursor()
    on_vt.say(b"\x1b[?25l\x1b[24;1Hdrawn last")
    assert view.area.panned_rows[0] == 0, "where a cursor that is hidden was left says nothing of what is chosen"
    view.bar.setValue(2)
    QTest.keyClick(view.area, Qt.Key.Key_Down)
    on_vt.say(b"\x1b[3;1H\x1b[7mchosen\x1b[0m\x1b[24;11H")
    assert view.area.panned_rows[0] == 2
    on_vt.say(b"\x1b[?25h\x1b[1;1H")
    assert sees_cursor()
    on_vt.say(b"\x1b[?1049l" + lines(60))
    assert sees_cursor()
    view.scroll_by(-over)
    assert (view.shown.top, view.area.panned_rows[0]) == (None, 0)
    view.scroll_by(-1)
    assert view.shown.first == grid.scroll_back - 1
    QTest.keyClick(view.area, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    assert (view.shown.first, view.area.panned_rows[0]) == (0, 0)
    QTest.keyClick(view.area, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert view.shown.top is None
    assert sees_cursor()


def test_keys_are_the_hosts(view: TerminalView, on_vt: DirectFeed) -> None:
    QTest.keyClicks(view.area, "ls")
    for key, held in ((Qt.Key.Key_Tab, None), (Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)):
        QTest.keyClick(view.area, key, held or Qt.KeyboardModifier.NoModifier)
    assert on_vt.sent == b"ls\t\x03"
    assert on_vt.pressed == [Key("Tab"), Key("C", ctrl=True)]
    assert view.area.hasFocus()


def test_without_a_line_tab_leaves_the_screen(view: TerminalView, on_vt: DirectFeed) -> None:
    on_vt.engine.lost()
    view.take(on_vt.engine.grid.picture())
    after = QWidget(view.window())
    after.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    after.show()
    QTest.keyClick(view.area, Qt.Key.Key_Tab)
    assert not view.area.hasFocus()


def test_rows_above_are_read_and_a_key_goes_back_to_the_newest(view: TerminalView, on_vt: DirectFeed) -> None:
    on_vt.say(lines(200))
    newest = in_view(view)
    QTest.keyClick(view.area, Qt.Key.Key_Home, SHIFT)
    assert in_view(view)[:2] == ["line 000", "line 001"]
    assert view.status.message.text().endswith("rows further up")
    assert view.bar.value() == 0
    QTest.keyClick(view.area, Qt.Key.Key_PageDown, SHIFT)
    assert in_view(view)[0] == f"line {view.shown.rows - 1:03}"
    QTest.keyClicks(view.area, "x")
    assert in_view(view) == newest


def test_what_is_read_stays_where_it_is_while_more_comes(view: TerminalView, on_vt: DirectFeed) -> None:
    on_vt.say(lines(100))
    view.scroll_by(-30)
    read = in_view(view)
    on_vt.say(b"\r\n" + lines(40))
    assert in_view(view) == read


@pytest.mark.parametrize(
    "new",
    [
        # pyte keeps as many rows as ever, and where the screen is the same too nothing says that they are others.
        pytest.param(0, id="the-same-screen", marks=pytest.mark.needs("ghostty")),
        pytest.param(70, id="another-screen"),
    ],
)
def test_when_the_oldest_rows_go_the_view_is_what_the_engine_has(view: TerminalView, new: int) -> None:
    feed = DirectFeed(vt_engine(24, 80, scroll_back_rows=200), view)
    feed.say(lines(4000))
    view.scroll_by(-10_000)
    view.area.marking.begin(Place(view.shown.first, 0))
    view.area.marking.extend(Place(view.shown.first + 1, 80))
    marked = in_view(view)[:2]
    for times in range(30):
        feed.say(b"\r\n" + lines(70, times * new))
    engine = cast("VtEngine", feed.engine)
    above = engine.above(view.shown.first, view.shown.rows)
    assert above.rows
    assert in_view(view)[: above.rows] == [line.rstrip() for line in above.lines()]
    view.copy()
    assert QGuiApplication.clipboard().text().splitlines() == marked


def test_an_answer_that_comes_after_the_end_does_nothing(view: TerminalView, on_vt: DirectFeed) -> None:
    on_vt.say(lines(200))
    owed: list[Callable[[tuple[RowPicture, ...]], None]] = []
    on_vt.above = lambda first, rows, take: owed.append(take)  # type: ignore[method-assign] # answers later
    view.scroll_by(-50)
    view.end()
    for take in owed:
        take((RowPicture(0, ()),))
    assert view.shown.row(0) is None


def test_a_text_is_found_in_what_has_scrolled_off(view: TerminalView, on_vt: DirectFeed) -> None:
    on_vt.say(lines(300))
    QTest.keyClick(view.area, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier | SHIFT)
    assert view.search.edit.hasFocus()
    QTest.keyClicks(view.search.edit, "LINE 12")
    assert view.search.count.text() == "10 of 10"
    assert "line 129" in in_view(view)
    QTest.keyClick(view.search.edit, Qt.Key.Key_Return, SHIFT)
    assert view.search.count.text() == "9 of 10"
    QTest.keyClicks(view.search.edit, "zz")
    assert view.search.count.text() == "Not found"
    QTest.keyClick(view.search.edit, Qt.Key.Key_Escape)
    assert view.area.hasFocus()
    assert not view.search.isVisible()


@wraps_noted
def test_a_line_over_several_rows_is_copied_as_one_also_from_above(view: TerminalView, on_vt: DirectFeed) -> None:
    columns = on_vt.engine.grid.columns
    long = "x" * (columns + 5)
    on_vt.say(f"{long}\r\nnext\r\n".encode() + lines(150))
    view.area.marking.begin(Place(0, 0))
    view.area.marking.extend(Place(2, 4))
    view.copy()
    assert QGuiApplication.clipboard().text() == f"{long}\nnext"


@wraps_noted
def test_the_third_click_marks_the_whole_line(view: TerminalView, on_vt: DirectFeed) -> None:
    columns = on_vt.engine.grid.columns
    on_vt.say(f"{'word ' * (columns // 5 + 3)}\r\nnext".encode())
    view.area.marking.mark_line(Place(1, 3))
    view.copy()
    assert QGuiApplication.clipboard().text() == ("word " * (columns // 5 + 3)).rstrip()


def test_the_title_and_the_cursor_are_said_below(view: TerminalView, on_vt: DirectFeed) -> None:
    on_vt.say(b"\x1b]2;records@desk\x07abc")
    assert view.status.message.text() == "records@desk"
    assert view.status.place.text() == "Row 1, column 4"
    assert view.status.lu_name.isHidden()
