"""When somebody was last active at the terminal, by what an idle clock says and by what sessions say themselves.

An idle clock (``launcher.display.ports.IdleClock``) is the X server's where there is one; :class:`TouchedIdleClock` is
told by the sessions. Windows' GetLastInputInfo would be a third; it is not built.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from launcher.timings.boot_clock import boot_time_s

if TYPE_CHECKING:
    from launcher.display.ports import IdleClock

_JITTER_S: Final = 0.2


def x_idle_clock(environ: Mapping[str, str]) -> IdleClock | None:
    """Return the idle clock of the X display that sessions are shown on; None where there is none."""
    display = environ.get("DISPLAY", "")
    if not display:
        return None
    from launcher.display.idle import X11IdleClock

    return X11IdleClock(display)


class TouchedIdleClock:
    """What sessions say by ``Touched``: nobody else's input is known. None until something was said."""

    def __init__(self, clock: Callable[[], float] = boot_time_s) -> None:
        self._clock = clock
        self._touched: float | None = None

    def touched(self) -> None:
        """Take that somebody did something now."""
        self._touched = self._clock()

    def idle_s(self) -> float | None:
        """Return the seconds since then."""
        return None if self._touched is None else max(0.0, self._clock() - self._touched)


class Activity:
    """When somebody was last active, on a clock that counts suspend.

    Some idle clocks stand still while the machine sleeps: they are believed only where they went back, which nothing
    but input makes them do.
    """

    def __init__(self, clock: Callable[[], float] = boot_time_s, awake: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._awake = awake
        self.last = clock()
        self._seen: tuple[float, float] | None = None  # idle seconds, and when, on the clock that stands still

    def now(self) -> None:
        """Take that somebody is active now."""
        self.last = self._clock()

    def look(self, idle_s: float | None) -> None:
        """Take what an idle clock says."""
        if idle_s is None:
            return
        awake = self._awake()
        before, self._seen = self._seen, (idle_s, awake)
        if before is None or idle_s + _JITTER_S < before[0] + awake - before[1]:
            self.last = max(self.last, self._clock() - idle_s)
