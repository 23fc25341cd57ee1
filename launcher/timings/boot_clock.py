"""The clock of all that limits something: it counts a suspend, and no change of the wall clock moves it."""

from __future__ import annotations

import time


def boot_time_s() -> float:
    """Return the seconds since this computer started, those in which it slept included.

    Linux: CLOCK_BOOTTIME (clock_gettime(2)). Elsewhere the monotonic clock, which counts sleep on Windows and not on
    macOS.
    """
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)
