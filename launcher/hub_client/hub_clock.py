"""The hub's clock as a station knows it: commands expire by it, whatever the station's own clock says."""

from __future__ import annotations

import time
from collections.abc import Callable

from launcher.timings.boot_clock import boot_time_s


class HubClock:
    """Set at each proof; between them it goes on with a clock that nobody sets and that counts suspend."""

    def __init__(self, boot_clock: Callable[[], float] = boot_time_s, wall: Callable[[], float] = time.time) -> None:
        self._boot_clock = boot_clock
        self._wall = wall
        self._ahead = wall() - boot_clock()  # until the hub has said its own

    def set(self, hub_now: float) -> None:
        """Take the hub's time, as it was a moment ago."""
        self._ahead = hub_now - self._boot_clock()

    def now(self) -> float:
        """Return the hub's time, in seconds since the epoch."""
        return self._ahead + self._boot_clock()

    @property
    def offset_s(self) -> float:
        """By how much the hub's clock is ahead of this computer's."""
        return self.now() - self._wall()
