"""When a session is warned, locked and ended: the times of one officer's sitting. Rules only.

``look(sitting, moment, limits) -> sitting, dues``. All times are on one clock that counts suspend
(``clocks.since_boot_s``): the wall clock says nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from launcher.station.limits import Limits

EndWhy = Literal["sitting-limit", "reset"]


@dataclass(frozen=True, slots=True)
class Sitting:
    """One officer's sitting. ``locks``: its screen locks by itself. ``ends_at``: it ends then, and why.

    ``asked``: told to lock, and has not said that it is. ``warned``: told when it will lock.
    """

    began: float
    locks: bool = True
    playing: bool = False
    warned: bool = False
    asked: bool = False
    locked_at: float | None = None
    grace_over: bool = False
    ends_at: float | None = None
    ends_why: EndWhy = "sitting-limit"


@dataclass(frozen=True, slots=True)
class WarnLock:
    """Say that it locks in so many seconds, or, with None, not any more."""

    in_s: float | None


@dataclass(frozen=True, slots=True)
class LockNow:
    """Lock it: nobody has touched anything for long enough."""


@dataclass(frozen=True, slots=True)
class GraceEnds:
    """Its officer's grace is over: from now on a full proof is wanted, and another officer may take over."""


@dataclass(frozen=True, slots=True)
class SayEnd:
    """Say that it ends in so many seconds."""

    why: EndWhy
    in_s: float


@dataclass(frozen=True, slots=True)
class EndNow:
    """End it."""

    why: Literal["sitting-limit", "reset", "locked-too-long"]


Due = WarnLock | LockNow | GraceEnds | SayEnd | EndNow


def look(sitting: Sitting, now: float, active_at: float, limits: Limits) -> tuple[Sitting, tuple[Due, ...]]:
    """Return what is due ``now``, where somebody was last active at ``active_at``; each is returned once."""
    ends, end_dues = _ends(sitting, now, limits)
    if any(isinstance(due, EndNow) for due in end_dues):
        return ends, end_dues
    sitting, dues = _locks(ends, now, active_at, limits) if ends.locked_at is None else _locked(ends, now, limits)
    return sitting, (*end_dues, *dues)


def locked(sitting: Sitting, now: float) -> Sitting:
    """Return the sitting once it is locked, by whomever; nobody watches what plays behind a lock."""
    if sitting.locked_at is not None:
        return replace(sitting, playing=False, asked=False)
    return replace(sitting, locked_at=now, playing=False, grace_over=False, warned=False, asked=False)


def unlocked(sitting: Sitting) -> Sitting:
    """Return the sitting once its officer is back."""
    return replace(sitting, locked_at=None, grace_over=False, warned=False, asked=False)


def plays(sitting: Sitting, *, on: bool) -> Sitting:
    """Return the sitting once a video plays, or does not any more."""
    return replace(sitting, playing=on)


def grace_left_s(sitting: Sitting, now: float, limits: Limits) -> float:
    """Return how long nobody else can take a locked session's terminal over."""
    if sitting.locked_at is None or sitting.grace_over:
        return 0.0
    return max(0.0, sitting.locked_at + limits.grace_s - now)


def ends_in_s(sitting: Sitting, now: float, limits: Limits) -> float | None:
    """Return how soon a sitting ends by itself, as far as it is to be said: by a notice, its lock, or its limit."""
    ends = [] if sitting.ends_at is None else [sitting.ends_at]
    if sitting.locked_at is not None:
        ends += [sitting.locked_at + limits.locked_s, sitting.began + limits.sitting_s]
    return max(0.0, min(ends) - now) if ends else None


def ends_soon(sitting: Sitting, now: float, in_s: float) -> Sitting:
    """Return the sitting once the helpdesk has asked for its end; an end that is nearer stays."""
    at = now + in_s
    if sitting.ends_at is not None and sitting.ends_at <= at:
        return sitting
    return replace(sitting, ends_at=at, ends_why="reset")


def ends_later(sitting: Sitting, now: float, in_s: float, limits: Limits) -> Sitting:
    """Return the sitting once its officer has something to lose by the helpdesk's end; its limit stays."""
    if sitting.ends_at is None or sitting.ends_why != "reset":
        return sitting
    return replace(sitting, ends_at=max(sitting.ends_at, min(now + in_s, sitting.began + limits.sitting_s)))


def next_look_s(sitting: Sitting, limits: Limits) -> float:
    """Return when to look again: soon where an input must take a warning off, else with each heartbeat."""
    return limits.heartbeat_s / 4 if sitting.warned else limits.heartbeat_s


def _ends(sitting: Sitting, now: float, limits: Limits) -> tuple[Sitting, tuple[Due, ...]]:
    limit = sitting.began + limits.sitting_s
    if sitting.ends_at is not None and now >= sitting.ends_at:
        return sitting, (EndNow(sitting.ends_why),)
    if now >= limit:
        return sitting, (EndNow("sitting-limit"),)
    if sitting.locked_at is not None and now >= sitting.locked_at + limits.locked_s:
        return sitting, (EndNow("locked-too-long"),)
    if sitting.ends_at is None and now >= limit - limits.end_notice_s:
        said = SayEnd("sitting-limit", limit - now)
        return replace(sitting, ends_at=limit, ends_why="sitting-limit"), (said,)
    return sitting, ()


def _locks(sitting: Sitting, now: float, active_at: float, limits: Limits) -> tuple[Sitting, tuple[Due, ...]]:
    if limits.idle_s <= 0 or not sitting.locks or sitting.asked:
        return sitting, ()
    left_s = limits.idle_s if sitting.playing else active_at + limits.idle_s - now
    if left_s <= 0:
        return replace(sitting, asked=True, warned=False), (LockNow(),)
    # Never from the first moment on: a warning that no input takes off warns of nothing.
    if left_s <= min(limits.warn_s, limits.idle_s / 2) and not sitting.playing:
        return (sitting, ()) if sitting.warned else (replace(sitting, warned=True), (WarnLock(left_s),))
    return (replace(sitting, warned=False), (WarnLock(None),)) if sitting.warned else (sitting, ())


def _locked(sitting: Sitting, now: float, limits: Limits) -> tuple[Sitting, tuple[Due, ...]]:
    if sitting.grace_over or grace_left_s(sitting, now, limits) > 0:
        return sitting, ()
    return replace(sitting, grace_over=True), (GraceEnds(),)
