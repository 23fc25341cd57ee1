"""The wall clock of the screens: the minute, said once when it changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from launcher.shell.look import word


def wall_clock() -> datetime:
    """Return the time of day here."""
    return datetime.now().astimezone()


class Clock(QObject):
    """Tells when the minute changes. It looks at the wall clock each second at most, so that a computer that slept
    is right again at once."""

    minute_changed = Signal()
    ticked = Signal()
    """The wall clock was looked at: once a second, for whatever counts down."""

    def __init__(self, now: Callable[[], datetime] = wall_clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._shown = self.time()
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.look_again)
        self._timer.start()

    def now(self) -> datetime:
        """Return the time of day here."""
        return self._now()

    def time(self) -> str:
        """Return hours and minutes, such as "03:12"."""
        return f"{self._now():%H:%M}"

    def date(self) -> str:
        """Return the day, such as "Sunday 23 November"."""
        now = self._now()
        return f"{word(f'day.{now.isoweekday()}')} {now.day} {word(f'month.{now.month}')}"

    def look_again(self) -> None:
        """Read the wall clock and say so if the minute is another one."""
        if (time := self.time()) != self._shown:
            self._shown = time
            self.minute_changed.emit()
        self.ticked.emit()
