"""Times in words: since when, how long ago, how long still."""

from __future__ import annotations

import math
from datetime import datetime

from launcher.shell.look import about, word
from launcher.timings.boot_clock import boot_time_s


def clock_time(epoch: float) -> str:
    """Return hours and minutes of a moment of the wall clock, such as "02:14"."""
    return f"{datetime.fromtimestamp(epoch).astimezone():%H:%M}"


def ends_then(at: float | None, now: datetime) -> str:
    """Say when a session ends by itself, a moment of the boot clock as a clock shows it; "" where it is not known."""
    return "" if at is None else word("lock.ends", time=clock_time(now.timestamp() + at - boot_time_s()))


def ago(epoch: float, now: datetime) -> str:
    """Return how long ago a moment of the wall clock was, in minutes; never less than nothing."""
    return span(max(0.0, now.timestamp() - epoch))


def span(duration_s: float) -> str:
    """Return a time in minutes, such as "12 min" or "1 h 5 min"."""
    minutes = int(duration_s // 60)
    if minutes < 1:
        return word("lock.under_a_minute")
    if minutes < 60:
        return word("lock.minutes", minutes=minutes)
    return word("lock.hours", hours=minutes // 60, minutes=minutes % 60)


def left_s(until: float) -> int:
    """Return the whole seconds until a moment of the boot clock, 0 once it is there."""
    return max(0, math.ceil(until - boot_time_s()))


def left(until: float) -> str:
    """Return the time until a moment of the boot clock, such as "42 s" or "4 min 12 s"."""
    return about(left_s(until) * 1000.0)
