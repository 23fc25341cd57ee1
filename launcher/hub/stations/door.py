"""How many stations may be on their way in at once: whoever comes then is turned away, and told when to come again.

After an outage ten thousand call. Where all are heard, each waits for longer than a station does, every proof comes out
for one that has given up, and nobody is let in at all. Where those turned away come when they like, they come so often
that the hub does little but turn them away; so each has a time of its own, one after the other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from launcher.hub.errors import HubError

ROOM: Final = 200
"""A process proves 70 in a second; a station waits for 10 s, also on a computer that is three times slower."""
EACH_S: Final = 1 / 150
"""Between the times of two: half of what a proof takes. To turn one away again costs little; where times of some who
have given up or found another process lie between the others', the hub would stand idle before a long line."""
LONGEST_S: Final = 300.0


class HubBusyError(HubError):
    """More stations call than can be let in at once."""

    reference = "hub-busy"
    hint = "The station calls again by itself, when the hub has told it to."
    status = 503


class Door:
    """All belongs to the process's loop."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self.counted: Callable[[], object] = lambda: None
        """Hears of each that is turned away."""
        self._many = 0
        self._last_at = 0.0

    @property
    def is_full(self) -> bool:
        """Say whether one that comes now is to be turned away."""
        return self._many >= ROOM

    def turn_away(self) -> HubBusyError:
        """Return what one is told that comes while it is full: to come when those before it will have been let in."""
        self.counted()
        now = self._now()
        self._last_at = min(max(self._last_at, now + ROOM * EACH_S) + EACH_S, now + LONGEST_S)
        return HubBusyError("More stations call than the hub can let in at once.", retry_after_s=self._last_at - now)

    @contextmanager
    def entering(self) -> Iterator[None]:
        """Be one of those on their way in, for the block. Raises :class:`HubBusyError` where there is no room.

        Whoever connects and says nothing is none of them: they would keep the others out.
        """
        if self.is_full:
            raise self.turn_away()
        self._many += 1
        try:
            yield
        finally:
            self._many -= 1
