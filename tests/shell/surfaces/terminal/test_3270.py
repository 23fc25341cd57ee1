"""A 3270 used by hand: what is typed, which key goes where, what is marked, pasted and said."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from launcher.shell.look import Look, current
from launcher.shell.surfaces.terminal import TerminalView
from launcher.shell.surfaces.terminal.selection import Place
from launcher.terminal.grid import Cursor, StatusLine
from launcher.terminal.keys import Key
from tests.shell.look.seeing import settle
from tests.shell.surfaces.terminal.feeds import DirectFeed
from tests.shell.surfaces.terminal.samples import PASSWORD, USERID
from tests.unit.terminal.tn3270.streams import at, record

LEFT_CTRL = 0xFFE3


def point_of(view: TerminalView, row: int, column: int) -> QPoint:
    """The middle of a cell."""
    return view.area._cell_place(row, column).center()


def test_what_is_typed_goes_into_the_field(view: TerminalView, on_3270: DirectFeed) -> None:
    QTest.keyClicks(view.area, "4471")
    assert on_3270.typed == "4471"
    assert view.shown.text(USERID[0]).endswith(". 4471")
    assert view.shown.cursor == Cursor(USERID[0], USERID[1] + 4)
    assert view.status.place.text() == "Row 9, column 25"


def test_a_hidden_field_shows_nothing_and_is_kept_from_what_learns(view: TerminalView, on_3270: DirectFeed) -> None:
    sensitive = Qt.InputMethodHint.ImhSensitiveData
    assert not view.area.inputMethodHints() & sensitive
    QTest.keyClick(view.area, Qt.Key.Key_Tab)
    QTest.keyClicks(view.area, "s3cret")
    assert view.shown.cursor.row == PASSWORD[0]
    assert "s3cret" not in "".join(view.shown.text(row) for row in range(24))
    assert view.area.inputMethodHints() & sensitive


def test_a_protected_cell_is_said_in_words_and_escape_goes_on(view: TerminalView, on_3270: DirectFeed) -> None:
    QTest.keyClick(view.area, Qt.Key.Key_Up)
    QTest.keyClicks(view.area, "x")
    assert view.status.lock.text() == "Nothing can be typed there. Esc goes on."
    QTest.keyClick(view.area, Qt.Key.Key_Escape)
    assert not view.status.lock.isVisible()


def test_f12_is_the_hosts_and_ctrl_f12_the_launchers(view: TerminalView, on_3270: DirectFeed) -> None:
    locked: list[str] = []
    lock = QShortcut(view.window())
    lock.setKeys([QKeySequence("F12"), QKeySequence("Meta+L")])
    lock.setContext(Qt.ShortcutContext.ApplicationShortcut)
    lock.activated.connect(lambda: locked.append("lock"))
    QTest.keyClick(view.area, Qt.Key.Key_F12)
    assert on_3270.pressed == [Key("PF12")]
    assert locked == []
    QTest.keyClick(view.area, Qt.Key.Key_F12, Qt.KeyboardModifier.ControlModifier)
    assert locked == ["lock"]
    QTest.keyClick(view.area, Qt.Key.Key_L, Qt.KeyboardModifier.MetaModifier)
    assert locked == ["lock", "lock"]
    assert on_3270.pressed == [Key("PF12")]


def test_the_function_keys_are_wanted_while_the_screen_has_the_focus_and_a_line(
    view: TerminalView, on_3270: DirectFeed
) -> None:
    said: list[bool] = []
    view.function_keys_wanted.connect(said.append)
    assert view.wants_function_keys
    view.show_keys()
    settle()
    view.show_keys()
    settle()
    on_3270.engine.lost()
    view.take(on_3270.engine.grid.picture())
    assert said == [False, True, False]
    QTest.keyClick(view.area, Qt.Key.Key_F3)
    assert on_3270.pressed == []
    assert view.status.lock.text() == "Not connected"


def test_the_left_ctrl_by_itself_is_reset_and_with_another_key_it_is_not(
    view: TerminalView, on_3270: DirectFeed
) -> None:
    def ctrl(kind: QEvent.Type) -> None:
        held = Qt.KeyboardModifier.ControlModifier if kind is QEvent.Type.KeyPress else Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(view.area, QKeyEvent(kind, Qt.Key.Key_Control, held, 0, LEFT_CTRL, 0))

    ctrl(QEvent.Type.KeyPress)
    QTest.keyClick(view.area, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    ctrl(QEvent.Type.KeyRelease)
    assert on_3270.pressed == []
    ctrl(QEvent.Type.KeyPress)
    ctrl(QEvent.Type.KeyRelease)
    assert on_3270.pressed == [Key("Reset")]


def test_dead_keys_and_input_methods_type_what_they_come_to(view: TerminalView, on_3270: DirectFeed) -> None:
    QApplication.sendEvent(view.area, QInputMethodEvent("´", []))
    assert on_3270.typed == ""
    done = QInputMethodEvent()
    done.setCommitString("é")
    QApplication.sendEvent(view.area, done)
    assert on_3270.typed == "é"
    assert view.area.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle) == view.area.cursor_place()


def test_a_click_puts_the_cursor_there(view: TerminalView, on_3270: DirectFeed) -> None:
    QTest.mouseClick(view.area.viewport(), Qt.MouseButton.LeftButton, pos=point_of(view, 10, 22))
    assert on_3270.pointed == [(10, 22)]


def test_a_block_is_marked_by_keys_from_the_cursor_on(view: TerminalView, on_3270: DirectFeed) -> None:
    def press(key: Qt.Key, times: int) -> None:
        for _ in range(times):
            QTest.keyClick(view.area, key, Qt.KeyboardModifier.ShiftModifier)

    row, column = USERID
    place = view.shown.cursor
    assert (place.row, place.column) == (row, column)
    on_3270.type("ABC")
    on_3270.press(Key("Home"))
    settle()
    press(Qt.Key.Key_Right, 3)
    view.copy()
    assert QGuiApplication.clipboard().text() == "ABC"
    press(Qt.Key.Key_Down, 1)
    press(Qt.Key.Key_Left, 2)
    view.copy()
    assert QGuiApplication.clipboard().text().splitlines()[0] == "A"
    on_3270.press(Key("Down"))  # a cursor that has moved is where it begins anew
    settle()
    press(Qt.Key.Key_Left, 5)
    press(Qt.Key.Key_Up, 40)
    assert view.area.marking.selection is not None
    assert view.area.marking.selection.head.row == view.shown.first
    assert view.area.marking.selection.anchor == Place(row + 1, column)


def test_a_block_is_marked_and_copied(view: TerminalView, on_3270: DirectFeed) -> None:
    port = view.area.viewport()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=point_of(view, 8, 3) - QPoint(4, 0))
    QTest.mouseMove(port, point_of(view, 10, 10) + QPoint(4, 0))
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=point_of(view, 10, 10) + QPoint(4, 0))
    QTest.keyClick(view.area, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "USER ID\nPASSWORD\nAPPLICAT"
    assert on_3270.pointed == []


def test_a_double_click_marks_a_word(view: TerminalView, on_3270: DirectFeed) -> None:
    QTest.mouseDClick(view.area.viewport(), Qt.MouseButton.LeftButton, pos=point_of(view, 0, 26))
    view.copy()
    assert QGuiApplication.clipboard().text() == "NATIONAL"


def test_what_the_host_writes_over_is_marked_no_more(view: TerminalView, on_3270: DirectFeed) -> None:
    view.mark_all()
    assert view.area.marking.any
    QTest.keyClicks(view.area, "4")
    assert not view.area.marking.any


def test_a_paste_goes_to_the_engine_as_it_is(view: TerminalView, on_3270: DirectFeed) -> None:
    QGuiApplication.clipboard().setText("44\n55")
    QTest.keyClick(view.area, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert on_3270.pasted == ["44\n55"]


def test_the_whole_screen_has_room_until_larger_text_is_wanted(view: TerminalView, on_3270: DirectFeed) -> None:
    area = view.area

    def fits() -> bool:
        wide, high = area.cells.room(24, 80)
        return wide <= area.viewport().width() and high <= area.viewport().height()

    assert fits()
    view.window().resize(640, 400)
    settle()
    assert fits()
    for _ in range(6):
        QTest.keyClick(area, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert not fits()
    assert area.viewport().rect().contains(area.cursor_place())
    assert view.status.zoom.isVisible()
    QTest.keyClick(area, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert fits()


def test_insert_and_the_name_of_the_line_are_said(view: TerminalView, on_3270: DirectFeed) -> None:
    QTest.keyClick(view.area, Qt.Key.Key_Insert)
    assert view.status.insert.text() == "Insert"
    status = StatusLine(lock="clock", lu_name="FD02T014", message="A program check")
    view.status.draw("3270", status, Cursor(1, 2))
    assert view.status.lock.text() == "The host is working"
    assert view.status.lu_name.text() == "Line FD02T014"
    assert view.status.message.text() == "A program check"
    assert view.status.insert.isHidden()


def test_who_wants_large_text_gets_it_with_all_columns_and_the_rows_around_the_cursor(
    view: TerminalView, on_3270: DirectFeed
) -> None:
    view.window().resize(1000, 420)
    settle()
    assert not view.bar.isVisible()
    current().wear(Look(scale=2.0))
    settle()
    assert view.area.cells.room(24, 80)[0] <= view.area.viewport().width()
    assert view.area.cells.room(24, 80)[1] > view.area.viewport().height()
    assert view.bar.isVisible()
    assert view.area.viewport().rect().contains(view.area.cursor_place())
    on_3270.say(record(b"\xf1\xc3" + at(22, 10) + b"\x13"))
    assert view.area.viewport().rect().contains(view.area.cursor_place())
    view.bar.setValue(0)
    assert view.area.panned_rows[0] == 0
    assert not view.area.viewport().rect().contains(view.area.cursor_place())
