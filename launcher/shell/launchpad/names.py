"""A system's name on one or two lines, and where in them the letters are that a search marks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from launcher.shell.look import Radius, Role, broken, draw_line, look, rounded

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


def draw_name(
    painter: QPainter, rect: QRectF, name: str, role: Role, colour: QColor, ranges: Ranges = (), max_lines: int = 1
) -> int:
    """Paint the name into ``rect`` from its top, on at most ``max_lines`` lines; return how many it took."""
    here = look()
    lines = broken(name, role, int(rect.width()), max_lines)
    high = here.line(role)
    metrics = here.metrics(role)
    if ranges:
        radius = here.space(Radius.BAR)
        for row, first, last in placed(name, lines, ranges):
            left = rect.left() + metrics.horizontalAdvance(lines[row][:first])
            width = metrics.horizontalAdvance(lines[row][first:last])
            top = rect.top() + row * high
            rounded(painter, QRectF(left - 1, top, width + 2, high), radius, here.colours.match)
    for row, line in enumerate(lines):
        draw_line(painter, QRectF(rect.left(), rect.top() + row * high, rect.width(), high), line, role, colour)
    return len(lines)
