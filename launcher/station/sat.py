"""One officer's session as far as it tells, and what other screens are told of it: counts, and whose it is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from launcher.station import lock_times
from launcher.station.limits import Limits
from launcher.wire import messages


@dataclass(eq=False)
class Sat:
    """What an officer's session has said of itself, and what it was told.

    ``lock_again``: it has said that it is back where it could not be; it is ended where it does not lock by then.
    ``short_notice``: it was told of its end when nothing was known that it would lose.
    ``reopens``: what it was told to open again, until it has said that something is open.
    """

    said: messages.SignedIn
    times: lock_times.Sitting
    holds: messages.Holds = field(default_factory=lambda: messages.Holds(systems=()))
    locked_wall: float = 0.0
    address: str = ""
    claimed_by: int = 0
    returns: bool = False
    """Whether its own lock face may come back in front: the PIN opens it still."""
    pin_spent: bool = False
    lock_again: asyncio.TimerHandle | None = None
    short_notice: bool = False
    reopens: tuple[str, ...] = ()
    frozen: bool = False
    """Whether it was found not to answer when it was to be ended, sooner than silence tells."""
    noted: bool = True
    """Whether what is open is opened again at its officer's next logon here, where its end is somebody else's doing."""

    @property
    def would_lose(self) -> bool:
        """Whether its officer would lose something by an end, as far as it is known."""
        return self.holds.unsaved > 0 or self.holds.running > 0


def locked_words(sat: Sat, now: float, limits: Limits, ends_within_s: float) -> messages.LockedSession:
    """Return what the screen over it says of a locked session, which has so long to end by itself."""
    return messages.LockedSession(
        number=sat.said.number,
        name=sat.said.name,
        user_name=sat.said.user_name,
        since=sat.locked_wall,
        grace_left_s=lock_times.grace_left_s(sat.times, now, limits),
        systems=len(sat.holds.systems),
        unsaved=sat.holds.unsaved,
        running=sat.holds.running,
        ends_within_s=ends_within_s,
        ends_in_s=lock_times.ends_in_s(sat.times, now, limits),
        face=sat.returns,
        pin_spent=sat.pin_spent,
    )


def cover_words(sat: Sat, silence_s: float, ends_within_s: float) -> messages.Cover:
    """Return what a cover says of the session behind it, which has so long to end by itself."""
    return messages.Cover(
        number=sat.said.number,
        name=sat.said.name,
        silent_ms=silence_s * 1000,
        systems=len(sat.holds.systems),
        ends_within_s=ends_within_s,
    )
