"""The cursor where it is no filled block, and what an input method has not yet typed."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from launcher.shell.look import look
from launcher.shell.surfaces.terminal.cells import Cells, font_for
from launcher.terminal.grid import CursorShape


def draw_cursor(painter: QPainter, place: QRect, shape: CursorShape | Literal["hollow"], ink: QColor) -> None:
    """Draw a cursor into its cell; a filled block is drawn with its row, as the letter in it is of the ground."""
    thick = max(2, place.width() // 5)
    if shape == "hollow":
        painter.setPen(ink)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.adjusted(0, 0, -1, -1))
    elif shape == "underline":
        painter.fillRect(QRect(place.left(), place.bottom() - thick + 1, place.width(), thick), ink)
    elif shape == "bar":
        painter.fillRect(QRect(place.left(), place.top(), thick, place.height()), ink)


def draw_preedit(painter: QPainter, place: QRect, cells: Cells, text: str) -> None:
    """Draw what an input method is about to type, over what stands at the cursor."""
    colours = look().colours
    painter.fillRect(
        QRect(place.topLeft(), place.size()).adjusted(0, 0, (len(text) - 1) * cells.width, 0), colours.match
    )
    painter.setFont(font_for(cells.font_px, False, False))
    painter.setPen(colours.text)
    painter.drawText(place.left(), place.top() + cells.baseline, text)


def input_hints(*, hidden: bool) -> Qt.InputMethodHint:
    """Return what an input method is told; where the host shows nothing it is to learn and to show nothing."""
    hints = Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhNoAutoUppercase
    if hidden:
        hints |= Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhHiddenText
    return hints
