"""What a screen reader meets: a text with lines and a caret, names for everything, and the lock in words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from launcher.shell.look import Look, current
from launcher.shell.surfaces.terminal import TerminalFace, TerminalView
from tests.shell.look.seeing import nameless, settle, too_small
from tests.shell.surfaces.terminal.feeds import DirectFeed
from tests.shell.surfaces.terminal.samples import USERID, engine_3270, logon


@pytest.fixture
def read() -> Iterator[None]:
    was = QAccessible.isActive()
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(was)


def test_the_screen_is_a_text_with_a_line_for_each_row(read: None, view: TerminalView, on_3270: DirectFeed) -> None:
    node = QAccessible.queryAccessibleInterface(view.area)
    assert node.role() == QAccessible.Role.EditableText
    assert node.state().readOnly
    assert node.text(QAccessible.Text.Name) == "Screen of host.example"
    lines = node.text(QAccessible.Text.Value).split("\n")
    assert len(lines) == 24
    assert lines[0].split() == ["NRC0010", "NATIONAL", "RECORDS", "CONSOLE", "26/11/25", "03:12:44"]


def test_the_caret_is_where_the_cursor_is_and_its_line_is_said(
    read: None, view: TerminalView, on_3270: DirectFeed
) -> None:
    QTest.keyClicks(view.area, "4471")
    caret = view.area.textCursor()
    assert (caret.blockNumber(), caret.positionInBlock()) == (USERID[0], USERID[1] + 4)
    node = QAccessible.queryAccessibleInterface(view.area)
    text = node.textInterface()
    assert text is not None
    assert text.cursorPosition() == caret.position()
    said = node.text(QAccessible.Text.Description)
    assert said == "Row 9, column 25. USER ID  . . . . 4471"


def test_a_hidden_field_is_not_read_out(read: None, view: TerminalView, on_3270: DirectFeed) -> None:
    QTest.keyClick(view.area, Qt.Key.Key_Tab)
    QTest.keyClicks(view.area, "s3cret")
    node = QAccessible.queryAccessibleInterface(view.area)
    assert "s3cret" not in node.text(QAccessible.Text.Value)


def test_rows_above_are_read_where_they_are_in_view(read: None, view: TerminalView, on_vt: DirectFeed) -> None:
    on_vt.say("\r\n".join(f"line {number} 中文" for number in range(90)).encode())
    view.scroll_by(-500)
    text = QAccessible.queryAccessibleInterface(view.area).text(QAccessible.Text.Value)
    assert text.startswith("line 0 中文")


def test_nothing_is_kept_up_while_nobody_reads(view: TerminalView, on_3270: DirectFeed) -> None:
    assert view.area.toPlainText() == ""


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_everything_has_a_name_and_its_room(dressed: None, scale: float) -> None:
    current().wear(Look(scale=scale))
    face = TerminalFace()
    face.resize(1280, 700)
    face.show()
    feed = DirectFeed(engine_3270(logon()), face.view)
    face.open(feed, "host.example")
    face.take(feed.engine.grid.picture(whole=True))
    face.lost("host.example", "The host has closed the line.", "Press Connect again.", "terminal-line-lost")
    face.view.open_search()
    face.view.show_keys()
    settle()
    assert nameless(face) == []
    assert too_small(face) == []
    face.close()
    face.deleteLater()
    settle()
