"""The shell's one heartbeat: a 10 Hz timer that drives spinners and progress, and rests when nobody watches."""

from __future__ import annotations

import time
import weakref

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from launcher.shell.look.look import look

PERIOD_MS = 100
TURN_S = 1.2
"""One turn of a spinner."""


class Pulse(QObject):
    """The shared timer; ``ticked`` is emitted ten times a second while a visible widget watches."""

    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._watching: weakref.WeakSet[QWidget] = weakref.WeakSet()
        self._timer = QTimer(self)
        self._timer.setInterval(PERIOD_MS)
        self._timer.timeout.connect(self._tick)

    def watch(self, widget: QWidget) -> None:
        """Repaint ``widget`` at every tick while it is visible."""
        self._watching.add(widget)
        if not self._timer.isActive():
            self._timer.start()

    def unwatch(self, widget: QWidget) -> None:
        """Leave ``widget`` alone; a widget that is gone needs no call."""
        self._watching.discard(widget)
        if not self._watching:
            self._timer.stop()

    def watched(self, widget: QWidget) -> bool:
        """Say whether ``widget`` is repainted at every tick."""
        return widget in self._watching and self._timer.isActive()

    def turn(self) -> float:
        """Return how far a spinner has turned now, 0 to 1; always 0 when motion is reduced."""
        if look().reduced_motion:
            return 0.0
        step = PERIOD_MS / 1000
        return (time.monotonic() // step * step / TURN_S) % 1.0

    def _tick(self) -> None:
        for widget in tuple(self._watching):
            if not shiboken6.isValid(widget):
                self._watching.discard(widget)
            elif widget.isVisible():
                widget.update()
        if not self._watching:
            self._timer.stop()
        self.ticked.emit()


_pulse: Pulse | None = None


def pulse() -> Pulse:
    """Return the shell's one pulse."""
    global _pulse
    if _pulse is None:
        _pulse = Pulse()
    return _pulse


def shown_share(share: float) -> float:
    """Return the share (0 to 1) to draw: in steps of a tenth when motion is reduced, never full before the end."""
    bounded = min(max(share, 0.0), 0.98)
    return int(bounded * 10) / 10 if look().reduced_motion else bounded
