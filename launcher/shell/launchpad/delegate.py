"""Paints the tiles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from launcher.catalogue.search import Hit
from launcher.session.snapshot import SystemView
from launcher.shell.launchpad.choice import marks_of
from launcher.shell.launchpad.forms import COMPACT_PLATE, PAD, PLATE, Form, Grid
from launcher.shell.launchpad.kit import kit
from launcher.shell.launchpad.model import TileModel
from launcher.shell.launchpad.names import draw_name
from launcher.shell.launchpad.tile import Tile, beside, kind_icon, kind_word, share_of
from launcher.shell.look import (
    STATES,
    Look,
    Radius,
    State,
    Type,
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
    word,
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
        self.hovered = -1
        self.current_shown = False
        self.ringed = False

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(self.grid.cell_width, self.grid.cell_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        self.paint_cell(painter, option.rect, index.row())

    def paint_cell(self, painter: QPainter, cell: QRect, row: int) -> None:
        """Paint the tile of ``row`` into its cell."""
        rect = tile_rect(cell)
        current = self.current_shown and row == self.current
        paint_tile(
            painter,
            rect,
            self._model.tile(row),
            self.grid.form,
            self._model.hit(row),
            current=current,
            hovered=row == self.hovered,
        )
        if current and self.ringed:
            here = look()
            reach = here.space(2) + here.space(3)
            around = rect.adjusted(-reach, -reach, reach, reach)
            radius = here.space(Radius.CONTROL) + reach
            rounded(painter, around, radius, None, here.colours.ring, float(here.space(3)))

    def star_at(self, cell: QRect, at: QPoint) -> bool:
        """Say whether ``at`` is on the star of the tile in ``cell``."""
        tile = tile_rect(cell)
        star = spots(self.grid.form, tile.width(), tile.height(), look()).star.translated(tile.topLeft())
        reach = 4
        return star.adjusted(-reach, -reach, reach, reach).contains(at)


def tile_rect(cell: QRect) -> QRectF:
    """Return where the tile is in its cell: on whole pixels, half a gap from each side."""
    gap = kit().gap
    half = gap // 2
    return QRectF(cell.x() + half, cell.y() + half, cell.width() - gap, cell.height() - gap)


@dataclass(frozen=True, slots=True)
class Spots:
    """Where the parts of a tile are, from its upper left corner; the same for all tiles of one size."""

    plate: QRectF
    star: QRectF
    kind: QRectF
    left: float  # where name and state begin
    width: float  # of the name
    name: float  # the name's top
    middle: float  # of the state's line
    right: float  # where the state's line ends


@lru_cache(maxsize=64)
def spots(form: Form, width: float, height: float, here: Look) -> Spots:
    """Return the places in a tile of this size."""
    side = here.grow(COMPACT_PLATE if form is Form.COMPACT else PLATE)
    pad = here.space(PAD)
    if form is Form.TALL:
        plate = QRectF(pad, pad - 2, side, side)
    else:
        plate = QRectF(here.space(8) if form is Form.COMPACT else pad, round((height - side) / 2), side, side)
    star = here.grow(STAR)
    corner = QRectF(round(plate.right() - star * 0.62), round(plate.top() - star * 0.34), star, star)
    left = plate.right() + pad
    icon = here.grow(KIND_ICON)
    line = here.line(Type.TILE)
    if form is Form.TALL:
        name = here.space(10) - 1.0
        middle = height - here.space(8) - state_height() / 2
        kind = QRectF(round(plate.center().x() - icon / 2), round(middle - icon / 2), icon, icon)
        return Spots(plate, corner, kind, left, width - pad - left, name, middle, width - pad + here.space(6))
    block = line + here.space(3) + state_height()
    name = float(round((height - block) / 2))
    middle = name + block - state_height() / 2 if form is Form.WIDE else height / 2
    kind = QRectF(width - pad - icon, round(middle - icon / 2), icon, icon)
    return Spots(plate, corner, kind, left, width - pad - left, name, middle, width - pad)


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
    tools = kit()
    state, system = tile.state, tile.system
    place = spots(form, rect.width(), rect.height(), tools.look)
    x, y = rect.x(), rect.y()
    _paint_ground(painter, rect, state, current=current, hovered=hovered)
    if tile.moving and state is not None:
        _paint_progress(painter, rect, state, share_of(tile), current=current)
    muted = state is State.OFFLINE or state is State.UNKNOWN
    if form is Form.TALL:
        _draw_column(painter, place, x, y, system, muted=muted)
    else:
        draw_plate(painter, place.plate.translated(x, y), system, muted=muted)
    if tile.favourite or hovered:
        _paint_star(painter, place.star.translated(x, y), filled=tile.favourite)
    ink = tools.colours.text2 if muted else tools.colours.text
    match form:
        case Form.TALL:
            _paint_tall(painter, x, y, place, tile, hit, ink, current=current)
        case Form.WIDE:
            _paint_wide(painter, x, y, place, tile, hit, ink, current=current)
        case Form.COMPACT:
            _paint_compact(painter, x, y, place, tile, hit, ink, current=current)


def draw_plate(painter: QPainter, rect: QRectF, system: SystemView, *, muted: bool) -> None:
    """Paint the plate of a system."""

    def paint(first: QPainter, place: QRectF) -> None:
        paint_plate(first, place, system.name, group_of(system.hue), system.icon, muted=muted)

    kit().stamp(painter, rect, ("plate", _glyph(system), system.hue, muted), paint)


def _draw_column(painter: QPainter, place: Spots, x: float, y: float, system: SystemView, *, muted: bool) -> None:
    """Paint the plate of a tall tile and the kind beneath it: one shape for all systems that look alike there."""
    plate, kind = place.plate, place.kind

    def paint(first: QPainter, _: QRectF) -> None:
        at = QRectF(0, 0, plate.width(), plate.height())
        paint_plate(first, at, system.name, group_of(system.hue), system.icon, muted=muted)
        icon = kind.translated(-plate.x(), -plate.y())
        paint_icon(first, icon, kind_icon(system.kind), kit().colours.text2)

    rect = QRectF(x + plate.x(), y + plate.y(), plate.width(), kind.bottom() - plate.y())
    kit().stamp(painter, rect, ("column", _glyph(system), system.hue, muted, system.kind), paint)


def _glyph(system: SystemView) -> str:
    return system.icon or _letters(system.name)


_letters = lru_cache(maxsize=4096)(monogram)


def _paint_ground(painter: QPainter, rect: QRectF, state: State | None, *, current: bool, hovered: bool) -> None:
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
    painter: QPainter, x: float, y: float, place: Spots, tile: Tile, hit: Hit | None, ink: QColor, *, current: bool
) -> None:
    tools = kit()
    face = tools.tile
    left, top, middle = x + place.left, y + place.name, y + place.middle
    marks = marks_of(hit) if hit is not None else ()
    if draw_name(painter, left, top, place.width, tile.system.name, face, ink, marks, 2) == 1:
        _paint_alias(painter, left, top + face.line * 1.5, place.width, hit)
        if current and tile.state is State.FAILED and (hit is None or hit.field != "alias"):
            # Beside the state there is only room for the key that tries again.
            hint = tools.meta.cut(word("launchpad.says_why"), place.width)
            tools.meta.write(painter, left, top + face.line * 1.5, hint, tools.colours.text2)
    right = x + place.right
    if current:
        right = _paint_enter(painter, right, middle)
    paint_state_line(painter, left, right, middle, tile)


def _paint_wide(
    painter: QPainter, x: float, y: float, place: Spots, tile: Tile, hit: Hit | None, ink: QColor, *, current: bool
) -> None:
    tools = kit()
    face = tools.tile
    left, top, middle, right = x + place.left, y + place.name, y + place.middle, x + place.right
    marks = marks_of(hit) if hit is not None else ()
    name = tile.system.name
    draw_name(painter, left, top, place.width, name, face, ink, marks)
    used = face.width(name) + tools.look.space(12)
    _paint_alias(painter, left + used, top + face.line / 2, place.width - used, hit)
    if current:
        words = beside(tile)
        if tile.state is State.FAILED:
            # The key that tries again stands at the right: the other one comes first.
            words = words[0], word("launchpad.says_why"), *words[1:]
        paint_state_line(painter, left, _paint_enter(painter, right, middle), middle, tile, words)
        return
    icon = place.kind.translated(x, y)
    kind = kind_word(tile.system.kind)
    kind_width = tools.meta.width(kind) + tools.look.space(8)
    if state_line_width(tile) + tools.look.space(16) + icon.width() + kind_width <= place.width:
        tools.meta.write(painter, right - kind_width + tools.look.space(8), middle, kind, tools.colours.text2)
        icon.translate(-round(kind_width), 0)
    paint_icon(painter, icon, kind_icon(tile.system.kind), tools.colours.text2)
    paint_state_line(painter, left, icon.left() - tools.look.space(8), middle, tile)


def _paint_compact(
    painter: QPainter, x: float, y: float, place: Spots, tile: Tile, hit: Hit | None, ink: QColor, *, current: bool
) -> None:
    tools = kit()
    left, middle, right = x + place.left, y + place.middle, x + place.right
    if current:
        right = _paint_enter(painter, right, middle)
    name_width = tools.strong.width(tile.system.name) + tools.look.space(10)
    width = compact_state_width(tile, right - left - name_width)
    if width:
        paint_state_line(painter, right - width, right, middle, tile, small=True)
        right -= width + tools.look.space(10)
    draw_found(painter, left, right, middle, tile.system.name, hit, ink)


def draw_found(
    painter: QPainter, left: float, right: float, middle: float, name: str, hit: Hit | None, ink: QColor
) -> None:
    """Paint a name on one line, the letters found in it marked, and the other name by which it was found."""
    tools = kit()
    face = tools.strong
    marks = marks_of(hit) if hit is not None else ()
    draw_name(painter, left, round(middle - face.line / 2), right - left, name, face, ink, marks)
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
        draw_name(painter, left, middle - face.line / 2, room, hit.text, face, kit().colours.text2, hit.ranges)


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
