"""A menu's longest line is whole at every size of text."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from launcher.shell.look import Look, Menu, current

LONGEST = "Print all of this screen"


def ink(image: QImage, line: QRect) -> int:
    """Return from which to which column a line of the menu is drawn in, in pixels."""
    inside = line.adjusted(3, 3, -3, -3)  # within the menu's frame
    ground = image.pixel(inside.right(), inside.top())
    rows, columns = range(inside.top(), inside.bottom()), range(inside.left(), inside.right())
    drawn = [x for x in columns if any(image.pixel(x, y) != ground for y in rows)]
    return drawn[-1] - drawn[0] + 1


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_the_longest_line_is_drawn_whole(qtbot: QtBot, scale: float) -> None:
    current().wear(Look("light", scale))
    over = QWidget()
    qtbot.addWidget(over)
    over.show()
    menu = Menu(over)
    menu.addAction("Copy")
    longest = menu.addAction(LONGEST)
    menu.popup(over.mapToGlobal(QPoint(5, 5)))
    drawn = ink(menu.grab().toImage(), menu.actionGeometry(longest))
    menu.close()
    assert drawn >= QFontMetrics(menu.font()).tightBoundingRect(LONGEST).width() - 1
