"""The row of a system's windows, where there is no room for all their titles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from launcher.shell.look import Look, Menu, current
from launcher.shell.surfaces.window_view import WindowView
from launcher.shell.workspace.window_row import WindowRow
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small

TITLE = "Custody record 4471: person in custody, review of detention"


@pytest.fixture
def row(dressed: None) -> Iterator[WindowRow]:
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    row = WindowRow()
    column.addWidget(row)
    window.resize(1280, 60)
    window.show()
    yield row
    window.close()


def views(count: int, front: int) -> list[WindowView]:
    return [WindowView(key, f"{key}. {TITLE}", key == front, key == 1) for key in range(1, count + 1)]


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("count", [2, 4, 9])
def test_titles_are_cut_and_then_windows_go_behind_a_button_but_never_the_one_in_front(
    row: WindowRow, count: int, scale: float
) -> None:
    row.draw(views(count, front=count))
    current().wear(Look(scale=scale))
    settle()
    assert (cut_texts(row), too_small(row), nameless(row)) == ([], [], [])
    seen = [button for button in row.buttons if button.isVisible()]
    assert row.buttons[-1] in seen
    assert row.buttons[-1].accessibleName() == f"{count}. {TITLE}, window {count} of {count}, in front"
    assert all(button.text().endswith("…") and len(button.text()) > 5 for button in seen)
    assert all(button.geometry().right() < row.width() for button in (*seen, row.more))
    assert row.more.isVisible() == (len(seen) < count)
    row.window().resize(700, row.height())
    settle()
    assert row.width() == 700
    assert row.buttons[-1].isVisible()
    assert cut_texts(row) == []


def test_what_is_behind_the_button_is_chosen_there(row: WindowRow) -> None:
    chosen: list[int] = []
    row.chosen.connect(chosen.append)
    row.window().resize(700, 60)
    row.draw(views(9, front=1))
    settle()
    hidden = [view.key for view, button in zip(views(9, 1), row.buttons, strict=True) if not button.isVisible()]
    assert row.more.text() == f"{len(hidden)} more"
    row.more.click()
    menu = next(one for one in QApplication.topLevelWidgets() if isinstance(one, Menu) and one.isVisible())
    assert [one.text()[0] for one in menu.actions()] == [str(key) for key in hidden]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert chosen == [hidden[0]]
