"""The order in which Tab goes through what is made as it comes: Qt puts whatever is made last at the end."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def tab_as_read(page: QWidget, before: Sequence[QWidget] = ()) -> tuple[QWidget, ...]:
    """Make Tab follow a page's layouts; return where it stops. ``before``: what that was, for nothing to be done."""
    stops = tuple(_stops(page))
    if stops != before:
        for one, other in itertools.pairwise(stops):
            QWidget.setTabOrder(one, other)
    return stops


def _stops(widget: QWidget) -> Iterator[QWidget]:
    inside = widget.widget() if isinstance(widget, QScrollArea) else None
    if inside is not None:
        yield from _stops(inside)
    elif widget.focusPolicy() is not Qt.FocusPolicy.NoFocus and widget.focusProxy() is None:
        yield widget
    elif (layout := widget.layout()) is not None:
        yield from _in_layout(layout)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        if item is None:
            continue
        if (widget := item.widget()) is not None:
            yield from _stops(widget)
        elif (inner := item.layout()) is not None:
            yield from _in_layout(inner)
