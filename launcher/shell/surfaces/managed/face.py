"""What a managed browser's tab shows: the browser's window itself, or where that is."""

from __future__ import annotations

import os
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent, QGuiApplication, QShowEvent, QWindow
from PySide6.QtWidgets import QVBoxLayout, QWidget

from launcher.shell.look import Text, Type, current, look, text2, word
from launcher.shell.surfaces.managed.own_keys import OwnKeys

TAKES_IN: Final = "xcb"
"""Where a window of another process can be shown inside ours."""


class ManagedFace(QWidget):
    """The tab of one browser. ``window``: the number of its window, which is taken in here; 0: it stands by itself."""

    def __init__(self, window: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = window
        self._taken: QWidget | None = None
        self._own_keys: OwnKeys | None = None
        self._column = QVBoxLayout(self)
        if window:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setAccessibleName(word("workspace.managed.name"))
            self._column.setContentsMargins(0, 0, 0, 0)
            self._take_in(QWindow.fromWinId(window))
            self._own_keys = OwnKeys(window, self)
            return
        self._column.addWidget(Text(word("workspace.managed.apart"), Type.SECTION))
        self._column.addWidget(Text(word("workspace.managed.hint"), Type.BODY, text2, wrap=True))
        self._column.addStretch(1)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def end(self) -> None:
        """Let go of the browser's window: it is about to end."""
        if self._own_keys is not None:
            self._own_keys.leave()
        if self._taken is not None:
            self._taken.hide()
        self.hide()
        self.deleteLater()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._own_keys is not None:
            # Not at once: which acts there are is settled once the page is there.
            QTimer.singleShot(0, self._own_keys, self._own_keys.follow)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._taken is not None:
            # Not at once: Qt tells of the focus before its own window has it.
            QTimer.singleShot(0, self, self._give_keys)

    def _give_keys(self) -> None:
        if self._own_keys is not None and self.hasFocus() and self.isVisible():
            self._own_keys.give(inside=True)

    def _take_in(self, window: QWindow | None) -> None:
        if window is not None:
            self._taken = QWidget.createWindowContainer(window, self)
            self._taken.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._column.addWidget(self._taken)

    def _look_changed(self) -> None:
        here = look()
        edge = here.space(24)
        self._column.setContentsMargins(edge, here.space(16), edge, here.space(20))
        self._column.setSpacing(here.space(8))


def takes_in() -> bool:
    """Say whether this display lets a window of another process be shown inside ours."""
    return QGuiApplication.platformName() == TAKES_IN and bool(os.environ.get("DISPLAY"))
