"""Painting a waterfall row: solid groups, a dotted line for what was not measured, a hatch for the officer's time."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from launcher.shell.look import Phase, Radius, Type, draw_line, look, rounded, seconds, word
from launcher.shell.timings.bars import SHOWN_GAP_MS, Bar, Row

_GAP_PX = 2
_SHOWN_GAP_PX = 10
_HATCH_EVERY, _HATCH_WIDTH = 7.0, 1.6
_CONTRAST = 4.5


def paint_bars(painter: QPainter, rect: QRectF, row: Row, px_per_ms: float) -> None:
    """Paint the bars of ``row`` into ``rect``, whose left edge is the chart's start; labels where they fit."""
    for bar in row.bars:
        left = rect.left() + (row.offset_ms + bar.start_ms) * px_per_ms
        right = rect.left() + (row.offset_ms + bar.end_ms) * px_per_ms
        if bar.phase is Phase.GAP:
            if bar.end_ms - bar.start_ms >= SHOWN_GAP_MS and right - left >= _SHOWN_GAP_PX:
                _paint_gap(painter, left, right, rect.center().y())
            continue
        # A stretch too short to see is still there: one pixel, and the white between neighbours.
        place = QRectF(round(left) + _GAP_PX / 2, rect.top(), max(1.0, round(right - left) - _GAP_PX), rect.height())
        if bar.phase is Phase.YOU:
            _paint_you(painter, place, bar)
        else:
            _paint_solid(painter, place, bar.phase)


def paint_usual(painter: QPainter, x: float, top: float) -> None:
    """Paint the triangle that marks the usual time, with its point down at ``x``."""
    half = look().grow(5)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look().colours.text)
    painter.drawPolygon(QPolygonF([QPointF(x - half, top), QPointF(x + half, top), QPointF(x, top + half * 1.2)]))
    painter.restore()


def paint_sample(painter: QPainter, rect: QRectF, phase: Phase) -> None:
    """Paint the legend's sample of a group."""
    if phase is Phase.GAP:
        _paint_gap(painter, rect.left(), rect.right(), rect.center().y())
    elif phase is Phase.YOU:
        _hatch(painter, rect)
    else:
        rounded(painter, rect, look().space(Radius.BAR), look().colours.phases[phase])


def ink_on(fill: QColor) -> QColor:
    """Return the colour of text on a bar: white where that has contrast enough, else the dark one."""
    return QColor("#FFFFFF") if _contrast(fill, QColor("#FFFFFF")) >= _CONTRAST else QColor("#101C27")


def _paint_solid(painter: QPainter, rect: QRectF, phase: Phase) -> None:
    here = look()
    fill = here.colours.phases[phase]
    rounded(painter, rect, min(here.space(Radius.BAR), rect.width() / 2), fill)
    label = word(f"timings.phase.{phase.value}")
    if rect.width() >= here.width(Type.META, label) + 2 * here.space(8):
        draw_line(painter, rect.adjusted(here.space(8), 0, 0, 0), label, Type.META, ink_on(fill), elide=False)


def _paint_gap(painter: QPainter, left: float, right: float, y: float) -> None:
    pen = QPen(look().colours.phases[Phase.GAP], 2.0)
    pen.setDashPattern([1.5, 1.5])
    painter.setPen(pen)
    painter.drawLine(QPointF(left + _GAP_PX, round(y)), QPointF(right - _GAP_PX, round(y)))


def _paint_you(painter: QPainter, rect: QRectF, bar: Bar) -> None:
    here = look()
    _hatch(painter, rect)
    label = word("timings.you_for", seconds=seconds(bar.end_ms - bar.start_ms))
    width = here.width(Type.META, label) + 2 * here.space(4)
    if rect.width() < width + here.space(8):
        return
    middle = QRectF(rect.center().x() - width / 2, rect.top() + 1, width, rect.height() - 2)
    painter.fillRect(middle, here.colours.you_soft)
    ink = here.colours.phases[Phase.YOU]
    draw_line(painter, middle, label, Type.META, ink, Qt.AlignmentFlag.AlignHCenter, elide=False)


def _hatch(painter: QPainter, rect: QRectF) -> None:
    here = look()
    ink = here.colours.phases[Phase.YOU]
    radius = min(here.space(Radius.BAR), rect.width() / 2)
    rounded(painter, rect, radius, here.colours.you_soft)
    painter.save()
    painter.setClipRect(rect.adjusted(1, 1, -1, -1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, _HATCH_WIDTH))
    x = rect.left() - rect.height()
    while x < rect.right():
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()))
        x += _HATCH_EVERY
    painter.restore()
    rounded(painter, rect, radius, None, ink)


def _contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
