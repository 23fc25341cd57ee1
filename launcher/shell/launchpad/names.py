"""A system's name on one or two lines, and where in them the letters are that a search marks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from launcher.catalogue.search import Hit
from launcher.shell.launchpad.choice import marks_of
from launcher.shell.launchpad.kit import Face, kit
from launcher.shell.look import Radius, broken, rounded

Ranges = Sequence[tuple[int, int]]
_ELLIPSIS = "…"


def placed(text: str, lines: Sequence[str], ranges: Ranges) -> list[tuple[int, int, int]]:
    """Return line, start and end of every mark, for ``ranges`` of ``text`` broken into ``lines``.

    A mark that is cut by the line's end is shortened; one that is not on a line at all is left out.
    """
    if lines == (text,):
        return [(0, first, last) for first, last in ranges]
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
        draw_marks(painter, left, top, placed(name, lines, ranges), lines, face)
    middle = top + face.line / 2
    for line in lines:
        face.write(painter, left, middle, line, colour)
        middle += face.line
    return len(lines)


def draw_marks(
    painter: QPainter, left: float, top: float, marks: Sequence[tuple[int, int, int]], lines: Sequence[str], face: Face
) -> None:
    """Paint the marks behind letters of ``lines`` whose upper left corner is at ``left`` and ``top``."""
    tools = kit()
    high = face.line
    ratio = painter.device().devicePixelRatio()
    for row, first, last in marks:
        line = lines[row]
        at = left + face.width(line[:first]) - 1
        # Half pixels are enough: so many marks are alike that they are shapes made once.
        width = round(2 * face.width(line[first:last])) / 2 + 2
        painter.drawPixmap(QPointF(at, top + row * high), tools.shape(("mark",), width, high, ratio, _paint_mark))


def _paint_mark(painter: QPainter, place: QRectF) -> None:
    tools = kit()
    rounded(painter, place, tools.look.space(Radius.BAR), tools.colours.match)


def draw_found(
    painter: QPainter, left: float, right: float, middle: float, name: str, hit: Hit | None, ink: QColor
) -> None:
    """Paint a name on one line, the letters found in it marked, and the other name by which it was found."""
    tools = kit()
    face = tools.strong
    marks = marks_of(hit) if hit is not None else ()
    draw_name(painter, left, round(middle - face.line / 2), right - left, name, face, ink, marks)
    used = face.width(name) + tools.look.space(10)
    draw_alias(painter, left + used, middle, right - left - used, hit)


def draw_alias(painter: QPainter, left: float, middle: float, room: float, hit: Hit | None) -> None:
    """Paint the other name by which the system was found, with the letters marked, where there is room for it."""
    if hit is None or hit.field != "alias":
        return
    face = kit().meta
    if room >= min(face.width(hit.text), kit().look.grow(48)):
        draw_name(painter, left, middle - face.line / 2, room, hit.text, face, kit().colours.text2, hit.ranges)
