"""Cells of whole pixels: how large they are for a size of letters, and the largest with which a screen fits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Final

from PySide6.QtGui import QFont, QFontMetricsF, QRawFont

from launcher.shell.look.fonts import MONO_FAMILY

SMALLEST_PX: Final = 11
LARGEST_PX: Final = 64
_LOOSE: Final = 1.4
_TIGHT: Final = 1.15
"""A row is so many times as high as its letters are large, at most and at least."""


@dataclass(frozen=True, slots=True)
class Cells:
    """One cell in pixels; ``baseline`` is counted from its top."""

    font_px: int
    width: int
    height: int
    baseline: int

    def room(self, rows: int, columns: int) -> tuple[int, int]:
        """Return width and height of so many cells."""
        return columns * self.width, rows * self.height


def cells_for(font_px: int, height: int = 0) -> Cells:
    """Return the cells of a size of letters, with rows of a comfortable height or as high as is said."""
    width, ascent, descent = _measured(font_px)
    height = max(ceil(font_px * _TIGHT), height or round(font_px * 1.375))
    return Cells(font_px, width, height, round((height - ascent - descent) / 2 + ascent))


def fitting(
    rows: int, columns: int, width: int, height: int, smallest_px: int = SMALLEST_PX, largest_px: int = LARGEST_PX
) -> Cells:
    """Return the largest cells with which all rows and columns have room; the smallest where none have."""
    for font_px in range(largest_px, smallest_px - 1, -1):
        if columns * _measured(font_px)[0] <= width and rows * ceil(font_px * _TIGHT) <= height:
            return cells_for(font_px, min(height // max(1, rows), round(font_px * _LOOSE)))
    return cells_for(smallest_px, 1)


def panned(before: int, whole: int, room: int, at: int, size: int) -> int:
    """Return how far a screen of ``whole`` pixels is moved so that what begins at ``at`` is in its room, in one way.

    It is moved from ``before`` no further than is needed, and not at all where all of it has room.
    """
    return max(0, min(before, at, whole - room), at + size - room) if whole > room else 0


@lru_cache(maxsize=64)
def font_for(font_px: int, bold: bool, italic: bool) -> QFont:
    """Return the font with which a text comes out as wide as its cells."""
    font = fallback_font(font_px, bold, italic)
    font.setLetterSpacing(
        QFont.SpacingType.AbsoluteSpacing, _measured(font_px)[0] - QFontMetricsF(font).horizontalAdvance("M")
    )
    return font


@lru_cache(maxsize=4096)
def in_font(character: str) -> bool:
    """Say whether the product's own font has a character, so that it is as wide as a cell."""
    return _raw().supportsCharacter(ord(character))


def fallback_font(font_px: int, bold: bool, italic: bool) -> QFont:
    """Return the font for characters that the product's own lacks: Qt looks for them in the system's."""
    font = QFont(MONO_FAMILY)
    font.setPixelSize(font_px)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    font.setItalic(italic)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def ascent_of(font_px: int) -> float:
    """Return how far above its baseline a laid-out text begins."""
    return _measured(font_px)[1]


@lru_cache(maxsize=1)
def _raw() -> QRawFont:
    return QRawFont.fromFont(fallback_font(16, False, False))


@lru_cache(maxsize=128)
def _measured(font_px: int) -> tuple[int, float, float]:
    """Return the width of a cell, ascent and descent of a size of letters."""
    metrics = QFontMetricsF(fallback_font(font_px, False, False))
    return max(1, round(metrics.horizontalAdvance("M"))), metrics.ascent(), metrics.descent()
