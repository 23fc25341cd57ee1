"""The lock keys in our own windows: they work wherever the focus is, also over a menu or a question that blocks them.

While an officer is signed in on an X display they come by ``launcher.display.lock_key``; here they come on any other
display, and while a menu of ours holds the keyboard.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

KEYS = (QKeySequence("F12"), QKeySequence("Meta+L"))
"""Meta is the key with the window on it: Windows+L locks where officers come from."""

_GIVEN = "lockKey"


class LockKey(QObject):
    """Calls ``lock`` when one of the keys is pressed in any window of the application."""

    def __init__(self, window: QWidget, lock: Callable[[], None]) -> None:
        super().__init__(window)
        self._lock = lock
        everywhere = QShortcut(window)
        everywhere.setKeys(KEYS)
        everywhere.setContext(Qt.ShortcutContext.ApplicationShortcut)
        everywhere.activated.connect(lock)
        application = QApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._window_changed)

    def _window_changed(self) -> None:
        """Qt gives no key to a window that a question blocks: the question gets the key itself."""
        modal = QApplication.activeModalWidget()
        if modal is None or modal.property(_GIVEN):
            return
        modal.setProperty(_GIVEN, True)
        over = QShortcut(modal)
        over.setKeys(KEYS)
        over.activated.connect(self._lock)
