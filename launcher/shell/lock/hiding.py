"""Hides every window of the application but one while a terminal is locked, and brings back what can come back."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QWidget

_PASSING = (Qt.WindowType.Popup, Qt.WindowType.ToolTip, Qt.WindowType.SplashScreen)
"""Kinds of windows that go by themselves: menus, drop-downs, tool tips."""


class OthersHidden(QObject):
    """The other windows of one window.

    Menus and drop-downs are closed. A question that is waited for is answered as if Escape were pressed: hiding it
    answers it the same way, and its page must not wait behind a lock. All others come back as they were. What opens
    while locked is put away as soon as it takes the keys, or at the next :meth:`sweep`.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._held: list[QWidget] = []
        self._on = False
        # Not a filter of the application's events: written in Python it brings the browser down.
        application = QApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self.sweep)

    def hide(self) -> None:
        """Hide them now, and every later one."""
        self._on = True
        self.sweep()

    def let_be(self) -> None:
        """Hide no more, and bring nothing back."""
        self._on = False

    def bring_back(self) -> bool:
        """Show again what was hidden, and hide no more; say whether there was any."""
        self.let_be()
        held, self._held = [widget for widget in self._held if shiboken6.isValid(widget)], []
        for widget in held:
            widget.show()
        return bool(held)

    def sweep(self) -> None:
        """Put away what is there now, while locked."""
        if not self._on:
            return
        for widget in QApplication.topLevelWidgets():
            if widget.isVisible() and widget.isWindow() and widget is not self._window:
                self._put_away(widget)
        own = self._window.windowHandle()
        for window in QGuiApplication.topLevelWindows():
            if window.isVisible() and window is not own:
                window.hide()

    def _put_away(self, widget: QWidget) -> None:
        if isinstance(widget, QDialog) and widget.isModal():
            widget.reject()
        elif widget.windowType() in _PASSING:
            widget.close()
        else:
            widget.hide()
            self._held.append(widget)
            # Its wrapper outlives a window that Qt itself deletes.
            widget.destroyed.connect(lambda _=None, gone=widget: self._forget(gone))

    def _forget(self, gone: QWidget) -> None:
        self._held = [widget for widget in self._held if widget is not gone]
