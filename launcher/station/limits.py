"""The times a station keeps to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Limits(Protocol):
    """What the supervisor reads of the station file's ``[limits]`` and ``[lock]``; all in seconds."""

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

    @property
    def sign_off_within_s(self) -> float:
        """How long it has on top of that for sign-offs at hosts, at most."""
        ...

    @property
    def cover_s(self) -> float:
        """The silence after which an officer's screen is covered."""
        ...

    @property
    def sitting_s(self) -> float:
        """The longest sitting of an officer, locked times included."""
        ...

    @property
    def end_notice_s(self) -> float:
        """How long before an end that is not theirs an officer is told."""
        ...

    @property
    def idle_s(self) -> float:
        """After so long without input a session locks; 0: never."""
        ...

    @property
    def warn_s(self) -> float:
        """How long before that it is said."""
        ...

    @property
    def grace_s(self) -> float:
        """How long after locking nobody else can take the terminal over."""
        ...

    @property
    def locked_s(self) -> float:
        """How long a session may be locked."""
        ...


@dataclass(frozen=True, slots=True)
class StationLimits:
    """The limits of a station without a station file."""

    heartbeat_s: float = 1.0
    unresponsive_s: float = 3.0
    end_within_s: float = 5.0
    sign_off_within_s: float = 30.0
    cover_s: float = 5.0
    sitting_s: float = 43200.0
    end_notice_s: float = 600.0
    idle_s: float = 300.0
    warn_s: float = 60.0
    grace_s: float = 300.0
    locked_s: float = 7200.0


START_WITHIN_S = 60.0
"""A session that is not warm by then is ended and counts as one that could not start."""

NOTHING_LOST_NOTICE_S = 10.0
"""An officer with nothing to lose, as far as is known, is told so long before the helpdesk ends their session: time to
count anew what is edited, which the session does when it is told."""

STOP_NOTICE_S = 30.0
"""An officer with something to lose is told so long before a station that is to stop ends their session, at most: the
service's TimeoutStopSec is longer, by what an end takes."""

COUNTED_WITHIN_S = 2.0
"""By then a session that was told of its end has said whether a page is edited; one that would lose nothing ends."""

LOCKED_WITHIN_S = 1.0
"""A session that has not said by then that it is locked gets the sign-in screen in front of it all the same."""

WIPED_WITHIN_S = 1.0
"""The screen after an officer's crash waits so long for what it left to be gone; that takes some 50 ms as a rule."""

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
