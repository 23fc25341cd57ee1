"""The icons: Phosphor files in ``resources/icons``, rendered in one colour at one size and cached.

*fill* is for states and plates, *bold* for everything else. ``mark`` is the product's own double chevron.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from launcher.resources import resources

Weight = Literal["bold", "fill"]


def has_icon(name: str, weight: Weight = "bold") -> bool:
    """Say whether there is an icon of this name in this weight."""
    return bool(name) and name.replace("-", "").isalnum() and _file(name, weight).is_file()


def icon(name: str, colour: QColor, px: int, ratio: float = 1.0, weight: Weight = "bold") -> QPixmap:
    """Return the icon ``name`` in ``colour``, ``px`` logical pixels square, for a screen of pixel ratio ``ratio``.

    Raises LookupError when there is no such icon.
    """
    return _rendered(name, colour.rgba(), px, ratio, weight)


def paint_icon(
    painter: QPainter, rect: QRectF, name: str, colour: QColor, weight: Weight = "bold", turn: float = 0.0
) -> None:
    """Paint the icon into ``rect`` (a square), turned by ``turn`` of a full turn."""
    ratio = painter.device().devicePixelRatioF()
    pixmap = icon(name, colour, round(rect.width()), ratio, weight)
    if not turn:
        painter.drawPixmap(rect.topLeft(), pixmap)
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.translate(rect.center())
    painter.rotate(360.0 * turn)
    painter.drawPixmap(
        QRectF(-rect.width() / 2, -rect.height() / 2, rect.width(), rect.height()), pixmap, QRectF(pixmap.rect())
    )
    painter.restore()


@lru_cache(maxsize=1024)
def _rendered(name: str, rgba: int, px: int, ratio: float, weight: Weight) -> QPixmap:
    colour = QColor.fromRgba(rgba)
    # Before the painter begins: a pixmap that ends under a painter at work is a crash, and this line may raise.
    renderer = QSvgRenderer(QByteArray(_source(name, weight).replace("currentColor", colour.name()).encode()))
    pixmap = QPixmap(round(px * ratio), round(px * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(colour.alphaF())
    renderer.render(painter, QRectF(0, 0, px, px))
    painter.end()
    return pixmap


@lru_cache(maxsize=256)
def _source(name: str, weight: Weight) -> str:
    if not has_icon(name, weight):
        raise LookupError(f"no icon {name!r} in weight {weight}")
    return _file(name, weight).read_text(encoding="utf-8")


def _file(name: str, weight: Weight) -> Path:
    folder = resources() / "icons"
    return folder / "mark.svg" if name == "mark" else folder / weight / f"{name}.svg"
