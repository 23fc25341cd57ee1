"""A system's name on one or two lines, and where in them the letters are that a search marks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from launcher.shell.launchpad.kit import Face, kit
from launcher.shell.look import Radius, broken, rounded

Ranges = Sequence[tuple[int, int]]
_ELLIPSIS = "…"


def placed(text: str, lines: Sequence[str], ranges: Ranges) -> list[tuple[int, int, int]]:
    """Return line, start and end of every mark, for ``ranges`` of ``text`` broken into ``lines``.

    A mark that is cut by the line's end is shortened; one that is not on a line at all is left out.
    """
    marks: list[tuple[int, int, int]] = []
    at = 0
    for row, line in enumerate(lines):
        shown = line.removesuffix(_ELLIPSIS) if not text.endswith(line) else line
        start = text.find(shown, at) if shown else at
        if start < 0:
            break
        end = start + len(shown)
        marks += [
            (row, max(first, start) - start, min(last, end) - start)
            for first, last in ranges
            if max(first, start) < min(last, end)
        ]
        at = end
    return marks


def lines_of(name: str, face: Face, width: float, most: int) -> tuple[str, ...]:
    """Return the name's lines, at most ``most`` and no wider than ``width``; the last is cut where it must be."""
    if face.width(name) <= width:
        return (name,)
    if most == 1:
        return (face.cut(name, width),)
    return broken(name, face.role, int(width), most)


def draw_name(
    painter: QPainter,
    left: float,
    top: float,
    width: float,
    name: str,
    face: Face,
    colour: QColor,
    ranges: Ranges = (),
    most: int = 1,
) -> int:
    """Paint the name below ``top``, on at most ``most`` lines of ``width``; return how many it took."""
    lines = lines_of(name, face, width, most)
    if ranges:
        _draw_marks(painter, left, top, placed(name, lines, ranges), lines, face)
    middle = top + face.line / 2
    for line in lines:
        face.write(painter, left, middle, line, colour)
        middle += face.line
    return len(lines)


def _draw_marks(
    painter: QPainter, left: float, top: float, marks: Sequence[tuple[int, int, int]], lines: Sequence[str], face: Face
) -> None:
    tools = kit()
    high = face.line
    for row, first, last in marks:
        at = left + face.width(lines[row][:first]) - 1
        # Half pixels are enough: so many marks are alike that they are shapes made once.
        width = round(2 * face.width(lines[row][first:last])) / 2 + 2
        tools.stamp(painter, QRectF(at, top + row * high, width, high), ("mark",), _paint_mark)


def _paint_mark(painter: QPainter, place: QRectF) -> None:
    tools = kit()
    rounded(painter, place, tools.look.space(Radius.BAR), tools.colours.match)
