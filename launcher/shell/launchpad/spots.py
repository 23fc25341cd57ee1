"""Where the parts of a tile are; the same for all tiles of one form and size."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRectF

from launcher.shell.launchpad.forms import COMPACT_PLATE, PAD, PLATE, Form
from launcher.shell.look import Look, Type, state_height

KIND_ICON = 18
STAR = 20


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
