"""A terminal's screen: all of 132 × 43 drawn anew, one key's row, and what of the engine's speed is left on screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from launcher.shell.look import Look, Type, dress, look
from launcher.shell.surfaces.terminal import TerminalView
from launcher.shell.surfaces.terminal.cells import cells_for, font_for
from launcher.shell.surfaces.terminal.colours import colours_for
from launcher.terminal.grid import CellGrid, GridPicture
from launcher.terminal.vt.choice import vt_choice, vt_engine
from tests.bench.figures import Figure, report
from tests.shell.surfaces.terminal.feeds import DirectFeed
from tests.shell.surfaces.terminal.samples import coloured_lines

ROWS, COLUMNS = 43, 132
TIMES = 100
LINES = 40_000
PIECE = 16 * 1024
PICTURE_S = 1 / 60


def measure() -> dict[str, object]:
    """Draw a full screen of three looks a row by runs, by cells and as a stock text; feed lines with and without it."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    dress(app, Look())
    whole, key = _view()
    cells = _by_cells()
    stock = _stock()
    alone = _fed(lambda grid: None, at_all=False)[0]
    made, _ = _fed(lambda grid: grid.picture())
    view, _ = _shown_view()

    def draw(grid: CellGrid) -> None:
        view.take(grid.picture())
        QApplication.processEvents()

    shown, pictures = _fed(draw)
    _end(view)
    against_cells = "the same screen drawn cell by cell"
    figures = [
        Figure("132 × 43 drawn anew, p50", median(whole), "ms", median(cells), against_cells, n=len(whole)),
        Figure(
            "132 × 43 drawn anew, p50",
            median(whole),
            "ms",
            median(stock),
            "QPlainTextEdit with the same text and colours",
            n=len(whole),
        ),
        Figure("one row that changed, p50", median(key), "ms", median(whole), "the whole screen", n=len(key)),
        Figure(
            f"{LINES:,} coloured lines fed, drawn at most 60 times a second",
            shown,
            "ms",
            alone,
            f"the engine alone ({vt_choice().name})",
            n=pictures,
        ),
        Figure(
            f"{LINES:,} coloured lines fed, drawn at most 60 times a second",
            shown,
            "ms",
            made,
            "the same pictures made and not drawn",
            n=pictures,
        ),
    ]
    return report(figures, whole_ms=whole, cells_ms=cells, stock_ms=stock, key_ms=key)


def _view() -> tuple[list[float], list[float]]:
    view, _ = _shown_view()
    port = view.area.viewport()
    whole = _timed(port.repaint)
    grid = _grid()
    grid.picture()

    def key() -> None:
        grid.text[5 * COLUMNS] = "b" if grid.text[5 * COLUMNS] == "a" else "a"
        grid.dirty.add(5)
        view.take(grid.picture())
        QApplication.processEvents()

    rows = _timed(key)
    _end(view)
    return whole, rows


def _shown_view() -> tuple[TerminalView, DirectFeed]:
    view = TerminalView()
    cells = cells_for(look().grow(Type.MONO.size))
    width, height = cells.room(ROWS, COLUMNS)
    view.resize(width + 60, height + 120)
    view.show()
    feed = DirectFeed(vt_engine(ROWS, COLUMNS), view)
    view.area.setFocus()
    _settle()
    view.take(_grid().picture(whole=True))
    _settle()
    return view, feed


def _grid() -> CellGrid:
    engine = vt_engine(ROWS, COLUMNS)
    engine.feed(coloured_lines(ROWS, COLUMNS))
    return engine.grid


def _by_cells() -> list[float]:
    widget = _Cells(_grid().picture(whole=True))
    widget.resize(1400, 1000)
    widget.show()
    _settle()
    took = _timed(widget.repaint)
    _end(widget)
    return took


class _Cells(QWidget):
    """Draws each cell by itself: its ground, then its letter."""

    def __init__(self, picture: GridPicture) -> None:
        super().__init__()
        self._cells = [
            (row.row, run.column + at, letter, run)
            for row in picture.changed
            for run in row.runs
            for at, letter in enumerate(run.text)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter, colours, size = QPainter(self), colours_for("light"), cells_for(16)
        for row, column, letter, run in self._cells:
            ink, ground = colours.pair(run.foreground, run.background, run.flags)
            place = QPoint(column * size.width, row * size.height)
            painter.fillRect(place.x(), place.y(), size.width, size.height, ground)
            painter.setPen(ink)
            painter.setFont(font_for(16, bool(run.flags & 1), False))
            painter.drawText(place.x(), place.y() + size.baseline, letter)


def _stock() -> list[float]:
    edit = QPlainTextEdit()
    edit.setFont(font_for(16, False, False))
    edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    cursor = QTextCursor(edit.document())
    colours = colours_for("light")
    for row in _grid().picture(whole=True).changed:
        for run in row.runs:
            style = QTextCharFormat()
            style.setForeground(QColor(colours.pair(run.foreground, run.background, run.flags)[0]))
            cursor.insertText(run.text, style)
        cursor.insertText("\n")
    edit.moveCursor(QTextCursor.MoveOperation.Start)
    edit.resize(1400, 1100)
    edit.show()
    _settle()
    took = _timed(edit.viewport().repaint)
    _end(edit)
    return took


def _fed(draw: Callable[[CellGrid], object], *, at_all: bool = True) -> tuple[float, int]:
    """Return the milliseconds that an engine takes for the lines, and how many pictures were asked for meanwhile."""
    said = coloured_lines(LINES, COLUMNS)
    engine = vt_engine(ROWS, COLUMNS)
    pictures = 0
    begun = drawn = time.perf_counter()
    for at in range(0, len(said), PIECE):
        engine.feed(said[at : at + PIECE])
        if at_all and time.perf_counter() - drawn >= PICTURE_S:
            drawn, pictures = time.perf_counter(), pictures + 1
            draw(engine.grid)
    draw(engine.grid)
    return round((time.perf_counter() - begun) * 1000, 1), pictures + 1


def _timed(act: Callable[[], object]) -> list[float]:
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        act()
        took.append(round((time.perf_counter() - begun) * 1000, 3))
    return _settled(took)


def _settled(took: Sequence[float]) -> list[float]:
    return list(took[TIMES // 5 :])  # the first ones render the letters


def _end(widget: QWidget) -> None:
    widget.close()
    widget.deleteLater()
    _settle()


def _settle() -> None:
    for _ in range(3):
        QApplication.sendPostedEvents()
        QApplication.processEvents()
