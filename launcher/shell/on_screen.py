"""How a session's window comes to the screen: over all of it, or as a window in the middle of a desktop."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QWidget

WINDOWED = (1280, 800)
LEAST_WIDE = 1024
FRAME = QSize(16, 48)
"""What a window manager's frame takes, as a rule."""


class OnScreen:
    """Shows one window."""

    def __init__(self, window: QWidget, *, fullscreen: bool) -> None:
        self._window = window
        self._fullscreen = fullscreen
        self._placed = False

    def size(self) -> QSize:
        """Return how large the window will be, as far as that is known before it is shown."""
        return self._window.screen().size() if self._fullscreen else QSize(*WINDOWED)

    def show(self, face: QWidget) -> None:
        """Bring the window to the front, with the keys at one of its screens."""
        window = self._window
        if self._fullscreen:
            # Where no window manager carries the wish out, the window has the screen's size already.
            window.setGeometry(window.screen().geometry())
            window.showFullScreen()
        else:
            if not self._placed:
                # Each process of a terminal has a window of its own: at one place they look like one.
                window.setGeometry(self._place_on_desktop())
                self._placed = True
            window.show()
        window.raise_()
        window.activateWindow()
        face.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def _place_on_desktop(self) -> QRect:
        """Return the middle of the screen, as large as fits beside panels and within a manager's frame."""
        free, size = self._window.screen().availableGeometry(), QSize(*WINDOWED)
        if free.width() >= LEAST_WIDE:  # a smaller one, such as that of no display at all, cuts it
            size = size.boundedTo(free.size() - FRAME)
        place = QRect(QPoint(0, 0), size)
        place.moveCenter(free.center())
        return place
