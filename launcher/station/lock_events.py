"""What the supervisor tells of locking, coming back, handing over, limits and covers: counts and times only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EndSoonWhy = Literal["sitting-limit", "reset", "station-stopping"]


@dataclass(frozen=True, slots=True)
class LockWarned:
    """A session locks in ``in_s`` seconds unless somebody touches a key; None: not any more."""

    session: int
    in_s: float | None


@dataclass(frozen=True, slots=True)
class SessionLocked:
    """A session is locked; without ``own_face`` a sign-in screen is shown over it.

    ``said``: it says so itself; else it was told to and did not answer in time.
    """

    session: int
    why: Literal["idle", "asked"]
    own_face: bool
    said: bool = True


@dataclass(frozen=True, slots=True)
class ProgramsHeld:
    """What runs in a session that did not lock when it was told to was stopped in its place (``held``), or goes on."""

    session: int
    programs: int
    held: bool


@dataclass(frozen=True, slots=True)
class SessionResumed:
    """The officer is at work again, ``ms`` after the proof."""

    session: int
    by: Literal["pin", "proof"]
    ms: float


@dataclass(frozen=True, slots=True)
class TakeOverKept:
    """Another officer was proved over a locked session: not for ``wait_s`` seconds, or, with 0, asked first."""

    session: int
    wait_s: float


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The terminal of a locked ``session`` is another officer's, in session ``to``, ``ms`` after their proof."""

    session: int
    to: int
    ms: float


@dataclass(frozen=True, slots=True)
class Covered:
    """A session that has not answered for ``silent_ms`` is covered by the screen of ``by``."""

    session: int
    by: int
    silent_ms: float


@dataclass(frozen=True, slots=True)
class Uncovered:
    """The cover is off: the session answers again, or it was ``ended``."""

    session: int
    by: int
    ended: bool


@dataclass(frozen=True, slots=True)
class EndingSoon:
    """An officer was told that their session is ended in ``in_s`` seconds, and what it would lose."""

    session: int
    why: EndSoonWhy
    in_s: float
    unsaved: int
    running: int


@dataclass(frozen=True, slots=True)
class ReopenTold:
    """An officer's session was told how many systems they had open when their last one was ended."""

    session: int
    systems: int


@dataclass(frozen=True, slots=True)
class SecondAsked:
    """The screen of ``session`` asks a second person who they are, over the one at which ``over``'s officer works."""

    session: int
    over: int


LockStationEvent = (
    LockWarned
    | SessionLocked
    | ProgramsHeld
    | SessionResumed
    | TakeOverKept
    | HandedOver
    | Covered
    | Uncovered
    | EndingSoon
    | ReopenTold
    | SecondAsked
)
