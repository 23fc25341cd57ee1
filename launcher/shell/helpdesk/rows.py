"""A column of parts, one for each thing that is shown: a part stays while its thing does, with the focus in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from launcher.shell.look import current, look, reveal

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)


def stack(column: QVBoxLayout, *parts: QWidget) -> None:
    """Put parts beneath each other at the column's end."""
    for part in parts:
        column.addWidget(part)


def bring_into_sight(card: QWidget) -> None:
    """Scroll to a card that was opened just now, and to its field with the keys: once the layout has placed them."""

    def scroll() -> None:
        reveal(card)
        focus = card.focusWidget()
        if focus is not None and focus.hasFocus():
            reveal(focus)

    QTimer.singleShot(0, card, scroll)


class Rows(QWidget, Generic[T, W]):
    """The column. ``make`` makes a part, ``fill`` writes a thing into it, only where that has changed."""

    def __init__(
        self,
        make: Callable[[], W],
        fill: Callable[[W, T], None],
        *,
        gap: int = 8,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._make = make
        self._fill = fill
        self._gap = gap
        self._parts: dict[str, W] = {}
        self._things: dict[str, T] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        current().changed.connect(self._look_changed)
        self._look_changed()

    @property
    def parts(self) -> tuple[W, ...]:
        """The parts in their order."""
        return tuple(self._parts[key] for key in self._things)

    def part(self, key: str) -> W | None:
        """Return one."""
        return self._parts.get(key)

    def show_things(self, things: Iterable[tuple[str, T]]) -> None:
        """Show these, each by a name of its own, in this order; none hides the column."""
        wanted = dict(things)
        for key in tuple(self._parts):
            if key not in wanted:
                part = self._parts.pop(key)
                part.hide()
                self._column.removeWidget(part)
                part.deleteLater()
        for at, (key, thing) in enumerate(wanted.items()):
            if key not in self._parts:
                part = self._parts[key] = self._make()
                self._fill(part, thing)
                self._column.insertWidget(at, part)
            elif self._things.get(key) != thing:
                self._fill(self._parts[key], thing)
            part = self._parts[key]
            if self._column.indexOf(part) != at:
                self._column.removeWidget(part)
                self._column.insertWidget(at, part)
        self._things = wanted
        self.setVisible(bool(wanted))

    def _look_changed(self) -> None:
        self._column.setSpacing(look().space(self._gap))
