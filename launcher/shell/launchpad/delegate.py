"""Paints the tiles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from launcher.catalogue.search import Hit
from launcher.session.snapshot import SystemView
from launcher.shell.launchpad.choice import marks_of
from launcher.shell.launchpad.forms import COMPACT_PLATE, GAP, PAD, PLATE, Form, Grid
from launcher.shell.launchpad.kit import kit
from launcher.shell.launchpad.model import TileModel
from launcher.shell.launchpad.names import draw_name
from launcher.shell.launchpad.tile import Tile, beside, kind_icon, kind_word, share_of
from launcher.shell.look import (
    STATES,
    Radius,
    State,
    draw_chip,
    group_of,
    look,
    monogram,
    paint_bar,
    paint_icon,
    paint_plate,
    paint_state,
    paint_state_icon,
    rounded,
    state_height,
)

AnyIndex = QModelIndex | QPersistentModelIndex
STATE_ICON = 20
KIND_ICON = 18
STAR = 20


class TileDelegate(QStyledItemDelegate):
    """Paints one tile. ``current_shown`` says whether the current tile is marked, ``ringed`` that it has the focus."""

    def __init__(self, model: TileModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.grid = Grid(Form.TALL, 1, 1, 1)
        self.current = -1
        self.current_shown = False
        self.ringed = False

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(self.grid.cell_width, self.grid.cell_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row = index.row()
        rect = tile_rect(option.rect)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        current = self.current_shown and row == self.current
        paint_tile(
            painter, rect, self._model.tile(row), self.grid.form, self._model.hit(row), current=current, hovered=hovered
        )
        if current and self.ringed:
            here = look()
            reach = here.space(2) + here.space(3)
            rounded(
                painter,
                rect.adjusted(-reach, -reach, reach, reach),
                here.space(Radius.CONTROL) + reach,
                None,
                here.colours.ring,
                float(here.space(3)),
            )

    def star_at(self, cell: QRect, at: QPoint) -> bool:
        """Say whether ``at`` is on the star of the tile in ``cell``."""
        place = star_rect(tile_rect(cell), self.grid.form)
        reach = 4
        return place.adjusted(-reach, -reach, reach, reach).contains(at)


def tile_rect(cell: QRect) -> QRectF:
    """Return where the tile is in its cell: on whole pixels, half a gap from each side."""
    gap = look().space(GAP)
    half = gap // 2
    return QRectF(cell.adjusted(half, half, half - gap, half - gap))


def plate_rect(rect: QRectF, form: Form) -> QRectF:
    """Return where the plate of a tile is."""
    here = look()
    side = here.grow(COMPACT_PLATE if form is Form.COMPACT else PLATE)
    if form is Form.TALL:
        return QRectF(rect.left() + here.space(PAD), rect.top() + here.space(PAD) - 2, side, side)
    left = here.space(8 if form is Form.COMPACT else PAD)
    return QRectF(rect.left() + left, round(rect.top() + (rect.height() - side) / 2), side, side)


def star_rect(rect: QRectF, form: Form) -> QRectF:
    """Return where the star of a tile is: on the plate's upper right corner."""
    plate = plate_rect(rect, form)
    side = look().grow(STAR)
    return QRectF(round(plate.right() - side * 0.62), round(plate.top() - side * 0.34), side, side)


def paint_tile(
    painter: QPainter,
    rect: QRectF,
    tile: Tile,
    form: Form,
    hit: Hit | None = None,
    *,
    current: bool = False,
    hovered: bool = False,
) -> None:
    """Paint ``tile`` into ``rect``."""
    here = look()
    _paint_ground(painter, rect, tile.state, current=current, hovered=hovered)
    if tile.moving and tile.state is not None:
        _paint_progress(painter, rect, tile.state, share_of(tile), current=current)
    plate = plate_rect(rect, form)
    system = tile.system
    muted = tile.state is State.OFFLINE or tile.state is State.UNKNOWN
    draw_plate(painter, plate, system, muted=muted)
    if tile.favourite or hovered:
        _paint_star(painter, star_rect(rect, form), filled=tile.favourite)
    ink = here.colours.text2 if muted else here.colours.text
    left = plate.right() + here.space(PAD)
    body = QRectF(left, rect.top(), rect.right() - here.space(PAD) - left, rect.height())
    match form:
        case Form.TALL:
            _paint_tall(painter, rect, body, tile, hit, ink, current=current)
        case Form.WIDE:
            _paint_wide(painter, body, tile, hit, ink, current=current)
        case Form.COMPACT:
            _paint_compact(painter, body, tile, hit, ink, current=current)


def draw_plate(painter: QPainter, rect: QRectF, system: SystemView, *, muted: bool) -> None:
    """Paint the plate of a system."""

    def paint(first: QPainter, place: QRectF) -> None:
        paint_plate(first, place, system.name, group_of(system.hue), system.icon, muted=muted)

    kit().stamp(painter, rect, ("plate", system.icon or monogram(system.name), system.hue, muted), paint)


