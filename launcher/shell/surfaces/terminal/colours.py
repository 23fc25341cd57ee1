"""The colours of a terminal in both themes: the host names sixteen, 240 more or its own; all of them can be read.

Where the host names none, the theme's text and ground are meant. A colour that the host names for letters is taken
from a set that is made for that ground; beside a ground of the host's it is drawn lighter or darker until it reads.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtGui import QColor

from launcher.shell.look.tokens import Theme
from launcher.terminal.grid import DEFAULT, Flag, palette_index, rgb_parts

READS: Final = 4.5
"""The least contrast between letters and what is behind them (WCAG 2.2, 1.4.3)."""

_GROUND: Final[dict[Theme, int]] = {"light": 0xFFFFFF, "dark": 0x06090C}
_TEXT: Final[dict[Theme, int]] = {"light": 0x101C27, "dark": 0xE4ECF2}
_LETTERS: Final[dict[Theme, tuple[int, ...]]] = {
    "light": (
        0x101C27, 0xA31C18, 0x17663A, 0x8A4300, 0x0B3F86, 0x7A2E8C, 0x0B5C68, 0x4C5A67,
        0x5B6976, 0xB3221D, 0x12703B, 0x735200, 0x0B4E9B, 0x9C2480, 0x0A6473, 0x101C27,
    ),
    "dark": (
        0x7A8894, 0xF0776C, 0x5DBB7E, 0xE0A458, 0x6FA8F0, 0xD58FE0, 0x58BFD0, 0xC3CDD6,
        0x8E9BA8, 0xFF8A80, 0x7BD6A0, 0xFFD064, 0x86BDFF, 0xF3A6E8, 0x7FDDEB, 0xF7FAFC,
    ),
}  # fmt: skip
"""The sixteen as letters on the theme's ground. White is the strongest of them, so it is ink on paper."""

_PLAIN: Final = (
    0x10161C, 0xB3322B, 0x1F7A45, 0xA3690B, 0x1D4F9E, 0x8A3F9C, 0x14747F, 0xC9D2DA,
    0x55636F, 0xFF8A80, 0x7BD6A0, 0xFFD064, 0x86BDFF, 0xF3A6E8, 0x7FDDEB, 0xFFFFFF,
)  # fmt: skip
"""The sixteen as grounds, and as letters on them."""

_STEPS: Final = (0, 95, 135, 175, 215, 255)
_KEPT: Final = int(Flag.REVERSE | Flag.FAINT | Flag.HIDDEN)


class TerminalColours:
    """The colours of one theme; made once for each."""

    def __init__(self, theme: Theme) -> None:
        self.ground = QColor(_GROUND[theme])
        self.text = QColor(_TEXT[theme])
        self._theme: Theme = theme
        self._pairs: dict[tuple[int, int, int], tuple[QColor, QColor]] = {}

    def pair(self, foreground: int, background: int, flags: int) -> tuple[QColor, QColor]:
        """Return the colours of letters and of what is behind them."""
        key = (foreground, background, flags & _KEPT)
        found = self._pairs.get(key)
        if found is None:
            ink, ground = colour_values(foreground, background, flags, self._theme)
            found = self._pairs[key] = (QColor(ink), self._colour(ground))
            if len(self._pairs) > 4096:  # a host that mixes its own without end
                self._pairs = {key: found}
        return found

    def _colour(self, value: int) -> QColor:
        """Return a colour; the screen's own ground is always the same one, as it needs no drawing."""
        return self.ground if value == _GROUND[self._theme] else QColor(value)


@lru_cache(maxsize=2)
def colours_for(theme: Theme) -> TerminalColours:
    """Return the colours of a theme."""
    return TerminalColours(theme)


def colour_values(foreground: int, background: int, flags: int, theme: Theme) -> tuple[int, int]:
    """Return letters and ground as 0xRRGGBB."""
    ground = _GROUND[theme] if background == DEFAULT else _value(background)
    if foreground == DEFAULT:
        ink = _TEXT[theme]
    elif background == DEFAULT and (index := palette_index(foreground)) is not None and index < 16:
        ink = _LETTERS[theme][index]
    else:
        ink = _value(foreground)
    if foreground == background != DEFAULT:
        return ground, ground  # the host's own way of hiding
    if flags & Flag.FAINT:
        ink = mixed_values(ink, ground, 0.4)
    ink = readable(ink, ground)
    if flags & Flag.REVERSE:
        ink, ground = ground, ink
    return (ground if flags & Flag.HIDDEN else ink), ground


def readable(ink: int, ground: int) -> int:
    """Return a colour, drawn towards white or black until it reads on the ground."""
    if contrast(ink, ground) >= READS:
        return ink
    goal = 0xFFFFFF if contrast(0xFFFFFF, ground) >= contrast(0, ground) else 0
    for tenth in range(1, 10):
        better = mixed_values(ink, goal, tenth / 10)
        if contrast(better, ground) >= READS:
            return better
    return goal


def contrast(one: int, other: int) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed_values(one: int, other: int, share: float) -> int:
    """Return the colour ``share`` (0 to 1) of the way from ``one`` to ``other``."""
    value = 0
    for shift in (16, 8, 0):
        a, b = one >> shift & 0xFF, other >> shift & 0xFF
        value |= round(a + (b - a) * share) << shift
    return value


def _value(colour: int) -> int:
    index = palette_index(colour)
    if index is None:
        red, green, blue = rgb_parts(colour) or (0, 0, 0)
        return red << 16 | green << 8 | blue
    if index < 16:
        return _PLAIN[index]
    if index < 232:
        at = index - 16
        return _STEPS[at // 36] << 16 | _STEPS[at // 6 % 6] << 8 | _STEPS[at % 6]
    return (8 + 10 * (index - 232)) * 0x010101


@lru_cache(maxsize=1024)
def _luminance(colour: int) -> float:
    parts = []
    for shift in (16, 8, 0):
        share = (colour >> shift & 0xFF) / 255
        parts.append(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
