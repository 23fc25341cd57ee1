"""F6 goes from the top bar to the page to the strip and round again; Shift F6 the other way."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget


class Areas(QObject):
    """The areas of one window, in order. A page that changes is given as a function that returns it."""

    def __init__(self, window: QWidget, areas: Sequence[QWidget | Callable[[], QWidget | None]]) -> None:
        super().__init__(window)
        self._areas = tuple(areas)
        self._last: dict[QWidget, QWidget] = {}
        for keys, step in (("F6", 1), ("Shift+F6", -1)):
            shortcut = QShortcut(QKeySequence(keys), window)
            shortcut.activated.connect(self.forward if step > 0 else self.back)

    def forward(self) -> None:
        """Go to the next area that can take the focus."""
        self._go(1)

    def back(self) -> None:
        """Go to the area before."""
        self._go(-1)

    def _go(self, step: int) -> None:
        areas = [area for each in self._areas if (area := each if isinstance(each, QWidget) else each()) is not None]
        focused = QApplication.focusWidget()
        here = next((at for at, area in enumerate(areas) if focused is not None and _holds(area, focused)), None)
        if here is not None and focused is not None:
            self._last[areas[here]] = focused
        start = here if here is not None else (-1 if step > 0 else 0)
        for distance in range(1, len(areas) + 1):
            area = areas[(start + step * distance) % len(areas)]
            if self._enter(area):
                return

    def _enter(self, area: QWidget) -> bool:
        last = self._last.get(area)
        candidates = [last] if last is not None and last in area.findChildren(QWidget) else []
        for widget in (*candidates, *_in_tab_order(area)):
            if _takes_focus(widget):
                widget.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False


def _holds(area: QWidget, widget: QWidget) -> bool:
    return area is widget or area.isAncestorOf(widget)


def _in_tab_order(area: QWidget) -> list[QWidget]:
    order: list[QWidget] = [area] if _takes_focus(area) else []
    widget = area.nextInFocusChain()
    while widget is not None and widget is not area:
        if area.isAncestorOf(widget):
            order.append(widget)
        widget = widget.nextInFocusChain()
    return order


def _takes_focus(widget: QWidget) -> bool:
    return (
        widget.isVisible()
        and widget.isEnabled()
        and widget.focusProxy() is None
        and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    )
