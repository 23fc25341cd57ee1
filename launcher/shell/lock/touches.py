"""Tells of touches where the station cannot see them: keys, buttons and fingers in the window, never what was typed."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QWidget

from launcher.session.commands import Command, Touched

EVERY_S = 1.0
_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class Touches(QObject):
    """Listens at the window itself, where every key passes before any page gets it; once a second at most it tells.

    On X11 the station's own clock sees all input, and nothing is listened to here.
    """

    def __init__(self, window: QWidget, send: Callable[[Command], None]) -> None:
        super().__init__(window)
        self._window = window
        self._send = send
        self._at: QWindow | None = None
        self._told = 0.0

    def listen(self, on: bool) -> None:
        """Listen or not; to be called again after the window was shown anew, it may be another one to Qt."""
        wanted = self._window.windowHandle() if on and QGuiApplication.platformName() != "xcb" else None
        if wanted is self._at:
            return
        if self._at is not None:
            self._at.removeEventFilter(self)
        self._at = wanted
        if wanted is not None:
            wanted.installEventFilter(self)
            wanted.destroyed.connect(self._gone)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES and (now := time.monotonic()) - self._told >= EVERY_S:
            self._told = now
            self._send(Touched())
        return False

    def _gone(self) -> None:
        self._at = None
