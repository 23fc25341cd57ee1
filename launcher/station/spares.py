"""Which sessions there are, and why: one shown, one warm spare behind it. Rules only; the supervisor carries them out.

``step(state, event) -> state, effects``. The next screen always comes first: where a front session leaves, the effect
that shows the spare stands before the one that ends what it leaves behind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from launcher.wire.messages import EndReason

Phase = Literal["starting", "warm", "front", "painted", "ending"]
Focus = Literal["name", "secret", "provider"]
Why = Literal[
    "log-off",
    "crashed",
    "name-changed",
    "page-asked",
    "left-typed",
    "cancelled",
    "refused",
    "silent",
    "reset",
    "stopping",
]

SAY_AFTER: Final = 3
"""So many sessions in a row that served nobody are said to be unable to start."""

_DELAYS_S: Final = (0.0, 0.25, 1.0, 2.0, 5.0, 10.0, 30.0)


@dataclass(frozen=True, slots=True)
class Place:
    """One session and where it stands."""

    session: int
    phase: Phase


@dataclass(frozen=True, slots=True)
class Wanted:
    """A sign-in screen to show as soon as there is a warm session."""

    name: str = ""
    focus: Focus = "name"


@dataclass(frozen=True, slots=True)
class Sessions:
    """All sessions in the order they were started. ``failures``: how many in a row served nobody."""

    places: tuple[Place, ...] = ()
    wanted: Wanted | None = None
    next_session: int = 1
    failures: int = 0
    delayed: bool = False
    stopping: bool = False

    @property
    def front(self) -> int | None:
        """The session that is shown, or is being shown."""
        return next((place.session for place in self.places if place.phase in ("front", "painted")), None)

    @property
    def spare(self) -> int | None:
        """The session that starts or waits hidden."""
        return next((place.session for place in self.places if place.phase in ("starting", "warm")), None)

    def phase(self, session: int) -> Phase | None:
        """Return where a session stands, or None once it is gone."""
        return next((place.phase for place in self.places if place.session == session), None)


# --- events


@dataclass(frozen=True, slots=True)
class Begin:
    """The station starts."""


@dataclass(frozen=True, slots=True)
class Warmed:
    """A session's screen is built."""

    session: int


@dataclass(frozen=True, slots=True)
class Painted:
    """The front session's sign-in screen is on the display."""

    session: int


@dataclass(frozen=True, slots=True)
class Served:
    """An officer signed in: sessions can start and be used."""

    session: int


@dataclass(frozen=True, slots=True)
class LeavesByItself:
    """The officer logs off; the process ends by itself."""

    session: int


@dataclass(frozen=True, slots=True)
class AsksToBeReplaced:
    """The session served its one name, or was left with something typed."""

    session: int
    why: Literal["name-changed", "page-asked", "left-typed", "cancelled"]
    name: str = ""


@dataclass(frozen=True, slots=True)
class MustEnd:
    """The station ends a session: it broke the rules, stopped answering while hidden, or the helpdesk asked."""

    session: int
    why: Literal["refused", "silent", "reset"]


@dataclass(frozen=True, slots=True)
class Exited:
    """A session's process is gone; its programs and files may not be."""

    session: int


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Nothing of the session is left."""

    session: int


@dataclass(frozen=True, slots=True)
class DelayOver:
    """The wait before the next start is over."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The station stops."""


Event = (
    Begin
    | Warmed
    | Painted
    | Served
    | LeavesByItself
    | AsksToBeReplaced
    | MustEnd
    | Exited
    | Cleaned
    | DelayOver
    | Stop
)


# --- effects


@dataclass(frozen=True, slots=True)
class Start:
    """Start a session, hidden."""

    session: int


@dataclass(frozen=True, slots=True)
class ShowScreen:
    """Show the session's sign-in screen."""

    session: int
    name: str
    focus: Focus


@dataclass(frozen=True, slots=True)
class EndIt:
    """End the session and everything below it.

    ``say`` is what it is told first, None where it is not told: it ends by itself (``grace``) or is ended at once.
    """

    session: int
    why: Why
    say: EndReason | None
    grace: bool


@dataclass(frozen=True, slots=True)
class StartLater:
    """Wait before the next start."""

    delay_s: float


@dataclass(frozen=True, slots=True)
class SayCannotStart:
    """Say that sessions end before they serve anybody."""

    times: int
    again_in_s: float


@dataclass(frozen=True, slots=True)
class Finish:
    """Everything has ended."""


Effect = Start | ShowScreen | EndIt | StartLater | SayCannotStart | Finish


