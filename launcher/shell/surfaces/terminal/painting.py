"""Draws rows of cells: what is behind first, then letters by runs of equal look, lines and marks where they belong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QStaticText, QTransform

from launcher.shell.look import look, mixed
from launcher.shell.surfaces.terminal.boxes import FIRST, LAST, draw_box
from launcher.shell.surfaces.terminal.cells import Cells, ascent_of, fallback_font, font_for, in_font
from launcher.shell.surfaces.terminal.colours import TerminalColours, colours_for
from launcher.terminal.grid import Flag, Run

_BOLD: Final = int(Flag.BOLD | Flag.BLINK)
_LINED: Final = int(Flag.UNDERLINE | Flag.STRIKE | Flag.INPUT | Flag.BLINK)
_ITALIC: Final = int(Flag.ITALIC)
_UNDERLINE, _STRIKE, _INPUT, _BLINK = int(Flag.UNDERLINE), int(Flag.STRIKE), int(Flag.INPUT), int(Flag.BLINK)
_KEPT_TEXTS: Final = 2000
_WORDS: Final = re.compile(r"\S(?:.*\S)?")


@dataclass(frozen=True, slots=True)
class Mark:
    """Cells from ``start`` up to ``stop`` that are drawn in other colours: marked, found, or under the cursor."""

    start: int
    stop: int
    ink: QColor
    ground: QColor


def marks_on(found: Sequence[tuple[int, int, bool]], marked: tuple[int, int], cursor: int | None) -> tuple[Mark, ...]:
    """Return the marks of one row: places found (the last says whether it is the current one), marked, the cursor."""
    here, terminal = look().colours, colours_for(look().theme)
    marks = [
        Mark(start, stop, here.on_action, here.action) if is_current else Mark(start, stop, here.text, here.match)
        for start, stop, is_current in found
    ]
    if marked[0] < marked[1]:
        marks.append(Mark(*marked, here.on_action, here.action))
    if cursor is not None:
        marks.append(Mark(cursor, cursor + 1, terminal.ground, terminal.text))
    return tuple(marks)


class KeptTexts:
    """Texts that were drawn more than once, laid out already: to lay them out takes longer than to draw them.

    One for each screen, and gone with it.
    """

    def __init__(self) -> None:
        self._texts: dict[tuple[int, int, str], QStaticText | None] = {}

    def laid_out(self, text: str, font: int, cells: Cells) -> QStaticText | None:
        """Return a text ready to be drawn; None the first time, as most texts of a stream are drawn just once."""
        key = (cells.font_px, font, text)
        if key not in self._texts:
            if len(self._texts) >= _KEPT_TEXTS:
                self._texts.clear()
            self._texts[key] = None
            return None
        laid_out = self._texts[key]
        if laid_out is None:
            laid_out = self._texts[key] = QStaticText(text)
            laid_out.setTextFormat(Qt.TextFormat.PlainText)
            laid_out.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            laid_out.prepare(QTransform(), font_for(cells.font_px, bool(font & 1), bool(font & 2)))
        return laid_out


class RowPainter:
    """Draws rows with one painter, whose pen and font it keeps; ``left`` is where column 0 begins."""

    def __init__(
        self,
        painter: QPainter,
        colours: TerminalColours,
        cells: Cells,
        left: int,
        *,
        input_lines: bool = False,
        kept: KeptTexts | None = None,
    ) -> None:
        self._painter = painter
        self._colours = colours
        self._cells = cells
        self._left = left
        self._input_lines = input_lines
        self._kept = kept
        self._kept_ascent = ascent_of(cells.font_px)
        self._font = -1
        self._ink: QColor | None = None

    def paint(self, top: int, runs: Sequence[Run], marks: Sequence[Mark] = ()) -> None:
        """Draw one row whose cells begin at ``top``; later marks lie over earlier ones."""
        cells, painter, ground = self._cells, self._painter, self._colours.ground
        drawn = []
        for run in runs if not marks else _parted(runs, marks):
            ink, behind = self._colours.pair(run.foreground, run.background, run.flags)
            for mark in marks:
                if mark.start <= run.column < mark.stop:
                    ink, behind = mark.ink, mark.ground
            if behind is not ground:
                left = self._left + run.column * cells.width
                painter.fillRect(QRect(left, top, run.width * cells.width, cells.height), behind)
            drawn.append((run, ink, behind))
        for run, ink, behind in drawn:
            if run.flags & _LINED:
                self._draw_lines(top, run, ink, behind)
            if not run.text.isspace():
                self._draw_text(top, run, ink)

    def _draw_text(self, top: int, run: Run, ink: QColor) -> None:
        text, column = run.text, run.column
        if not run.plain:
            self._draw_cluster(top, run, ink)
            return
        if text.isascii():
            words = _WORDS.search(text)
            if words is not None:
                self._draw_letters(top, column + words.start(), words.group(), run.flags, ink)
            return
        start = 0
        for at, character in enumerate(text):
            if character.isascii() or (not FIRST <= character <= LAST and in_font(character)):
                continue
            if start < at and not text[start:at].isspace():
                self._draw_letters(top, column + start, text[start:at], run.flags, ink)
            start = at + 1
            if FIRST <= character <= LAST:
                draw_box(self._painter, self._cell(top, column + at, 1), character, ink)
            else:
                self._draw_cluster(top, replace(run, column=column + at, width=1, text=character), ink)
        if start < len(text) and not text[start:].isspace():
            self._draw_letters(top, column + start, text[start:], run.flags, ink)

    def _draw_letters(self, top: int, column: int, text: str, flags: int, ink: QColor) -> None:
        font = (1 if flags & _BOLD else 0) | (2 if flags & _ITALIC else 0)
        if font != self._font:
            self._font = font
            self._painter.setFont(font_for(self._cells.font_px, bool(font & 1), bool(font & 2)))
        if ink is not self._ink:
            self._ink = ink
            self._painter.setPen(ink)
        left = self._left + column * self._cells.width
        laid_out = self._kept.laid_out(text, self._font, self._cells) if self._kept is not None else None
        if laid_out is None:
            self._painter.drawText(left, top + self._cells.baseline, text)
        else:
            self._painter.drawStaticText(QPointF(left, top + self._cells.baseline - self._kept_ascent), laid_out)

    def _draw_cluster(self, top: int, run: Run, ink: QColor) -> None:
        """Draw one character that is wide, has combining marks or is of another font, no wider than its cells."""
        painter, cells = self._painter, self._cells
        font = fallback_font(cells.font_px, bool(run.flags & _BOLD), bool(run.flags & _ITALIC))
        room = run.width * cells.width
        natural = QFontMetricsF(font).horizontalAdvance(run.text)
        painter.save()
        painter.setFont(font)
        painter.setPen(ink)
        painter.translate(self._left + run.column * cells.width, top + cells.baseline)
        if natural > room:
            painter.scale(room / natural, 1.0)
            natural = room
        painter.drawText(round((room - natural) / 2), 0, run.text)
        painter.restore()

    def _draw_lines(self, top: int, run: Run, ink: QColor, behind: QColor) -> None:
        cells, painter = self._cells, self._painter
        left, width = self._left + run.column * cells.width, run.width * cells.width
        thick = max(1, cells.font_px // 14)
        if run.flags & _UNDERLINE:
            painter.fillRect(QRect(left, top + cells.baseline + thick + 1, width, thick), ink)
        elif run.flags & _INPUT and self._input_lines:
            # What is typed into a field that hides it has the ground's colour; its line has that of other texts.
            line = self._colours.text if ink == behind else ink
            painter.fillRect(QRect(left, top + cells.height - 1, width, 1), mixed(behind, line, 0.45))
        if run.flags & _STRIKE:
            painter.fillRect(QRect(left, top + cells.baseline - cells.font_px // 4, width, thick), ink)
        if run.flags & _BLINK and not run.text.isspace():
            # Nothing blinks here: what the host wants noticed is strong, and has a broken line beneath it.
            blanks = len(run.text) - len(run.text.rstrip())
            for at in range(left, left + width - blanks * cells.width, 6):
                painter.fillRect(QRect(at, top + cells.baseline + thick + 1, 3, thick), ink)

    def _cell(self, top: int, column: int, width: int) -> QRect:
        return QRect(self._left + column * self._cells.width, top, width * self._cells.width, self._cells.height)


def _parted(runs: Sequence[Run], marks: Sequence[Mark]) -> Iterator[Run]:
    """Part runs where a mark begins or ends."""
    edges = sorted({edge for mark in marks for edge in (mark.start, mark.stop)})
    for run in runs:
        if not run.plain:
            yield run
            continue
        start = 0
        for edge in edges:
            at = edge - run.column
            if start < at < run.width:
                yield replace(run, column=run.column + start, width=at - start, text=run.text[start:at])
                start = at
        if start:
            yield replace(run, column=run.column + start, width=run.width - start, text=run.text[start:])
        else:
            yield run
