"""The look of the shell at one moment: theme, text scale and motion, and what follows from them.

The application carries exactly one current look. ``current().look`` is it; ``current().changed`` says that it is
another one, and every widget then repaints itself from it. Type, icons and plates grow fully with the text scale,
space grows half as fast, hairlines stay one pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication

from launcher.shell.look.fonts import MONO_FAMILY, TEXT_FAMILY, load_fonts
from launcher.shell.look.palette import palette_of
from launcher.shell.look.tokens import Colours, Role, Theme, Type, colours_of

STYLE = "Fusion"
"""The style our widgets paint upon."""

LARGE = 1.5
"""From this text scale on the screens take their large form."""


@dataclass(frozen=True, slots=True)
class Look:
    """Theme, text scale (1.0 is 100 %) and whether motion is reduced."""

    theme: Theme = "light"
    scale: float = 1.0
    reduced_motion: bool = False

    @property
    def colours(self) -> Colours:
        """The colour tokens of the theme."""
        return colours_of(self.theme)

    @property
    def dark(self) -> bool:
        """Whether the theme is the dark one."""
        return self.theme == "dark"

    @property
    def large(self) -> bool:
        """Whether the screens take their large form: from 150 %."""
        return self.scale >= LARGE

    def space(self, step: float) -> int:
        """Return ``step`` pixels of space: half as fast as text."""
        return round(step * (1.0 + (self.scale - 1.0) / 2.0))

    def grow(self, size: float) -> int:
        """Return ``size`` pixels of an icon or plate: as fast as text."""
        return round(size * self.scale)

    def touch(self, height: int) -> int:
        """Return the height of a control that is ``height`` (44 or more) at 100 %."""
        return max(height, self.space(height))

    def font(self, role: Role) -> QFont:
        """Return the font of ``role``."""
        return _font(role, self.scale)

    def metrics(self, role: Role) -> QFontMetricsF:
        """Return the metrics of the role's font."""
        return _metrics(role, self.scale)

    def line(self, role: Role) -> int:
        """Return the line height of ``role`` in pixels."""
        return round(role.line * _growth(role, self.scale))

    def width(self, role: Role, text: str) -> int:
        """Return the width of one line of ``text`` in pixels, rounded up."""
        return _width(role, self.scale, text)

    def ms(self, duration_ms: int) -> int:
        """Return how long a motion lasts: 0 when motion is reduced."""
        return 0 if self.reduced_motion else duration_ms


class CurrentLook(QObject):
    """The holder of the application's one look."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = Look()

    @property
    def look(self) -> Look:
        """The look now."""
        return self._look

    def wear(self, look: Look) -> None:
        """Change to ``look``: palette, default font, then every widget by ``changed``."""
        self._look = look
        application = QApplication.instance()
        if isinstance(application, QApplication):
            load_fonts()
            application.setPalette(palette_of(look.colours))
            application.setFont(look.font(Type.BODY))
        self.changed.emit()


_current: CurrentLook | None = None


def current() -> CurrentLook:
    """Return the holder of the current look."""
    global _current
    if _current is None:
        _current = CurrentLook()
    return _current


def look() -> Look:
    """Return the current look."""
    return current().look


def dress(application: QApplication, first: Look) -> CurrentLook:
    """Give ``application`` our style, our fonts and the look ``first``; call once, before any widget.

    An application of our own is made with ``-style`` and wears its look instead: ``setStyle`` answers with the style,
    and to name its class costs more than the fonts.
    """
    application.setStyle(STYLE)
    holder = current()
    holder.wear(first)
    return holder


def _growth(role: Role, scale: float) -> float:
    return 1.0 + (scale - 1.0) * role.growth


@lru_cache(maxsize=256)
def _font(role: Role, scale: float) -> QFont:
    font = QFont(MONO_FAMILY if role.mono else TEXT_FAMILY)
    font.setPixelSize(round(role.size * _growth(role, scale)))
    font.setWeight(QFont.Weight(role.weight))
    # Widths are laid out for whole pixels of the design, not for the hinting of one screen.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if role.tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


@lru_cache(maxsize=256)
def _metrics(role: Role, scale: float) -> QFontMetricsF:
    return QFontMetricsF(_font(role, scale))


@lru_cache(maxsize=8192)
def _width(role: Role, scale: float, text: str) -> int:
    return int(-(-_metrics(role, scale).horizontalAdvance(text) // 1))


def square(side: int) -> QSize:
    """Return a square of ``side`` pixels."""
    return QSize(side, side)
