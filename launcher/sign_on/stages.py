"""The rules of a run over stages: a pure function from what happened to what is done next; no clock, host or secret.

A stage is a host's screen or a system's page; below, "screen" is said of both.

* A sign-on looks for the screens it may begin with. A sign-off and a change of password may begin anywhere: the screens
  that prove something are looked for first, a refusal after those that lead on (it is an earlier run's), one that is
  recognised by nothing last.
* On a screen its fields are filled and its key is pressed; then one of its ``next`` must be seen within its time. Of
  several seen at once a failure comes first, then a password to change, then the order of ``next``; one that is
  recognised by nothing comes last.
* A screen that means something ends the run.
* A password is given on one screen of a run only. Where a screen was given a secret, and it or one of the way before
  it comes back without being named as next, and stays, the host has refused: nothing is filled again.
* A screen that has gone before anything was done on it was not met: what was looked for is looked for again.
* A run meets no more than so many screens: a host that leads in circles is given up on.
* Where nothing could prove readiness the outcome is unknown, never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

from launcher.recipes.stages import Stage, StageFill
from launcher.sign_on.runner import SETTLE_S, DeadlinePassed, Done

MOST_MET = 100
"""Screens that a run meets at most, those met again included."""

S = TypeVar("S", bound=Stage)

_FIRST: Final = ("failed", "change-password")
_PROVES: Final = frozenset({"ready", "already-signed-on", "logon", "changed"})


# --- what happened


@dataclass(frozen=True, slots=True)
class StageSeen:
    """The index of the first stage that is shown, and what can be said of it.

    ``words`` are the host's own, of the place that the stage names for it, without any secret.
    """

    index: int
    last_seen: str  # e.g. "records.force.example, screen 'logon'"
    words: str = ""


@dataclass(frozen=True, slots=True)
class LineClosed:
    """The host has closed the line."""

    last_seen: str


@dataclass(frozen=True, slots=True)
class StageGone:
    """The screen that was seen has gone again before anything was done on it."""


Event = StageSeen | StageGone | DeadlinePassed | Done | LineClosed


# --- what is done next


@dataclass(frozen=True, slots=True)
class LookFor(Generic[S]):
    """Look for the first of these screens."""

    screens: tuple[S, ...]
    within_s: float


@dataclass(frozen=True, slots=True)
class PressKey:
    """Press a key, or the control that the screen names."""

    key: str


@dataclass(frozen=True, slots=True)
class End:
    """The run has ended: by what its last screen means, or ``line-closed``, ``timed-out`` or ``unknown``.

    ``at`` is the name of the screen that it ended at, where one proved something. ``given`` are the names of the
    secrets that the host has been given in it. ``says`` are the screen's words for the officer, or else the host's own.
    ``met`` counts the screens. ``refused`` is what a refusal was of, where its screen says so.
    """

    ended: str
    says: str = ""
    last_seen: str = ""
    met: int = 0
    given: frozenset[str] = frozenset()
    at: str = ""
    refused: str = ""


Effect = LookFor[S] | StageFill | PressKey | End


@dataclass(frozen=True, slots=True)
class StageRun(Generic[S]):
    """A run so far. Of ``looking``, those from ``returning`` on were not named as next: the host has gone back."""

    screens: tuple[S, ...]
    within_s: float
    looking: tuple[S, ...] = ()
    returning: int = 0
    here: S | None = None
    filled: int = 0  # how many fields of the screen
    way: tuple[S, ...] = ()  # each screen met, once
    met: int = 0
    given: frozenset[str] = frozenset()
    settling: bool = False
    settled: bool = False
    before: StageRun[S] | None = None
    """The run as it was before the screen in hand was seen, until something is done there."""


def begin(
    screens: Sequence[S], within_s: float, *, begins: Sequence[str] = (), anywhere: bool = False
) -> tuple[StageRun[S], Effect[S]]:
    """Return a run that looks for where it begins: the named screens, else the first; or ``anywhere``."""
    run = StageRun(tuple(screens), within_s)
    if not screens:
        return run, End("unknown")
    if anywhere:
        # A refusal that stands there already is an earlier run's: it is what this one begins on. What proves a change
        # proves it only once there has been one.
        begins_at = [one for one in screens if one.means != "changed"]
        first = sorted(begins_at, key=lambda one: (one.recognised_by_nothing, one.means == "failed", not one.means))
    else:
        first = _named(run, tuple(begins) or (screens[0].name,))
    return _look_for(run, tuple(first), within_s)


def step(run: StageRun[S], event: Event) -> tuple[StageRun[S], Effect[S]]:
    """Return the run after an event, and what is done next."""
    match event:
        case StageSeen():
            return _seen(run, event)
        case StageGone():
            return _seen_no_more(run)
        case DeadlinePassed() if run.settling:
            # Nothing else has come: what the host has gone back to counts from now on.
            return _look_next(replace(run, settling=False, settled=True))
        case DeadlinePassed():
            return run, _end(run, "timed-out" if run.here is None or _may_prove(run) else "unknown", event.last_seen)
        case LineClosed():
            return run, _end(run, "line-closed", event.last_seen)
        case Done():
            return _go_on(replace(run, before=None))


def fills_ahead(run: StageRun[S]) -> bool:
    """Say whether the run has a value to fill still, as far as its screens say where they lead."""
    if run.here is not None and any(fill.names for fill in run.here.fill[max(run.filled, 0) :]):
        return True
    reached = reachable(run.screens, [screen.name for screen in run.looking[: run.returning]])
    return any(fill.names for screen in run.screens if screen.name in reached for fill in screen.fill)


def reachable(screens: Sequence[S], names: Sequence[str]) -> frozenset[str]:
    """Return the names of all screens that may be met from these on, themselves included."""
    leads = {screen.name: screen.next for screen in screens}
    reached: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in leads and name not in reached:
            reached.add(name)
            waiting += leads[name]
    return frozenset(reached)


# --- the rules


def _seen(run: StageRun[S], seen: StageSeen) -> tuple[StageRun[S], Effect[S]]:
    screen = run.looking[seen.index]
    if seen.index >= run.returning:
        if not run.settled:
            return _look_next(replace(run, settling=True))
        return run, _end(run, "failed", seen.last_seen, screen.says or seen.words)
    met = run.met + 1
    if screen.means:
        end = _end(replace(run, met=met), screen.means, seen.last_seen, screen.says or seen.words)
        return run, replace(end, at=screen.name, refused=screen.refused)
    again = screen in run.way
    if screen.secrets and (again or "password" in screen.secrets & run.given):
        return run, _end(replace(run, met=met), "failed", seen.last_seen, screen.says or seen.words)
    if met >= MOST_MET:
        return run, _end(replace(run, met=met), "timed-out", seen.last_seen)
    way = run.way if again else (*run.way, screen)
    on_it = replace(run, here=screen, filled=-1, way=way, met=met, settling=False, settled=False)
    return _go_on(replace(on_it, before=replace(run, met=met)))


def _seen_no_more(run: StageRun[S]) -> tuple[StageRun[S], Effect[S]]:
    before = run.before
    if before is None:  # whoever drives has said so of a screen that it has done something on
        return run, _end(run, "timed-out", "")
    within_s = before.here.within_s if before.here is not None else before.within_s
    return before, LookFor(before.looking, within_s)


def _go_on(run: StageRun[S]) -> tuple[StageRun[S], Effect[S]]:
    """Do what comes next on the screen in hand: a field, its key, or the look for what follows.

    ``filled`` is -1 at the beginning, and one more than there are fields once the key was pressed.
    """
    here = run.here
    if here is None:  # nothing was to be done: no screen has been seen
        return run, _end(run, "timed-out", "")
    filled = run.filled + 1
    if filled < len(here.fill):
        fill = here.fill[filled]
        return replace(run, filled=filled, given=run.given | (fill.names & here.secrets)), fill
    if filled == len(here.fill) and here.press:
        return replace(run, filled=filled), PressKey(here.press)
    return _look_next(replace(run, filled=len(here.fill) + 1))


def _look_next(run: StageRun[S]) -> tuple[StageRun[S], Effect[S]]:
    here = run.here
    names = here.next if here is not None else ()
    following = sorted(_named(run, names), key=_rank)
    asks = here is not None and here.secrets and not run.settling
    gone_back = [screen for screen in run.way if screen.name not in names] if asks else []
    within_s = SETTLE_S if run.settling else here.within_s if here is not None else run.within_s
    return _look_for(run, tuple(following), within_s, tuple(gone_back))


def _look_for(
    run: StageRun[S], named: tuple[S, ...], within_s: float, gone_back: tuple[S, ...] = ()
) -> tuple[StageRun[S], Effect[S]]:
    run = replace(run, looking=(*named, *gone_back), returning=len(named))
    return run, LookFor(run.looking, within_s)


def _rank(screen: S) -> int:
    if screen.means in _FIRST:
        return _FIRST.index(screen.means)
    return len(_FIRST) + screen.recognised_by_nothing


def _named(run: StageRun[S], names: Sequence[str]) -> list[S]:
    by_name = {screen.name: screen for screen in run.screens}
    return [by_name[name] for name in dict.fromkeys(names) if name in by_name]


def _may_prove(run: StageRun[S]) -> bool:
    return any(screen.means in _PROVES for screen in run.screens)


def _end(run: StageRun[S], ended: str, last_seen: str, says: str = "") -> End:
    return End(ended, says, last_seen, run.met, run.given)
