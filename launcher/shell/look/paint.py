"""What every painted control is made of: crisp outlines, text on fixed lines, key hints."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTextLayout, QTextOption

from launcher.shell.look.look import Look, look
from launcher.shell.look.tokens import Radius, Role, Type, faded

Align = Qt.AlignmentFlag

_UNIT: Final = re.compile(r"(?<=\d) (?=(?:ms|s|min|h)\b)")
"""The space before a unit: "within 5" at the end of a line and "s." in the next is read twice."""


def filled(painter: QPainter, rect: QRect, colour: QColor) -> None:
    """Fill ``rect``; unlike ``fillRect`` without making the classes of gradients and pictures for a plain colour."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRect(rect)


def rounded(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: QColor | None = None,
    outline: QColor | None = None,
    width: float = 1.0,
    *,
    dashed: bool = False,
) -> None:
    """Paint a rounded rectangle whose outline lies inside ``rect``, so that one-pixel lines stay sharp."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    if outline is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, radius, radius)
    else:
        pen = QPen(outline, width)
        if dashed:
            pen.setDashPattern([4.0, 3.0])
        painter.setPen(pen)
        inset = width / 2
        painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)
    painter.restore()


def draw_line(
    painter: QPainter,
    rect: QRectF,
    text: str,
    role: Role,
    colour: QColor,
    align: Qt.AlignmentFlag = Align.AlignLeft,
    *,
    elide: bool = True,
) -> float:
    """Paint one line of ``text``, vertically centred in ``rect``, cut with an ellipsis where it is too long.

    Returns the width painted, in pixels.
    """
    metrics = look().metrics(role)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() + 1) if elide else text
    width = metrics.horizontalAdvance(shown)
    left = rect.left()
    if align & Align.AlignRight:
        left = rect.right() - width
    elif align & Align.AlignHCenter:
        left = rect.left() + (rect.width() - width) / 2
    painter.setFont(look().font(role))
    painter.setPen(colour)
    painter.drawText(QPointF(left, baseline(rect, role)), shown)
    return width


def baseline(rect: QRectF, role: Role) -> float:
    """Return the y of the baseline of one line of ``role`` centred in ``rect``."""
    metrics = look().metrics(role)
    return round(rect.top() + (rect.height() - metrics.ascent() - metrics.descent()) / 2 + metrics.ascent())


def broken(text: str, role: Role, width: int, max_lines: int = 0) -> tuple[str, ...]:
    """Break ``text`` into lines of ``role`` no wider than ``width`` pixels.

    With ``max_lines`` the last line is cut with an ellipsis. Newlines in the text are kept.
    """
    return _broken(text, role, look().scale, max(1, width), max_lines)


@lru_cache(maxsize=4096)
def _broken(text: str, role: Role, scale: float, width: int, max_lines: int) -> tuple[str, ...]:
    here = Look(scale=scale)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if not paragraph:
            lines.append("")
            continue
        layout = QTextLayout(_UNIT.sub("\u00a0", paragraph), here.font(role))
        layout.setTextOption(option)
        layout.beginLayout()
        while True:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(width)
            piece = paragraph[line.textStart() : line.textStart() + line.textLength()]
            if max_lines and len(lines) == max_lines - 1:
                rest = paragraph[line.textStart() :]
                metrics = here.metrics(role)
                if metrics.horizontalAdvance(rest.strip()) > width:
                    piece = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)
                    layout.endLayout()
                    return (*lines, piece)
            lines.append(piece.rstrip())
        layout.endLayout()
    return tuple(lines)


def chip_width(key: str) -> int:
    """Return the width of the key hint ``key`` in pixels."""
    here = look()
    return here.width(Type.KEY, key) + 2 * here.space(6) + 2


def chip_height() -> int:
    """Return the height of a key hint in pixels."""
    here = look()
    return here.line(Type.KEY) + here.space(6)


def draw_chip(painter: QPainter, left: float, middle: float, key: str, colour: QColor) -> None:
    """Paint the key hint ``key`` with its left edge at ``left`` and its centre line at ``middle``."""
    rect = QRectF(left, round(middle - chip_height() / 2), chip_width(key), chip_height())
    rounded(painter, rect, look().space(Radius.BADGE), None, faded(colour, 0.65))
    draw_line(painter, rect, key, Type.KEY, colour, Align.AlignHCenter, elide=False)
