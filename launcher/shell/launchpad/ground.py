"""What a tile stands on, and the small marks on it: the ground, the bar of an opening, the star, the key hint."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from launcher.shell.launchpad.kit import kit
from launcher.shell.look import STATES, Radius, State, draw_chip, look, paint_bar, paint_icon, rounded


def paint_ground(painter: QPainter, rect: QRectF, state: State | None, *, current: bool, hovered: bool) -> None:
    """Paint surface and outline of a tile."""

    def paint(first: QPainter, place: QRectF) -> None:
        _paint_new_ground(first, place, state, current=current, hovered=hovered)

    kit().stamp(painter, rect, ("ground", state, current, hovered), paint, kit().colours.canvas)


def _paint_new_ground(painter: QPainter, rect: QRectF, state: State | None, *, current: bool, hovered: bool) -> None:
    here = look()
    colours = here.colours
    style = STATES[state] if state is not None else None
    fill, outline, width = colours.surface, colours.line, 1.0
    dashed = False
    if style is not None and style.sunken:
        fill, dashed = colours.sunken, style.dashed
        outline = colours.edge if dashed else colours.line
    if hovered:
        fill = colours.hover
    if state is State.NEEDS:
        fill = colours.states[state].bg
    if state is not None and state in colours.loud:
        outline, width = colours.loud[state].edge, 2.0
    if current:
        fill = fill if state is State.NEEDS else colours.accent_soft
        outline, width, dashed = colours.accent, 2.0, False
    rounded(painter, rect, here.space(Radius.CONTROL), fill, outline, width, dashed=dashed)


def paint_progress(painter: QPainter, rect: QRectF, state: State, share: float, *, current: bool) -> None:
    """Paint how far an opening is along the lower edge of its tile."""
    here = look()
    inset = 2.0 if current else 1.0
    inside = rect.adjusted(inset, inset, -inset, -inset)
    radius = here.space(Radius.CONTROL) - inset
    shape = QPainterPath()
    shape.addRoundedRect(inside, radius, radius)
    high = here.space(4)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    paint_bar(painter, QRectF(inside.left(), inside.bottom() - high, inside.width(), high), state, share)
    painter.restore()


def paint_star(painter: QPainter, rect: QRectF, *, filled: bool) -> None:
    """Paint the star of a favourite, or the one that would make it a favourite."""
    kit().stamp(painter, rect, ("star", filled), lambda first, place: _paint_new_star(first, place, filled=filled))


def _paint_new_star(painter: QPainter, rect: QRectF, *, filled: bool) -> None:
    here = look()
    rounded(painter, rect, rect.height() / 2, here.colours.surface, here.colours.line)
    inset = round(rect.width() * 0.16)
    side = rect.width() - 2 * inset
    place = QRectF(rect.left() + inset, rect.top() + inset, side, side)
    paint_icon(painter, place, "star", here.colours.text2, "fill" if filled else "bold")


def paint_enter(painter: QPainter, right: float, middle: float) -> float:
    """Paint the key hint at the right; return where what is left of it must end."""
    tools = kit()
    left = right - tools.chip_width
    draw_chip(painter, left, middle, tools.enter, tools.colours.accent)
    return left - tools.look.space(8)