def _paint_ground(painter: QPainter, rect: QRectF, state: State | None, *, current: bool, hovered: bool) -> None:
    def paint(first: QPainter, place: QRectF) -> None:
        _paint_new_ground(first, place, state, current=current, hovered=hovered)

    kit().stamp(painter, rect, ("ground", state, current, hovered), paint)


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


def _paint_progress(painter: QPainter, rect: QRectF, state: State, share: float, *, current: bool) -> None:
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


def _paint_star(painter: QPainter, rect: QRectF, *, filled: bool) -> None:
    here = look()
    rounded(painter, rect, rect.height() / 2, here.colours.surface, here.colours.line)
    inset = round(rect.width() * 0.16)
    side = rect.width() - 2 * inset
    place = QRectF(rect.left() + inset, rect.top() + inset, side, side)
    paint_icon(painter, place, "star", here.colours.text2, "fill" if filled else "bold")


def _paint_tall(
    painter: QPainter, rect: QRectF, body: QRectF, tile: Tile, hit: Hit | None, ink: QColor, *, current: bool
) -> None:
    tools = kit()
    here = tools.look
    top = rect.top() + here.space(10) - 1
    face = tools.tile
    marks = marks_of(hit) if hit is not None else ()
    box = QRectF(body.left(), top, body.width(), 2 * face.line)
    if draw_name(painter, box, tile.system.name, face, ink, marks, 2) == 1:
        _paint_alias(painter, body.left(), top + face.line * 1.5, body.width(), hit)
    middle = rect.bottom() - here.space(8) - state_height() / 2
    plate = plate_rect(rect, Form.TALL)
    side = here.grow(KIND_ICON)
    paint_icon(
        painter,
        QRectF(round(plate.center().x() - side / 2), round(middle - side / 2), side, side),
        kind_icon(tile.system.kind),
        tools.colours.text2,
    )
    right = body.right() + here.space(6)
    if current:
        right = _paint_enter(painter, right, middle)
    paint_state_line(painter, body.left(), right, middle, tile)


def _paint_wide(painter: QPainter, body: QRectF, tile: Tile, hit: Hit | None, ink: QColor, *, current: bool) -> None:
    tools = kit()
    here = tools.look
    face = tools.tile
    block = face.line + here.space(3) + state_height()
    top = round(body.top() + (body.height() - block) / 2)
    marks = marks_of(hit) if hit is not None else ()
    name = tile.system.name
    draw_name(painter, QRectF(body.left(), top, body.width(), face.line), name, face, ink, marks)
    used = face.width(name) + here.space(12)
    _paint_alias(painter, body.left() + used, top + face.line / 2, body.width() - used, hit)
    middle = top + block - state_height() / 2
    right = body.right()
    if current:
        paint_state_line(painter, body.left(), _paint_enter(painter, right, middle), middle, tile)
        return
    side = here.grow(KIND_ICON)
    kind = kind_word(tile.system.kind)
    kind_width = tools.meta.width(kind) + here.space(8)
    needed = state_line_width(tile) + here.space(16)
    if needed + side + kind_width <= body.width():
        tools.meta.write(painter, right - kind_width + here.space(8), middle, kind, tools.colours.text2)
        right -= kind_width
    right -= side
    box = QRectF(round(right), round(middle - side / 2), side, side)
    paint_icon(painter, box, kind_icon(tile.system.kind), tools.colours.text2)
    paint_state_line(painter, body.left(), right - here.space(8), middle, tile)


def _paint_compact(painter: QPainter, body: QRectF, tile: Tile, hit: Hit | None, ink: QColor, *, current: bool) -> None:
    tools = kit()
    here = tools.look
    face = tools.strong
    middle = body.center().y()
    right = body.right()
    if current:
        right = _paint_enter(painter, right, middle)
    name_width = face.width(tile.system.name) + here.space(10)
    width = compact_state_width(tile, right - body.left() - name_width)
    if width:
        paint_state_line(painter, right - width, right, middle, tile, small=True)
        right -= width + here.space(10)
    draw_found(painter, body.left(), right, middle, tile.system.name, hit, ink)


def draw_found(
    painter: QPainter, left: float, right: float, middle: float, name: str, hit: Hit | None, ink: QColor
) -> None:
    """Paint a name on one line, the letters found in it marked, and the other name by which it was found."""
    tools = kit()
    face = tools.strong
    marks = marks_of(hit) if hit is not None else ()
    box = QRectF(left, round(middle - face.line / 2), right - left, face.line)
    draw_name(painter, box, name, face, ink, marks)
    used = face.width(name) + tools.look.space(10)
    _paint_alias(painter, left + used, middle, right - left - used, hit)


def _paint_enter(painter: QPainter, right: float, middle: float) -> float:
    """Paint the key hint at the right; return where what is left of it must end."""
    tools = kit()
    left = right - tools.chip_width
    draw_chip(painter, left, middle, tools.enter, tools.colours.accent)
    return left - tools.look.space(8)


