"""What a managed browser's tab shows: the browser's window itself, or where that is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent, QGuiApplication, QShowEvent, QWindow
from PySide6.QtWidgets import QVBoxLayout, QWidget

from launcher.shell.look import Text, Type, current, look, text2, word
from launcher.shell.surfaces.managed.own_keys import OwnKeys

_FIRST: Final = ""
TAKES_IN: Final = "xcb"
"""Where a window of another process can be shown inside ours."""


@dataclass(frozen=True, slots=True)
class _Window:
    """One window of the browser's that stands in the tab."""

    place: QWidget
    keys: OwnKeys


class ManagedFace(QWidget):
    """The tab of one browser. ``window``: the number of its window, which is taken in here; 0: it stands by itself."""

    def __init__(self, window: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._windows: dict[str, _Window] = {}
        self._front: _Window | None = None
        self._column = QVBoxLayout(self)
        if window:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setAccessibleName(word("workspace.managed.name"))
            self._column.setContentsMargins(0, 0, 0, 0)
            self.take_in(_FIRST, window)
            self._show(self._windows.get(_FIRST))
            return
        self._column.addWidget(Text(word("workspace.managed.apart"), Type.SECTION))
        self._column.addWidget(Text(word("workspace.managed.hint"), Type.BODY, text2, wrap=True))
        self._column.addStretch(1)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def take_in(self, ident: str, number: int) -> None:
        """Take in a window by its number; :meth:`show_one` shows it."""
        if (window := QWindow.fromWinId(number)) is not None:
            place = QWidget.createWindowContainer(window, self)
            place.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            place.hide()
            self._column.addWidget(place)
            self._windows[ident] = _Window(place, OwnKeys(number, self))

    def show_one(self, front: str, idents: frozenset[str]) -> None:
        """Show the window in front, as soon as it is here, of those that are open."""
        for gone in [one for one in self._windows if one is not _FIRST and one not in idents]:
            self._let_go(self._windows.pop(gone))
        if self._windows:
            self._show(self._windows.get(front) or self._windows[_FIRST])

    def end(self) -> None:
        """Let go of the browser's windows: they are about to end."""
        for window in self._windows.values():
            window.keys.leave()
            window.place.hide()
        self.hide()
        self.deleteLater()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow_keys()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # Not at once: Qt tells of the focus before its own window has it.
        QTimer.singleShot(0, self, self._give_keys)

    def _follow_keys(self) -> None:
        if self._front is not None:
            # Not at once: which acts there are is settled once the page is there.
            QTimer.singleShot(0, self._front.keys, self._front.keys.follow)

    def _give_keys(self) -> None:
        if self._front is not None and self.hasFocus() and self.isVisible():
            self._front.keys.give(inside=True)

    def _show(self, window: _Window | None) -> None:
        before, self._front = self._front, window
        if window is None or window is before:
            return
        window.place.show()
        if before is not None:
            before.place.hide()
        if self.isVisible():
            self._follow_keys()
            if self.window().focusWidget() is self:
                QTimer.singleShot(0, self, self._give_keys)

    def _let_go(self, window: _Window) -> None:
        if window is self._front:
            self._show(self._windows[_FIRST])
        window.keys.leave()
        window.keys.deleteLater()
        window.place.hide()
        window.place.deleteLater()

    def _look_changed(self) -> None:
        here = look()
        edge = here.space(24)
        self._column.setContentsMargins(edge, here.space(16), edge, here.space(20))
        self._column.setSpacing(here.space(8))


def takes_in() -> bool:
    """Say whether this display lets a window of another process be shown inside ours."""
    return QGuiApplication.platformName() == TAKES_IN and bool(os.environ.get("DISPLAY"))
