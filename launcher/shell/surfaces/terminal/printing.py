"""A terminal's screen on paper: black on white, whatever the theme, with what it is, when, and whose below it."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRect, Qt
from PySide6.QtGui import QColor, QPageLayout, QPageSize, QPainter, QPdfWriter

from launcher.shell.surfaces.terminal.cells import fitting
from launcher.shell.surfaces.terminal.colours import colours_for
from launcher.shell.surfaces.terminal.painting import RowPainter
from launcher.shell.surfaces.terminal.shown import Shown
from launcher.terminal.grid import Flag, Run

_MARGIN_MM = 12.0
_FLAGS = int(Flag.BOLD | Flag.ITALIC | Flag.UNDERLINE | Flag.STRIKE | Flag.HIDDEN | Flag.WIDE)


def page_of(shown: Shown, footer: str = "") -> bytes:
    """Return the rows in view as a page of A4, the long side across, as a PDF; in memory only."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageOrientation(QPageLayout.Orientation.Landscape)
    writer.setPageMargins(QMarginsF(*[_MARGIN_MM] * 4), QPageLayout.Unit.Millimeter)
    painter = QPainter(writer)
    draw_page(painter, QRect(0, 0, writer.width(), writer.height()), shown, footer)
    painter.end()
    return bytes(buffer.data().data())


def draw_page(painter: QPainter, page: QRect, shown: Shown, footer: str = "") -> None:
    """Draw the rows in view onto a page of any device; ``page`` is what may be drawn on, in its own units.

    Hidden fields stay blank, as on the screen.
    """
    # Letters are measured in pixels of the screen: a page is drawn in them and made as large as it is.
    wide, high = shown.columns * 10, (shown.rows + 2) * 22
    share = min(page.width() / max(1, wide), page.height() / max(1, high))
    painter.save()
    painter.translate(page.topLeft())
    painter.scale(share, share)
    cells = fitting(shown.rows + 2, shown.columns, wide, high)
    rows = RowPainter(painter, colours_for("light"), cells, 0)
    for place, picture in shown.in_view():
        rows.paint(place * cells.height, [_black(run) for run in picture.runs])
    if footer:
        painter.setPen(QColor(0, 0, 0))
        below = QRect(0, (shown.rows + 1) * cells.height, wide, cells.height)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, footer)
    painter.restore()


def _black(run: Run) -> Run:
    """Return a run without colours; what stood out by its ground is strong."""
    strong = run.flags & Flag.REVERSE or run.background
    return Run(run.column, run.width, run.text, flags=run.flags & _FLAGS | (int(Flag.BOLD) if strong else 0))
