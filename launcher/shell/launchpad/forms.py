"""The forms of a tile and their sizes: two lines of name, one wide line, compact."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from launcher.shell.look import Type, look, state_height

TILE = 222
WIDE = 290
"""From this width, at 100 %, a tile is one line with its kind in words at the right."""
COMPACT = 296
GAP = 10
PLATE = 40
COMPACT_PLATE = 32
PAD = 12


class Form(Enum):
    """How a tile is laid out."""

    TALL = "tall"
    WIDE = "wide"
    COMPACT = "compact"


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells in pixels, the gap between tiles included."""

    form: Form
    columns: int
    cell_width: int
    cell_height: int


def grid(width: int, *, compact: bool) -> Grid:
    """Return the grid for a viewport ``width`` pixels wide."""
    here = look()
    gap = here.space(GAP)
    # One pixel less: a list view drops a column when the cells fit exactly.
    room = max(1, width - 1)
    least = min(here.grow(COMPACT if compact else TILE) + gap, room)
    columns = max(1, room // least)
    cell = room // columns
    form = Form.COMPACT if compact else Form.WIDE if (cell - gap) / here.scale >= WIDE else Form.TALL
    return Grid(form, columns, cell, tile_height(form) + gap)


def tile_height(form: Form) -> int:
    """Return the height of a tile in pixels."""
    here = look()
    if form is Form.COMPACT:
        return max(48, here.line(Type.TILE) + here.space(12), here.grow(COMPACT_PLATE) + here.space(14))
    if form is Form.WIDE:
        return max(here.grow(PLATE) + 2 * here.space(14), here.line(Type.TILE) + state_height() + here.space(19))
    return here.space(10) + 2 * here.line(Type.TILE) + here.space(4) + state_height() + here.space(8)
