"""Lines, corners and blocks (U+2500 to U+259F), drawn from edge to edge of their cells so that they meet.

How a character is drawn is read from its name in Unicode: "BOX DRAWINGS DOWN LIGHT AND RIGHT HEAVY".
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

FIRST: Final = "\u2500"
LAST: Final = "\u259f"

_WEIGHTS: Final = {"LIGHT": 1, "SINGLE": 1, "HEAVY": 2, "DOUBLE": 3}
_SIDES: Final = {
    "UP": ("up",), "DOWN": ("down",), "LEFT": ("left",), "RIGHT": ("right",),
    "HORIZONTAL": ("left", "right"), "VERTICAL": ("up", "down"),
}  # fmt: skip
_DASHES: Final = {"DOUBLE": 2, "TRIPLE": 3, "QUADRUPLE": 4}
_QUARTERS: Final = (4, 8, 1, 13, 9, 7, 11, 2, 6, 14)
"""From U+2596: 1 upper left, 2 upper right, 4 lower left, 8 lower right."""


@dataclass(frozen=True, slots=True)
class Box:
    """The four arms, each 0 (none), 1 (light), 2 (heavy) or 3 (double), and what else is special."""

    up: int = 0
    down: int = 0
    left: int = 0
    right: int = 0
    dashes: int = 0
    arc: bool = False
    diagonal: str = ""


@lru_cache(maxsize=160)
def box_of(character: str) -> Box:
    """Return how a character of U+2500 to U+257F is drawn."""
    words = unicodedata.name(character).removeprefix("BOX DRAWINGS ").split()
    if "DIAGONAL" in words:
        return Box(diagonal={"\u2571": "/", "\u2572": "\\"}.get(character, "x"))
    dashes = 0
    if "DASH" in words:
        at = words.index("DASH")
        dashes = _DASHES[words[at - 1]]
        del words[at - 1 : at + 1]
    arms: dict[str, int] = {}
    weight = 1
    for clause in " ".join(word for word in words if word != "ARC").split(" AND "):
        parts = clause.split()
        weight = next((_WEIGHTS[part] for part in parts if part in _WEIGHTS), weight)
        for part in parts:
            for side in _SIDES.get(part, ()):
                arms[side] = weight
    return Box(
        arms.get("up", 0), arms.get("down", 0), arms.get("left", 0), arms.get("right", 0), dashes, "ARC" in words
    )


def draw_box(painter: QPainter, cell: QRect, character: str, ink: QColor) -> None:
    """Draw one character of U+2500 to U+259F into its cell."""
    if character >= "\u2580":
        _draw_block(painter, cell, ord(character) - 0x2580, ink)
        return
    box = box_of(character)
    thin = max(1, round(cell.width() / 10))
    if box.diagonal or box.arc:
        _draw_curve(painter, cell, box, ink, thin)
        return
    middle = cell.left() + cell.width() // 2, cell.top() + cell.height() // 2
    across = (box.left, box.right), (box.up, box.down)
    for side, start, end, reach in (
        (box.left, cell.left(), middle[0], -1),
        (box.right, middle[0], cell.left() + cell.width(), 1),
    ):
        _draw_arm(painter, side, (start, end), middle[1], across[1], reach, thin, ink, box.dashes, middle[0], True)
    for side, start, end, reach in (
        (box.up, cell.top(), middle[1], -1),
        (box.down, middle[1], cell.top() + cell.height(), 1),
    ):
        _draw_arm(painter, side, (start, end), middle[0], across[0], reach, thin, ink, box.dashes, middle[1], False)


def _draw_arm(
    painter: QPainter,
    weight: int,
    along: tuple[int, int],
    at: int,
    across: tuple[int, int],
    reach: int,
    thin: int,
    ink: QColor,
    dashes: int,
    centre: int,
    flat: bool,
) -> None:
    """Draw one arm: one line or two, from where it meets the lines across it out to the edge of the cell."""
    if not weight:
        return
    width = thin * 2 if weight == 2 else thin
    apart = thin + 1
    offsets = (-apart, apart) if weight == 3 else (0,)
    for offset in offsets:
        back = _meets(across, offset, reach, apart, thin)
        begin, end = along
        if reach < 0:
            end = centre + back + thin - thin // 2
        else:
            begin = centre - back - thin // 2
        _draw_line(painter, begin, end, at + offset - width // 2, width, dashes, ink, flat)


def _meets(across: tuple[int, int], offset: int, reach: int, apart: int, thin: int) -> int:
    """Return how far an arm goes back over the middle to meet what crosses it; less than nothing: it ends before."""
    if 3 not in across:
        return thin // 2 if across != (0, 0) else 0
    if offset == 0:
        return -apart if across == (3, 3) else apart
    near = across[0] if offset < 0 else across[1]
    return -apart if near == 3 else apart


def _draw_line(
    painter: QPainter, begin: int, end: int, at: int, width: int, dashes: int, ink: QColor, flat: bool
) -> None:
    pieces = [(begin, end - begin)]
    if dashes:
        step = max(2, (end - begin) * 2 // dashes)
        pieces = [(start, max(1, step // 2)) for start in range(begin, end, step)]
    for start, length in pieces:
        painter.fillRect(QRect(start, at, length, width) if flat else QRect(at, start, width, length), ink)


def _draw_curve(painter: QPainter, cell: QRect, box: Box, ink: QColor, thin: int) -> None:
    left, top = float(cell.left()), float(cell.top())
    right, bottom = left + cell.width(), top + cell.height()
    path = QPainterPath()
    if box.diagonal:
        if box.diagonal in "/x":
            path.moveTo(left, bottom)
            path.lineTo(right, top)
        if box.diagonal in "\\x":
            path.moveTo(left, top)
            path.lineTo(right, bottom)
    else:
        middle = QPointF(
            cell.left() + cell.width() // 2 - thin // 2 + thin / 2,
            cell.top() + cell.height() // 2 - thin // 2 + thin / 2,
        )
        path.moveTo(middle.x(), top if box.up else bottom)
        radius = min(cell.width(), cell.height()) / 2
        path.lineTo(middle.x(), middle.y() + (-radius if box.up else radius))
        path.quadTo(middle, QPointF(middle.x() + (-radius if box.left else radius), middle.y()))
        path.lineTo(left if box.left else right, middle.y())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, thin, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.restore()


def _draw_block(painter: QPainter, cell: QRect, number: int, ink: QColor) -> None:
    left, top, width, height = cell.left(), cell.top(), cell.width(), cell.height()
    if 0x11 <= number <= 0x13:
        shade = QColor(ink)
        shade.setAlphaF((number - 0x10) / 4)
        painter.fillRect(cell, shade)
        return
    if number >= 0x16:
        quarters = _QUARTERS[number - 0x16]
        half_w, half_h = width // 2, height // 2
        for bit, x, y, w, h in (
            (1, left, top, half_w, half_h),
            (2, left + half_w, top, width - half_w, half_h),
            (4, left, top + half_h, half_w, height - half_h),
            (8, left + half_w, top + half_h, width - half_w, height - half_h),
        ):
            if quarters & bit:
                painter.fillRect(QRect(x, y, w, h), ink)
        return
    painter.fillRect(_part(QRectF(cell), number).toRect(), ink)


def _part(cell: QRectF, number: int) -> QRectF:
    """Return the part of a cell that a block of one rectangle fills; ``number`` counts from U+2580."""
    width, height = cell.width(), cell.height()
    if number == 0x00:
        return QRectF(cell.left(), cell.top(), width, height / 2)
    if number <= 0x08:
        part = round(height * number / 8)
        return QRectF(cell.left(), cell.top() + height - part, width, part)
    if number <= 0x0F:
        return QRectF(cell.left(), cell.top(), max(1, round(width * (0x10 - number) / 8)), height)
    if number == 0x10:
        return QRectF(cell.left() + width // 2, cell.top(), width - width // 2, height)
    if number == 0x14:
        return QRectF(cell.left(), cell.top(), width, max(1, round(height / 8)))
    part = max(1, round(width / 8))
    return QRectF(cell.left() + width - part, cell.top(), part, height)
