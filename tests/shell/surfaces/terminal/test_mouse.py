"""The mouse on a VT whose program has asked for it: presses, drags and the wheel are the program's, Shift marks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from launcher.shell.surfaces.terminal import TerminalView
from launcher.terminal.keys import Key
from launcher.terminal.mouse import MouseAct
from tests.shell.surfaces.terminal.feeds import DirectFeed

NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton

mouse_told = pytest.mark.needs("ghostty")
"""What is tested is what a program is told of the mouse: pyte tells none."""


@pytest.fixture
def on_menu(on_vt: DirectFeed) -> DirectFeed:
    """A program that has asked for presses and for what is dragged."""
    on_vt.say(b"\x1b[?1002h\x1b[?1006hone two three")
    return on_vt


def at(view: TerminalView, row: int, column: int) -> QPoint:
    return view.area._cell_place(row, column).center()


def drag(view: TerminalView, begin: QPoint, end: QPoint, held: Qt.KeyboardModifier = NONE) -> None:
    port = view.area.viewport()
    QTest.mousePress(port, LEFT, held, begin)
    for place in (end, end + QPoint(1, 0)):
        moved = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(place),
            port.mapToGlobal(place).toPointF(),
            Qt.MouseButton.NoButton,
            LEFT,
            held,
        )
        QApplication.sendEvent(port, moved)
    QTest.mouseRelease(port, LEFT, held, end)


def roll(view: TerminalView, place: QPoint, turned: int, held: Qt.KeyboardModifier = NONE) -> None:
    port = view.area.viewport()
    event = QWheelEvent(
        QPointF(place),
        port.mapToGlobal(place).toPointF(),
        QPoint(),
        QPoint(0, turned),
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(port, event)


@mouse_told
def test_presses_drags_and_releases_are_the_programs_each_cell_once(view: TerminalView, on_menu: DirectFeed) -> None:
    drag(view, at(view, 0, 4), at(view, 1, 6))
    assert on_menu.moused == [
        MouseAct("press", "left", 0, 4),
        MouseAct("move", "left", 1, 6),
        MouseAct("release", "left", 1, 6),
    ]
    assert on_menu.sent.endswith(b"\x1b[<0;5;1M\x1b[<32;7;2M\x1b[<0;7;2m")
    assert not view.area.marking.any
    on_menu.moused.clear()
    QTest.mouseDClick(view.area.viewport(), LEFT, NONE, at(view, 0, 4))
    QTest.mouseClick(view.area.viewport(), MIDDLE, NONE, at(view, 0, 4))
    assert [one.button for one in on_menu.moused if one.kind == "press"] == ["left", "middle"]
    assert not view.area.marking.any
    assert on_menu.pasted == []


@mouse_told
def test_with_shift_it_marks_and_the_wheel_goes_through_the_rows_above(view: TerminalView, on_menu: DirectFeed) -> None:
    drag(view, at(view, 0, 4), at(view, 0, 7), SHIFT)
    assert on_menu.moused == []
    assert view.area.marking.text() == "two"
    on_menu.say(b"\r\n" * 60)
    roll(view, at(view, 0, 0), 120, SHIFT)
    assert view.shown.top is not None
    assert on_menu.moused == []
    roll(view, at(view, 0, 0), 120)
    assert on_menu.moused == [], "above its screen there is nothing of the program's"
    roll(view, at(view, 0, 0), -1200)
    roll(view, at(view, 3, 2), -240)
    assert on_menu.moused == [MouseAct("press", "wheel-down", 3, 2)] * 2


def test_the_wheel_is_arrow_keys_on_a_full_screen_whose_program_knows_no_mouse(
    view: TerminalView, on_vt: DirectFeed
) -> None:
    roll(view, at(view, 0, 0), 120)
    assert on_vt.pressed == [], "a shell would take them for what was typed before"
    on_vt.say(b"\x1b[?1049hpage")
    roll(view, at(view, 0, 0), 120)
    roll(view, at(view, 0, 0), -40)
    assert on_vt.pressed == [Key("Up")] * 3 + [Key("Down")]
    roll(view, at(view, 0, 0), 120, SHIFT)
    on_vt.say(b"\x1b[?1049l")
    roll(view, at(view, 0, 0), 120)
    assert len(on_vt.pressed) == 4


@mouse_told
def test_the_pointer_shows_whose_the_mouse_is(view: TerminalView, on_menu: DirectFeed) -> None:
    port = view.area.viewport()
    assert port.cursor().shape() is Qt.CursorShape.ArrowCursor
    on_menu.say(b"\x1b[?1002l")
    assert port.cursor().shape() is Qt.CursorShape.IBeamCursor


@mouse_told
def test_small_turns_of_a_wheel_are_told_once_they_make_a_whole_one(view: TerminalView, on_menu: DirectFeed) -> None:
    for _ in range(7):
        roll(view, at(view, 0, 0), 40)
    assert on_menu.moused == [MouseAct("press", "wheel-up", 0, 0)] * 2


@mouse_told
def test_the_right_button_is_the_programs_and_with_shift_the_menus(view: TerminalView, on_menu: DirectFeed) -> None:
    menus: list[QPoint] = []
    view.area.menu_wanted.disconnect()
    view.area.menu_wanted.connect(menus.append)

    def ask(held: Qt.KeyboardModifier) -> None:
        place = at(view, 0, 0)
        by_mouse = QContextMenuEvent.Reason.Mouse
        QApplication.sendEvent(view.area.viewport(), QContextMenuEvent(by_mouse, place, place, held))

    ask(NONE)
    assert menus == []
    ask(SHIFT)
    assert len(menus) == 1
    on_menu.say(b"\x1b[?1002l")
    ask(NONE)
    assert len(menus) == 2


@mouse_told
def test_a_program_that_asks_no_more_leaves_the_mouse_to_marking_and_still_learns_of_the_release(
    view: TerminalView, on_menu: DirectFeed
) -> None:
    port = view.area.viewport()
    QTest.mousePress(port, LEFT, NONE, at(view, 0, 4))
    on_menu.say(b"\x1b[?1002l")
    QTest.mouseRelease(port, LEFT, NONE, at(view, 0, 5))
    assert [one.kind for one in on_menu.moused] == ["press", "release"]
    drag(view, at(view, 0, 4), at(view, 0, 7))
    assert len(on_menu.moused) == 2
    assert view.area.marking.text() == "two"
