"""What painting a tile needs at hand: thirty are painted at every key, so nothing is measured or built twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QStaticText, QTransform

from launcher.shell.launchpad.forms import GAP
from launcher.shell.look import Look, Role, State, Type, chip_height, chip_width, current, look, state_word, word

MOST_BYTES = 16_000_000
"""How much the painted shapes may take; a ground at 100 % is 90 kB, and tiles that say the same share one."""

MOST_TEXTS = 4000
"""How many texts of one role are kept laid out."""


class Face:
    """One type role at the present scale, with the widths of what was written in it."""

    def __init__(self, here: Look, role: Role) -> None:
        self.role = role
        self.font = here.font(role)
        self.line = here.line(role)
        self._metrics = here.metrics(role)
        self._drop = (self._metrics.ascent() - self._metrics.descent()) / 2
        self._ascent = self._metrics.ascent()
        self._widths: dict[str, float] = {}
        self._laid: dict[str, QStaticText] = {}

    def width(self, text: str) -> float:
        """Return the width of ``text`` in pixels."""
        width = self._widths.get(text)
        if width is None:
            if len(self._widths) > MOST_TEXTS:
                self._widths.clear()
            width = self._widths[text] = self._metrics.horizontalAdvance(text)
        return width

    def write(self, painter: QPainter, left: float, middle: float, text: str, colour: QColor) -> float:
        """Write ``text`` from ``left`` on the line around ``middle``; return the width."""
        painter.setFont(self.font)
        painter.setPen(colour)
        painter.drawStaticText(QPointF(left, self.top(middle)), self.laid(text))
        return self.width(text)

    def top(self, middle: float) -> float:
        """Return where a text on the line around ``middle`` begins; its baseline is on a whole pixel."""
        return round(middle + self._drop) - self._ascent

    def laid(self, text: str) -> QStaticText:
        """Return ``text`` laid out, ready to be painted."""
        laid = self._laid.get(text)
        if laid is None:
            if len(self._laid) > MOST_TEXTS:
                self._laid.clear()
            laid = self._laid[text] = QStaticText(text)
            laid.setTextFormat(Qt.TextFormat.PlainText)
            laid.prepare(QTransform(), self.font)
        return laid

    def cut(self, text: str, room: float) -> str:
        """Return ``text``, cut with an ellipsis where it is wider than ``room``."""
        if self.width(text) <= room + 1:
            return text
        return self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)


class Kit:
    """The measures of the present look, and the shapes painted so far."""

    def __init__(self, here: Look) -> None:
        self.look = here
        self.colours = here.colours
        self.gap = here.space(GAP)
        self.tile = Face(here, Type.TILE)
        self.strong = Face(here, Type.STRONG)
        self.state = Face(here, Type.STATE)
        self.meta = Face(here, Type.META)
        self.words = {state: state_word(state) for state in State}
        self.enter = word("launchpad.enter")
        self.chip_width = chip_width(self.enter)
        self.chip_height = chip_height()
        self._shapes: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()
        self._bytes = 0

    def stamp(
        self,
        painter: QPainter,
        rect: QRectF,
        key: object,
        paint: Callable[[QPainter, QRectF], None],
        on: QColor | None = None,
    ) -> None:
        """Paint the shape named ``key``; ``paint`` makes it where it was not painted in this size yet.

        On a see-through ground shapes only, no text: it would be smoothed in another way than beside it. With
        ``on``, the colour it stands on, the shape is opaque and copied instead of blended.
        """
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(rect.topLeft(), self.shape(key, rect.width(), rect.height(), ratio, paint, on))

    def found(self, key: object, width: float, height: float, ratio: float) -> QPixmap | None:
        """Return the shape if it was painted in this size."""
        whole = (key, width, height, ratio)
        shape = self._shapes.get(whole)
        if shape is not None:
            self._shapes.move_to_end(whole)
        return shape

    def shape(
        self,
        key: object,
        width: float,
        height: float,
        ratio: float,
        paint: Callable[[QPainter, QRectF], None],
        on: QColor | None = None,
    ) -> QPixmap:
        """Return the shape that :meth:`stamp` paints, for a device of pixel ratio ``ratio``."""
        if (shape := self.found(key, width, height, ratio)) is not None:
            return shape
        shape = QPixmap(ceil(width * ratio), ceil(height * ratio))
        shape.setDevicePixelRatio(ratio)
        shape.fill(on if on is not None else Qt.GlobalColor.transparent)
        first = QPainter(shape)
        try:
            paint(first, QRectF(0, 0, width, height))
        finally:
            first.end()  # a pixmap that ends under a painter at work is a crash
        self._shapes[key, width, height, ratio] = shape
        self._bytes += _bytes(shape)
        while self._bytes > MOST_BYTES and len(self._shapes) > 1:
            _, oldest = self._shapes.popitem(last=False)
            self._bytes -= _bytes(oldest)
        return shape


def _bytes(shape: QPixmap) -> int:
    return shape.width() * shape.height() * 4


_kit: Kit | None = None


def kit() -> Kit:
    """Return the kit of the present look."""
    global _kit
    if _kit is None:
        _kit = Kit(look())
    return _kit


def _forget() -> None:
    global _kit
    _kit = None


current().changed.connect(_forget)
