"""A station's times on the hub's clock: those of terminals are wrong now and then, and the audit is one for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

APART_S: Final = 5.0
"""A clock that seems less wrong than this is taken for right: the way to the hub takes its time, too."""


@dataclass(frozen=True, slots=True)
class StationClock:
    """``ahead_s``: by how much a station's clock is ahead of the hub's; 0 where it is right, or not known."""

    ahead_s: float
    now: float
    """On the hub's clock: nothing that a station tells of has happened later."""

    def on_hubs(self, untrusted_at: float) -> float:
        """Return a time of the station's on the hub's clock."""
        return min(max(untrusted_at - self.ahead_s, 0.0), self.now)


def clock_of(untrusted_at: float | None, now: float) -> StationClock:
    """Return the clock of a station by whose word it is ``untrusted_at`` now; None: it does not say."""
    ahead_s = 0.0 if untrusted_at is None else untrusted_at - now
    return StationClock(ahead_s if abs(ahead_s) > APART_S else 0.0, now)
