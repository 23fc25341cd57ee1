"""The rules of a run: a pure function from what happened to what is done next; no clock, no page, no secret.

* Markers are looked at in every look. A marker that means failed or change-password stops at once, before the step's
  own place; the others count only where that place is not seen.
* Before a field is filled or a control pressed it is waited for, so that a recipe need not say so.
* The same fill of a password is never done twice on the same step of the way: a page that asks again has refused.
* After the last step the markers are looked for until the entry's time has passed. Where none means ready, the outcome
  is unknown, never guessed.
* A marker that means signed-off is none of a run's business: a system shows it before a logon as well as after one.
* A place where a person is asked (``prompts``) counts only if it stays: providers pass such pages on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from launcher.recipes.steps import AnyStep, Fill, Marker, MarkerMeans, Place, Press
from launcher.sign_on.driver import Seen
from launcher.sign_on.outcome import SignOnOutcome, SignOnRefusedError, SignOnTimedOutError, refusal_reference
from launcher.wire.records import Outcome

ACT_WITHIN_S = 15.0  # for a field or control to appear
UNPROVEN_S = 3.0  # for a failure to show, where nothing could prove readiness
SETTLE_S = 1.5  # for a page that is only passed through
PROMPT_SAYS = "Log on in the tab."

STOPS: frozenset[MarkerMeans] = frozenset({"failed", "change-password"})
PROVES: frozenset[MarkerMeans] = frozenset({"ready", "already-signed-on"})


# --- what happened


@dataclass(frozen=True, slots=True)
class DeadlinePassed:
    """Nothing that was looked for was seen in time."""

    last_seen: str


@dataclass(frozen=True, slots=True)
class Done:
    """The field was filled, the control pressed."""


Event = Seen | DeadlinePassed | Done


# --- what is done next


@dataclass(frozen=True, slots=True)
class Look:
    """Look for the first of these places; 0 seconds: look once."""

    places: tuple[Place, ...]
    within_s: float


@dataclass(frozen=True, slots=True)
class Finish:
    """The run has ended."""

    outcome: SignOnOutcome


Effect = Look | Fill | Press | Finish


@dataclass(frozen=True, slots=True)
class Own:
    """The place of the step itself."""

    place: Place


@dataclass(frozen=True, slots=True)
class Prompt:
    """A place where a person is asked for something."""

    place: Place


Target = Marker | Own | Prompt


@dataclass(frozen=True, slots=True)
class Run:
    """A run so far. ``at`` is the index of the step in hand, the number of steps after the last."""

    steps: tuple[AnyStep, ...]
    markers: tuple[Marker, ...]
    prompts: tuple[Place, ...]
    within_s: float
    at: int = 0
    looking: tuple[Target, ...] = ()
    settling: bool = False
    settled: bool = False
    way: tuple[Place, ...] = ()  # the places waited for so far: which page of the logon this is
    filled: frozenset[tuple[tuple[Place, ...], str, str]] = frozenset()
    tried: bool = False

    @property
    def after_last(self) -> bool:
        """Say whether all steps are done."""
        return self.at >= len(self.steps)


def begin(
    steps: Sequence[AnyStep], markers: Sequence[Marker], within_s: float, prompts: Sequence[Place] = ()
) -> tuple[Run, Effect]:
    """Return a run at its first step, and the first thing to do."""
    of_a_run = tuple(marker for marker in markers if marker.means != "signed-off")
    return _turn_to(Run(tuple(steps), of_a_run, tuple(prompts), within_s))


def step(run: Run, event: Event) -> tuple[Run, Effect]:
    """Return the run after an event, and what is done next."""
    match event:
        case Seen():
            return _seen(run, run.looking[event.index], event.last_seen)
        case DeadlinePassed():
            return _not_seen(run, event.last_seen)
        case Done():
            return _turn_to(replace(run, at=run.at + 1))


def repeated_password(steps: Sequence[AnyStep]) -> int | None:
    """Return the index of a step that would fill the same password again, as :func:`step` would refuse it."""
    run = Run(tuple(steps), (), (), 1.0)
    for index, one in enumerate(steps):
        if isinstance(one, Fill):
            if _again(run, one):
                return index
            run = _with_fill(run, one)
        else:
            run = _further(replace(run, at=index))
    return None


# --- the rules


def _seen(run: Run, target: Target, last_seen: str) -> tuple[Run, Effect]:
    match target:
        case Marker():
            return run, Finish(_of_marker(run, target, last_seen))
        case Prompt() if run.settled:
            outcome = _outcome(run, "notice", last_seen, says=PROMPT_SAYS)
            return run, Finish(replace(outcome, prompted=True))
        case Prompt():
            return _looking(replace(run, settling=True), SETTLE_S)
        case Own():
            return _act(replace(run, settling=False, settled=False), last_seen)


def _not_seen(run: Run, last_seen: str) -> tuple[Run, Effect]:
    if run.settling:
        return _looking(replace(run, settling=False, settled=True), _look_s(run))
    if not run.after_last and _own(run.steps[run.at]) is None and run.steps[run.at].do != "expect":
        return _act(run, last_seen)  # nothing of its own to wait for: the look was for markers only
    if run.after_last and not _can_prove(run):
        return run, Finish(_outcome(run, "unknown", last_seen))
    return run, Finish(_outcome(run, "timed-out", last_seen, reference=SignOnTimedOutError.reference))


def _act(run: Run, last_seen: str) -> tuple[Run, Effect]:
    """The step's place is there: do what the step says."""
    one = run.steps[run.at]
    match one:
        case Fill():
            if _again(run, one):
                return run, Finish(_outcome(run, "failed", last_seen, reference=SignOnRefusedError.reference))
            return _with_fill(run, one), one
        case Press():
            return run, one
        case _:
            return _turn_to(replace(_further(run), at=run.at + 1))


