"""The windows of one system, in a row below the origin bar, where there is more than one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from launcher.shell.look import Button, Ground, IconButton, Kind, Type, current, look, word
from launcher.shell.surfaces.window_view import WindowView

_LONGEST = 40


class WindowRow(Ground):
    """A button for each window, the one in front pressed; those that the system's page has opened can be closed."""

    chosen = Signal(int)
    close_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(lambda colours: colours.surface, parent)
        self.setAccessibleName(word("workspace.windows.name"))
        self._views: tuple[WindowView, ...] = ()
        self.buttons: list[Button] = []
        self.ends: list[IconButton] = []
        self._row = QHBoxLayout(self)
        self._row.addStretch(1)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def draw(self, views: Sequence[WindowView]) -> None:
        """Show the windows; one alone needs no row."""
        self.setVisible(len(views) > 1)
        if tuple(views) == self._views:
            return
        self._views = tuple(views)
        had_keys = self.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        for widget in (*self.buttons, *self.ends):
            self._row.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self.buttons, self.ends = [], []
        for place, view in enumerate(views):
            self._add(view, place + 1, len(views))
        if had_keys:
            front = next((one for one, view in zip(self.buttons, views, strict=True) if view.front), None)
            if front is not None:
                front.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QPainter(self).fillRect(QRectF(0, self.height() - 1, self.width(), 1), look().colours.line)

    def _add(self, view: WindowView, number: int, count: int) -> None:
        title = view.title or word("workspace.windows.untitled")
        shown = title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"
        button = Button(shown, Kind.SECONDARY if view.front else Kind.QUIET, height=44, role=Type.STRONG)
        state = "front" if view.front else "behind"
        button.setAccessibleName(word(f"workspace.windows.{state}", title=title, number=number, count=count))
        button.clicked.connect(lambda _=False, key=view.key: self.chosen.emit(key))
        self.buttons.append(button)
        self._row.insertWidget(self._row.count() - 1, button)
        if not view.first:
            end = IconButton("x", word("workspace.windows.close", title=title))
            end.clicked.connect(lambda _=False, key=view.key: self.close_wanted.emit(key))
            self.ends.append(end)
            self._row.insertWidget(self._row.count() - 1, end)

    def _look_changed(self) -> None:
        here = look()
        self._row.setContentsMargins(here.space(16), here.space(4), here.space(12), here.space(4))
        self._row.setSpacing(here.space(4))
