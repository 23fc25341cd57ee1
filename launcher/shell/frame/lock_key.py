"""The lock key: it works wherever the focus is, also over a menu or a question that blocks the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

KEY = "F12"
_GIVEN = "lockKey"


class LockKey(QObject):
    """Calls ``lock`` when the key is pressed in any window of the application."""

    def __init__(self, window: QWidget, lock: Callable[[], None]) -> None:
        super().__init__(window)
        self._lock = lock
        everywhere = QShortcut(QKeySequence(KEY), window, context=Qt.ShortcutContext.ApplicationShortcut)
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
        QShortcut(QKeySequence(KEY), modal).activated.connect(self._lock)