def _paint_alias(painter: QPainter, left: float, middle: float, room: float, hit: Hit | None) -> None:
    """Paint the other name by which the system was found, with the letters marked, where there is room for it."""
    if hit is None or hit.field != "alias":
        return
    face = kit().meta
    if room >= min(face.width(hit.text), kit().look.grow(48)):
        box = QRectF(left, middle - face.line / 2, room, face.line)
        draw_name(painter, box, hit.text, face, kit().colours.text2, hit.ranges)


# The state and what stands beside it


class _Shape(Enum):
    """How the state itself is written."""

    NONE = "none"
    ICON = "icon"
    WORD = "word"


def _ways(tile: Tile, words: Sequence[str], *, small: bool) -> Iterator[tuple[_Shape, str]]:
    """Yield the ways to write state and words, best first.

    The time has priority over the word, except that a loud state keeps its word as long as there is any room.
    """
    if tile.state is None:
        yield from ((_Shape.NONE, text) for text in words)
        yield _Shape.NONE, ""
        return
    yield from ((_Shape.WORD, text) for text in words)
    timed = tile.state in (State.OPENING, State.SIGNING, State.DEGRADED) or (small and tile.state is State.READY)
    if timed:
        yield from ((_Shape.ICON, text) for text in words)
    yield _Shape.WORD, ""
    yield _Shape.ICON, ""


def _way_width(state: State | None, shape: _Shape, words: str) -> float:
    tools = kit()
    here = tools.look
    width = tools.meta.width(words) if words else 0
    if shape is _Shape.NONE or state is None:
        return width
    if shape is _Shape.WORD:
        return _word_width(state) + (here.space(8) + width if words else 0)
    icon = here.grow(STATE_ICON) + (2 * here.space(8) if STATES[state].loud else 0)
    return icon + (here.space(6) + width if words else 0)


def _word_width(state: State) -> float:
    tools = kit()
    width = tools.look.grow(STATE_ICON) + tools.look.space(6) + tools.state.width(tools.words[state])
    return width + 2 * tools.look.space(8) if STATES[state].loud else width


def _paint_word(painter: QPainter, left: float, middle: float, state: State) -> float:
    """Paint the state with its word, as :func:`paint_state` does; return the right edge."""
    if STATES[state].loud:
        return paint_state(painter, left, middle, state)
    tools = kit()
    side = tools.look.grow(STATE_ICON)
    ink = tools.colours.states[state].fg
    paint_state_icon(painter, QRectF(left, round(middle - side / 2), side, side), state, ink)
    left += side + tools.look.space(6)
    return left + tools.state.write(painter, left, middle, tools.words[state], ink)


def _best(tile: Tile, words: Sequence[str], room: float, *, small: bool = False) -> tuple[_Shape, str]:
    way = _Shape.NONE, ""
    for way in _ways(tile, words, small=small):
        if _way_width(tile.state, *way) <= room:
            break
    return way


def state_line_width(tile: Tile) -> float:
    """Return how wide state and words are at their longest, in pixels."""
    return _way_width(tile.state, _Shape.WORD, next(iter(beside(tile)), ""))


def compact_state_width(tile: Tile, room: float) -> float:
    """Return how much of ``room`` pixels the state takes in a compact tile; an icon at least, if there is a state."""
    return _way_width(tile.state, *_best(tile, beside(tile), room, small=True))


def paint_state_line(
    painter: QPainter,
    left: float,
    right: float,
    middle: float,
    tile: Tile,
    words: Sequence[str] | None = None,
    *,
    small: bool = False,
) -> None:
    """Paint the state and what fits beside it between ``left`` and ``right`` around ``middle``.

    ``words`` are the wordings to choose from, longest first; what the tile has to say unless given.
    """
    tools = kit()
    here = tools.look
    shape, said = _best(tile, beside(tile) if words is None else words, right - left, small=small)
    if tile.state is not None and shape is _Shape.WORD:
        left = _paint_word(painter, left, middle, tile.state) + here.space(8)
    elif tile.state is not None and shape is _Shape.ICON:
        left = _paint_icon_alone(painter, left, middle, tile.state) + here.space(6)
    if said:
        tools.meta.write(painter, left, middle, said, tools.colours.text2)


def _paint_icon_alone(painter: QPainter, left: float, middle: float, state: State) -> float:
    here = look()
    colours = here.colours
    side = here.grow(STATE_ICON)
    loud = colours.loud.get(state)
    ink = colours.states[state].fg
    if loud is not None:
        pad = here.space(8)
        high = state_height()
        box = QRectF(left, round(middle - high / 2), side + 2 * pad, high)
        rounded(painter, box, here.space(Radius.BADGE), loud.fill)
        ink = loud.text
        paint_state_icon(painter, QRectF(left + pad, round(middle - side / 2), side, side), state, ink)
        return box.right()
    paint_state_icon(painter, QRectF(left, round(middle - side / 2), side, side), state, ink)
    return left + side
