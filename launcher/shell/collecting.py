"""Python's cycle collector, kept on the main thread: a widget collected on another thread is a crash.

The collector runs in whatever thread allocates. The engine's thread allocates most, and cycles hold Qt objects, whose
C++ side must be destroyed on the main thread. So automatic collection is off, and the main thread collects by timer.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 500
OLDER_EVERY = 10
ALL_EVERY = 120


class Collecting(QObject):
    """Collects young cycles twice a second, older ones every five seconds, all of them every minute."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks = 0
        gc.disable()
        timer = QTimer(self)
        timer.setInterval(LOOK_MS)
        timer.timeout.connect(self.look)
        timer.start()

    def look(self) -> None:
        """Collect what is due; what lives long is looked at seldom, so that no key waits for it."""
        self._looks += 1
        if self._looks % ALL_EVERY == 0:
            gc.collect(2)
        elif self._looks % OLDER_EVERY == 0:
            gc.collect(1)
        else:
            gc.collect(0)
