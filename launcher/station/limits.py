"""The times a station keeps to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Limits(Protocol):
    """What the supervisor reads of the station file's ``[limits]``; all in seconds."""

    @property
    def heartbeat_s(self) -> float:
        """How often a session says that it lives."""
        ...

    @property
    def unresponsive_s(self) -> float:
        """Within which time a session that does not answer is noticed."""
        ...

    @property
    def end_within_s(self) -> float:
        """How long a session has to end by itself before it is ended."""
        ...


@dataclass(frozen=True, slots=True)
class StationLimits:
    """The limits of a station without a station file."""

    heartbeat_s: float = 1.0
    unresponsive_s: float = 3.0
    end_within_s: float = 5.0


START_WITHIN_S = 60.0
"""A session that is not warm by then is ended and counts as one that could not start."""

LAST_WORDS_S = 0.5
"""How long a link that should be at its end, and a process whose link is gone, are waited for."""


def silence_limit_s(limits: Limits) -> float:
    """Return the silence after which a session counts as unresponsive.

    Half a heartbeat is left for noticing, so that what is said is said within ``unresponsive_s``; one lost beat is
    never enough.
    """
    return max(1.5 * limits.heartbeat_s, limits.unresponsive_s - 0.5 * limits.heartbeat_s)


def look_every_s(limits: Limits) -> float:
    """Return how often silence is looked for."""
    return limits.heartbeat_s / 4
