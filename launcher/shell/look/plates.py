"""The plate of a system: its own icon if there is one, else a monogram, in the hue of its group."""

from __future__ import annotations

import re

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from launcher.shell.look.icons import has_icon, paint_icon
from launcher.shell.look.look import current, look
from launcher.shell.look.paint import Align, draw_line, rounded
from launcher.shell.look.tokens import Group, Radius, Role

_SKIPPED = frozenset({"of", "and", "the", "&", "for", "a", "to"})
_WORD = re.compile(r"[^\s\-–/]+")


def monogram(name: str) -> str:
    """Return the letters that stand for ``name``.

    Initials of the first two words without the little ones; an acronym of two to four letters whole; one word gives
    its first two letters.
    """
    words: list[str] = [part for part in _WORD.findall(name) if part.lower() not in _SKIPPED]
    words = [letters for part in words if (letters := "".join(sign for sign in part if sign.isalnum()))]
    if not words:
        return "?"
    first = words[0]
    if 2 <= len(first) <= 4 and first.isalpha() and first.isupper():
        return first
    if len(words) == 1:
        return first[:2].upper()
    return (first[0] + words[1][0]).upper()


def group_of(hue: str) -> Group:
    """Return the plate group of a catalogue's ``hue``; an unknown one is slate."""
    return Group(hue) if hue in set(Group) else Group.SLATE


def paint_plate(
    painter: QPainter, rect: QRectF, name: str, group: Group, icon: str = "", *, muted: bool = False
) -> None:
    """Paint the plate of the system ``name`` into ``rect``; ``muted`` for a system that cannot be opened."""
    here = look()
    pair = here.colours.plates[group]
    painter.save()
    if muted:
        painter.setOpacity(painter.opacity() * 0.5)
    rounded(painter, rect, min(here.space(Radius.SEGMENT), rect.width() / 4), pair.bg)
    if has_icon(icon, "fill"):
        px = round(rect.width() * 0.56)
        left = round(rect.left() + (rect.width() - px) / 2)
        top = round(rect.top() + (rect.height() - px) / 2)
        paint_icon(painter, QRectF(left, top, px, px), icon, pair.fg, "fill")
    else:
        letters = monogram(name)
        share = 0.42 if len(letters) <= 2 else 0.32 if len(letters) == 3 else 0.26
        # The plate grows with the text scale by itself, so the role must not grow again.
        role = Role(max(1, round(rect.width() * share)), 700, round(rect.height()), growth=0.0)
        draw_line(painter, rect, letters, role, pair.fg, Align.AlignHCenter, elide=False)
    painter.restore()


class Plate(QWidget):
    """A plate by itself, ``side`` pixels square at 100 %. The name beside it says what it is: it is decoration."""

    def __init__(
        self, name: str, group: Group, icon: str = "", *, side: int = 40, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._group, self._icon, self._side = name, group, icon, side
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(name)
        self.setAccessibleName(name)
        current().changed.connect(self._look_changed)

    def show_system(self, name: str, group: Group, icon: str = "") -> None:
        """Stand for another system."""
        self._name, self._group, self._icon = name, group, icon
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        side = look().grow(self._side)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_plate(QPainter(self), QRectF(self.rect()), self._name, self._group, self._icon)

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()