def _turn_to(run: Run) -> tuple[Run, Effect]:
    """Begin the step in hand, or the look for the markers after the last one."""
    run = replace(run, settling=False, settled=False)
    if run.after_last:
        if not run.markers and not run.prompts:
            return run, Finish(_outcome(run, "unknown", ""))
        return _looking(run, _look_s(run))
    one = run.steps[run.at]
    if _own(one) is None and one.do != "expect" and not run.markers and not run.prompts:
        return _act(run, "")
    return _looking(run, _look_s(run))


def _looking(run: Run, within_s: float) -> tuple[Run, Effect]:
    own = None if run.after_last else _own(run.steps[run.at])
    targets: list[Target] = [marker for marker in run.markers if marker.means in STOPS]
    if own is not None:
        targets.append(Own(own))
    targets += [marker for marker in run.markers if marker.means not in STOPS]
    if not run.settling:
        targets += [Prompt(place) for place in run.prompts]
    return replace(run, looking=tuple(targets)), Look(tuple(target_place(target) for target in targets), within_s)


def target_place(target: Target) -> Place:
    """Return the place of anything that is looked for."""
    return target.place


def _look_s(run: Run) -> float:
    if run.after_last:
        return run.within_s if _can_prove(run) else min(run.within_s, UNPROVEN_S)
    one = run.steps[run.at]
    match one:
        case Fill() | Press():
            return ACT_WITHIN_S if _own(one) is not None else 0.0
        case _:
            return one.within_s


def _own(one: AnyStep) -> Place | None:
    match one:
        case Fill():
            return Place(selector=one.field) if one.field else None
        case Press():
            return Place(selector=one.control) if one.control else None
        case _ if one.do == "wait":
            return one.place
        case _:
            return one.next


def _further(run: Run) -> Run:
    """Note a place that was waited for: a fill after it is on another page, unless the way leads in a circle."""
    one = run.steps[run.at]
    own = None if isinstance(one, Fill | Press) else _own(one)
    if own is None:
        return run
    # A place seen before leads back to the page it was first seen on.
    way = run.way[: run.way.index(own) + 1] if own in run.way else (*run.way, own)
    return replace(run, way=way)


def _again(run: Run, fill: Fill) -> bool:
    return "password" in fill.names and (run.way, fill.field, fill.value) in run.filled


def _with_fill(run: Run, fill: Fill) -> Run:
    if not fill.names & {"password", "otp"}:
        return run
    return replace(run, tried=True, filled=run.filled | {(run.way, fill.field, fill.value)})


def _can_prove(run: Run) -> bool:
    return any(marker.means in PROVES for marker in run.markers)


def _of_marker(run: Run, marker: Marker, last_seen: str) -> SignOnOutcome:
    assert marker.means != "signed-off"  # noqa: S101 - begin() has left it out
    coded = any("{otp}" in value for _, _, value in run.filled)
    reference = refusal_reference(marker.refused, coded=coded) if marker.means == "failed" else ""
    return _outcome(run, marker.means, last_seen, says=marker.says, reference=reference)


def _outcome(run: Run, outcome: Outcome, last_seen: str, *, says: str = "", reference: str = "") -> SignOnOutcome:
    at = min(run.at + 1, len(run.steps))
    return SignOnOutcome(outcome, says, last_seen, at, reference, run.tried)
