"""The plate of a system as the tiles, the list and the card show it: painted once for all that look alike."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from launcher.session.snapshot import SystemView
from launcher.shell.launchpad.kit import kit
from launcher.shell.launchpad.spots import Spots
from launcher.shell.launchpad.tile import kind_icon
from launcher.shell.look import group_of, monogram, paint_icon, paint_plate


def draw_plate(painter: QPainter, rect: QRectF, system: SystemView, *, muted: bool) -> None:
    """Paint the plate of a system."""
    kit().stamp(
        painter,
        rect,
        plate_key(system, muted=muted),
        lambda first, place: paint_new_plate(first, place, system, muted=muted),
    )


def paint_new_plate(painter: QPainter, rect: QRectF, system: SystemView, *, muted: bool) -> None:
    """Paint the plate of a system from the beginning."""
    paint_plate(painter, rect, system.name, _group(system.hue), system.icon, muted=muted)


def column_rect(place: Spots) -> QRectF:
    """Return where the plate of a tall tile and the kind beneath it are."""
    plate = place.plate
    return QRectF(plate.x(), plate.y(), plate.width(), place.kind.bottom() - plate.y())


def column_key(system: SystemView, *, muted: bool) -> tuple[object, ...]:
    """Return the name of the shape of plate and kind: one for all systems that look alike there."""
    return "column", _glyph(system), system.hue, muted, system.kind


def paint_column(painter: QPainter, place: Spots, system: SystemView, *, muted: bool) -> None:
    """Paint the plate of a tall tile and the kind beneath it, from the painter's corner on."""
    plate = place.plate
    at = QRectF(0, 0, plate.width(), plate.height())
    paint_plate(painter, at, system.name, _group(system.hue), system.icon, muted=muted)
    icon = place.kind.translated(-plate.x(), -plate.y())
    paint_icon(painter, icon, kind_icon(system.kind), kit().colours.text2)


def plate_key(system: SystemView, *, muted: bool) -> tuple[object, ...]:
    """Return the name of the shape of a plate."""
    return "plate", _glyph(system), system.hue, muted


def _glyph(system: SystemView) -> str:
    return system.icon or _letters(system.name)


_letters = lru_cache(maxsize=4096)(monogram)
_group = lru_cache(maxsize=64)(group_of)