def step(state: Sessions, event: Event) -> tuple[Sessions, tuple[Effect, ...]]:
    """Return what becomes of the sessions, and what is to be done, in order."""
    match event:
        case Begin():
            return _settle(replace(state, wanted=Wanted()))
        case Warmed(session):
            if state.phase(session) != "starting":
                return state, ()
            return _settle(_put(state, session, "warm"))
        case Painted(session):
            if state.phase(session) != "front":
                return state, ()
            return _settle(_put(state, session, "painted"))
        case Served(session):
            return (replace(state, failures=0) if session == state.front else state), ()
        case LeavesByItself(session):
            if session != state.front:
                return state, ()
            return _leave(replace(state, failures=0), EndIt(session, "log-off", None, grace=True), Wanted())
        case AsksToBeReplaced(session, why, name):
            if session != state.front:
                return state, ()
            kept = "" if why == "left-typed" else name
            wanted = Wanted(kept, "provider" if why == "page-asked" else "secret" if kept else "name")
            return _leave(replace(state, failures=0), EndIt(session, why, "replaced", grace=True), wanted)
        case MustEnd(session, why):
            return _must_end(state, session, why)
        case Exited(session):
            return _exited(state, session)
        case Cleaned(session):
            state = replace(state, places=tuple(place for place in state.places if place.session != session))
            if state.stopping and not state.places:
                return state, (Finish(),)
            return _settle(state)
        case DelayOver():
            return _settle(replace(state, delayed=False))
        case Stop():
            return _stop(state)


def delay_s(failures: int) -> float:
    """Return how long to wait before the next start after so many failures in a row."""
    return _DELAYS_S[min(failures, len(_DELAYS_S)) - 1] if failures else 0.0


def _must_end(
    state: Sessions, session: int, why: Literal["refused", "silent", "reset"]
) -> tuple[Sessions, tuple[Effect, ...]]:
    if state.phase(session) in (None, "ending"):
        return state, ()
    if why == "reset":
        return _leave(state, EndIt(session, why, "reset", grace=True), Wanted())
    return _lost(state, EndIt(session, why, None, grace=False))


def _exited(state: Sessions, session: int) -> tuple[Sessions, tuple[Effect, ...]]:
    if state.phase(session) in (None, "ending"):
        return state, ()
    return _lost(state, EndIt(session, "crashed", None, grace=False))


def _lost(state: Sessions, end: EndIt) -> tuple[Sessions, tuple[Effect, ...]]:
    """A session went without our wish. It counts as a failure until an officer signs in somewhere."""
    failures = state.failures + 1
    again_in_s = delay_s(failures)
    state = replace(state, failures=failures)
    said: tuple[Effect, ...] = ()
    if again_in_s > 0 and not state.delayed and not state.stopping:
        state = replace(state, delayed=True)
        said = (StartLater(again_in_s),)
        if failures >= SAY_AFTER:
            said = (SayCannotStart(failures, again_in_s), *said)
    state, effects = _leave(state, end, Wanted())
    return state, (*effects, *said)


def _leave(state: Sessions, end: EndIt, wanted: Wanted) -> tuple[Sessions, tuple[Effect, ...]]:
    was_front = state.front == end.session
    state = _put(state, end.session, "ending")
    if was_front:
        state = replace(state, wanted=wanted)
    state, effects = _settle(state)
    return state, _shown_first((*effects, end))


def _settle(state: Sessions) -> tuple[Sessions, tuple[Effect, ...]]:
    """Show a warm session where one is wanted; start one where there is none and nothing more urgent goes on."""
    if state.stopping:
        return state, ()
    effects: list[Effect] = []
    spare = state.spare
    if state.wanted is not None and state.front is None and spare is not None and state.phase(spare) == "warm":
        effects.append(ShowScreen(spare, state.wanted.name, state.wanted.focus))
        state = replace(_put(state, spare, "front"), wanted=None)
    front = state.front
    # While a screen is being painted the next spare waits: it would take the processor from the officer.
    painting = front is not None and state.phase(front) == "front"
    if state.spare is None and not painting and not state.delayed and (front is not None or state.wanted is not None):
        session = state.next_session
        effects.append(Start(session))
        state = replace(state, places=(*state.places, Place(session, "starting")), next_session=session + 1)
    return state, tuple(effects)


def _stop(state: Sessions) -> tuple[Sessions, tuple[Effect, ...]]:
    if state.stopping:
        return state, ()
    living = tuple(place.session for place in state.places if place.phase != "ending")
    state = replace(state, stopping=True, wanted=None)
    if not state.places:
        return state, (Finish(),)
    for session in living:
        state = _put(state, session, "ending")
    return state, tuple(EndIt(session, "stopping", "station-stopping", grace=True) for session in living)


def _put(state: Sessions, session: int, phase: Phase) -> Sessions:
    return replace(
        state,
        places=tuple(replace(place, phase=phase) if place.session == session else place for place in state.places),
    )


def _shown_first(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Screens first, then endings, then starts: an officer waits for the first only."""
    rank = {ShowScreen: 0, EndIt: 1}
    return tuple(sorted(effects, key=lambda effect: rank.get(type(effect), 2)))
