"""What a tile is made of: its back, which says the state, and its front with plate, star and name."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from launcher.catalogue.search import Hit
from launcher.shell.launchpad.choice import marks_of
from launcher.shell.launchpad.forms import Form
from launcher.shell.launchpad.ground import paint_enter, paint_ground, paint_progress, paint_star
from launcher.shell.launchpad.kit import Face, kit
from launcher.shell.launchpad.names import draw_alias, draw_name
from launcher.shell.launchpad.plates import column_key, column_rect, draw_plate, paint_column
from launcher.shell.launchpad.spots import Spots
from launcher.shell.launchpad.state_line import (
    best_way,
    compact_state_width,
    paint_state_line,
    state_line_width,
)
from launcher.shell.launchpad.tile import Tile, beside, kind_icon, kind_word, share_of
from launcher.shell.look import State, paint_icon, word


@dataclass(frozen=True, slots=True)
class NamePlace:
    """Where the name is, from the tile's corner, and where the other name goes by which a system was found."""

    face: Face
    left: float
    top: float
    width: float
    most: int  # lines
    alias: float  # the middle of the other name's line
    gap: int  # to the other name on the same line; 0 where that has a line of its own


def muted(tile: Tile) -> bool:
    """Say whether the system cannot be opened, or may not be, so that it is painted more quietly."""
    return tile.state is State.OFFLINE or tile.state is State.UNKNOWN


def ink_of(tile: Tile) -> QColor:
    """Return the colour of the name."""
    return kit().colours.text2 if muted(tile) else kit().colours.text


def paint_tile(
    painter: QPainter,
    rect: QRectF,
    place: Spots,
    tile: Tile,
    form: Form,
    hit: Hit | None,
    *,
    current: bool,
    hovered: bool,
) -> None:
    """Paint ``tile`` into ``rect``, whose parts are at ``place``."""
    paint_back(painter, rect, place, tile, form, current=current, hovered=hovered)
    x, y = rect.x(), rect.y()
    draw_plate_of(painter, x, y, place, tile, form)
    if tile.favourite or hovered:
        paint_star(painter, place.star.translated(x, y), filled=tile.favourite)
    spot = name_place(tile, form, place, current=current)
    marks = marks_of(hit) if hit is not None else ()
    left, top = x + spot.left, y + spot.top
    lines = draw_name(painter, left, top, spot.width, tile.system.name, spot.face, ink_of(tile), marks, spot.most)
    draw_other_name(painter, x, y, spot, tile, hit, lines)
    if current and form is Form.TALL and lines == 1 and tile.state is State.FAILED and not _by_alias(hit):
        # Beside the state there is only room for the key that tries again.
        tools = kit()
        hint = tools.meta.cut(word("launchpad.says_why"), spot.width)
        tools.meta.write(painter, left, y + spot.alias, hint, tools.colours.text2)


def paint_back(
    painter: QPainter, rect: QRectF, place: Spots, tile: Tile, form: Form, *, current: bool, hovered: bool
) -> None:
    """Paint the ground, how far it is, the state and what stands beside it."""
    paint_ground(painter, rect, tile.state, current=current, hovered=hovered)
    if tile.moving and tile.state is not None:
        paint_progress(painter, rect, tile.state, share_of(tile), current=current)
    x, y = rect.x(), rect.y()
    left, middle, right = x + place.left, y + place.middle, x + place.right
    if current:
        right = paint_enter(painter, right, middle)
    match form:
        case Form.TALL:
            paint_state_line(painter, left, right, middle, tile)
        case Form.WIDE:
            words = beside(tile)
            if current and tile.state is State.FAILED:
                # The key that tries again stands at the right: the other one comes first.
                words = words[0], word("launchpad.says_why"), *words[1:]
            elif not current:
                right = _paint_kind(painter, x, y, place, tile)
            paint_state_line(painter, left, right, middle, tile, words)
        case Form.COMPACT:
            width = compact_state_width(tile, right - left - _compact_name(tile))
            if width:
                paint_state_line(painter, right - width, right, middle, tile, small=True)


def back_key(tile: Tile, form: Form, place: Spots, *, current: bool) -> tuple[object, ...]:
    """Return what the back of a tile depends on: those with the same look the same."""
    said: tuple[object, ...] = beside(tile)
    if form is Form.COMPACT:
        room = _compact_right(place, current=current) - place.left - _compact_name(tile)
        said = best_way(tile, beside(tile), room, small=True)
    return "back", form, tile.state, said, tile.system.kind if form is Form.WIDE else ""


def draw_plate_of(painter: QPainter, x: float, y: float, place: Spots, tile: Tile, form: Form) -> None:
    """Paint the plate of the tile whose corner is at ``x`` and ``y``; in a tall one the kind is beneath it."""
    system, quiet = tile.system, muted(tile)
    if form is not Form.TALL:
        draw_plate(painter, place.plate.translated(x, y), system, muted=quiet)
        return
    kit().stamp(
        painter,
        column_rect(place).translated(x, y),
        column_key(system, muted=quiet),
        lambda first, _: paint_column(first, place, system, muted=quiet),
    )


def name_place(tile: Tile, form: Form, place: Spots, *, current: bool) -> NamePlace:
    """Return where the tile's name goes."""
    tools = kit()
    space = tools.look.space
    if form is Form.TALL:
        face = tools.tile
        return NamePlace(face, place.left, place.name, place.width, 2, place.name + face.line * 1.5, 0)
    if form is Form.WIDE:
        face = tools.tile
        return NamePlace(face, place.left, place.name, place.width, 1, place.name + face.line / 2, space(12))
    face = tools.strong
    right = _compact_right(place, current=current)
    width = compact_state_width(tile, right - place.left - _compact_name(tile))
    right -= width + space(10) if width else 0
    top = float(round(place.middle - face.line / 2))
    return NamePlace(face, place.left, top, right - place.left, 1, place.middle, space(10))


def draw_other_name(
    painter: QPainter, x: float, y: float, spot: NamePlace, tile: Tile, hit: Hit | None, lines: int
) -> None:
    """Paint the other name by which the tile's system was found, where there is room for it."""
    if not _by_alias(hit) or (not spot.gap and lines > 1):
        return
    used = spot.face.width(tile.system.name) + spot.gap if spot.gap else 0
    draw_alias(painter, x + spot.left + used, y + spot.alias, spot.width - used, hit)


def _by_alias(hit: Hit | None) -> bool:
    return hit is not None and hit.field == "alias"


def _compact_name(tile: Tile) -> float:
    return kit().strong.width(tile.system.name) + kit().look.space(10)


def _compact_right(place: Spots, *, current: bool) -> float:
    return place.right - (kit().chip_width + kit().look.space(8) if current else 0)


def _paint_kind(painter: QPainter, x: float, y: float, place: Spots, tile: Tile) -> float:
    """Paint the kind at the right of a wide tile, in words where there is room; return where its state must end."""
    tools = kit()
    gap = tools.look.space(8)
    icon = place.kind.translated(x, y)
    kind = kind_word(tile.system.kind)
    width = tools.meta.width(kind) + gap
    if state_line_width(tile) + 2 * gap + icon.width() + width <= place.width:
        tools.meta.write(painter, x + place.right - width + gap, y + place.middle, kind, tools.colours.text2)
        icon.translate(-round(width), 0)
    paint_icon(painter, icon, kind_icon(tile.system.kind), tools.colours.text2)
    return icon.left() - gap
