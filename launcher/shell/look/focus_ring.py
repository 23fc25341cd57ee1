"""The focus ring: one overlay per window, outside the control that has the focus.

Three pixels wide with a gap of two; both grow with space. It is cut at the edge of the scroll area the control is in,
and a focused control is always scrolled into view; of what is higher than that it goes round the part that is seen. A
widget that has a ``ring_shape()`` says where its ring goes, or None when it paints its own (tabs, tiles, chart rows);
around an embedded page the ring goes on the origin bar.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QScrollArea, QWidget

from launcher.shell.look.look import current, look
from launcher.shell.look.paint import rounded
from launcher.shell.look.tokens import Radius

ON_CHROME = "onChrome"
"""The dynamic property of a widget whose background is chrome; its children inherit it."""


@dataclass(frozen=True)
class RingShape:
    """Where a ring goes: around ``rect`` in the coordinates of ``widget``, with that control's corner radius."""

    widget: QWidget
    rect: QRect
    radius: float
    on_chrome: bool


@runtime_checkable
class Ringed(Protocol):
    """A widget that says where its own ring goes."""

    def ring_shape(self) -> RingShape | None:
        """Return the shape, or None when the widget paints its focus itself."""
        ...


def ring_margin() -> int:
    """Return how far the ring reaches outside its control, in pixels."""
    return look().space(2) + look().space(3)


class FocusRing(QWidget):
    """The overlay of one window; create it once, after the window's other children."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._window = window
        self._shape: RingShape | None = None
        self._clip = QRect()
        self._watched: list[QWidget] = []
        self.hide()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_changed)
        current().changed.connect(self.place)
        self._focus_changed(None, QApplication.focusWidget())

    @property
    def shape(self) -> RingShape | None:
        """Where the ring is now."""
        return self._shape

    @property
    def whole(self) -> bool:
        """Whether none of the ring is cut off."""
        return self._clip == self.geometry()

    def place(self) -> None:
        """Put the ring where the focused control is now; needed only after a change Qt does not tell of."""
        focused = QApplication.focusWidget()
        self._shape = None
        if focused is not None and self._window.isAncestorOf(focused):
            self._shape = _shape_of(focused)
        shape = self._shape
        if shape is None or not shape.widget.isVisible():
            self.hide()
            return
        margin = ring_margin()
        place = self._seen(shape, margin)
        place.adjust(-margin, -margin, margin, margin)
        self._clip = self._visible_part(shape.widget, place)
        if self._clip.isEmpty():
            self.hide()
            return
        self.setGeometry(place)
        self.raise_()
        self.show()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _PLACING:
            self.place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._shape is None:
            return
        here = look()
        colour = here.colours.chrome_ring if self._shape.on_chrome else here.colours.ring
        painter = QPainter(self)
        painter.setClipRect(self._clip.translated(-self.pos()))
        rounded(painter, QRectF(self.rect()), self._shape.radius + ring_margin(), None, colour, float(look().space(3)))

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        if not shiboken6.isValid(self):
            return
        for widget in self._watched:
            if shiboken6.isValid(widget):
                widget.removeEventFilter(self)
        self._watched = []
        if new is not None and self._window.isAncestorOf(new):
            self._watched = [new, *_ancestors(new, self._window)]
            for widget in self._watched:
                widget.installEventFilter(self)
            reveal(new)
        self.place()

    def _seen(self, shape: RingShape, margin: int) -> QRect:
        """Return the place of what is ringed; of what is too high for its scroll area, such as a long text, a part."""
        place = QRect(shape.widget.mapTo(self._window, shape.rect.topLeft()), shape.rect.size())
        for area in _scroll_areas(shape.widget):
            view = self._view(area).adjusted(0, margin, 0, -margin)
            if place.height() > view.height():
                top, bottom = max(place.top(), view.top()), min(place.bottom(), view.bottom())
                place.setTop(top)
                place.setBottom(max(top, bottom))
        return place

    def _view(self, area: QAbstractScrollArea) -> QRect:
        viewport = area.viewport()
        return QRect(viewport.mapTo(self._window, QPoint(0, 0)), viewport.size())

    def _visible_part(self, widget: QWidget, place: QRect) -> QRect:
        visible = QRect(place)
        for area in _scroll_areas(widget):
            visible &= self._view(area)
        return visible & self._window.rect()


_PLACING = frozenset(
    {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.LayoutRequest}
)


def reveal(widget: QWidget) -> None:
    """Scroll ``widget``, with room for its ring, into the view of every scroll area it is in."""
    margin = ring_margin() + look().space(4)
    shape = _shape_of(widget)
    ringed = shape.widget if shape is not None else widget
    for area in _scroll_areas(ringed):
        content = area.widget() if isinstance(area, QScrollArea) else None
        if isinstance(area, QScrollArea) and content is not None:
            # Not ensureWidgetVisible: it is content when the control is in view and its ring is not.
            place = QRect(ringed.mapTo(content, QPoint(0, 0)), ringed.size())
            for corner in (place.bottomRight(), place.topLeft()):
                area.ensureVisible(corner.x(), corner.y(), margin, margin)


def _shape_of(focused: QWidget) -> RingShape | None:
    for widget in (focused, *_ancestors(focused, None)):
        if isinstance(widget, Ringed):
            return widget.ring_shape()
    return RingShape(focused, focused.rect(), look().space(Radius.CONTROL), on_chrome(focused))


def on_chrome(widget: QWidget) -> bool:
    """Say whether ``widget`` stands on chrome: it or a parent has the property ``onChrome``."""
    for each in (widget, *_ancestors(widget, None)):
        stands = each.property(ON_CHROME)
        if stands is not None:
            return bool(stands)
    return False


def _ancestors(widget: QWidget, stop: QWidget | None) -> Iterator[QWidget]:
    parent = widget.parentWidget()
    while parent is not None and parent is not stop:
        yield parent
        if parent.isWindow():
            return
        parent = parent.parentWidget()


def _scroll_areas(widget: QWidget) -> Iterator[QAbstractScrollArea]:
    previous = widget
    for parent in _ancestors(widget, None):
        if isinstance(parent, QAbstractScrollArea) and parent.viewport() is previous:
            yield parent
        previous = parent
