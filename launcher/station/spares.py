"""Which sessions there are, and why: one shown, one warm spare behind it. Rules only; the supervisor carries them out.

``step(state, event) -> state, effects``. The next screen always comes first: where a front session leaves, the effect
that shows the spare stands before the one that ends what it leaves behind. What becomes of a session that is locked or
does not answer is in ``lock_rules``, which is loaded when the first one is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from launcher.station import moves
from launcher.station.moves import EndIt, Finish, SayCannotStart, ShowScreen, Start, StartLater
from launcher.station.places import FRONT, GONE, LOCKED, Phase, Place, Sessions, Wanted

if TYPE_CHECKING:
    from launcher.station.lock_moves import LockEffect, LockEvent

    Event = moves.PlainEvent | LockEvent
    Effect = moves.PlainEffect | LockEffect
    Stepped = tuple[Sessions, tuple[Effect, ...]]

SAY_AFTER: Final = 3
"""So many sessions in a row that served nobody are said to be unable to start."""

_DELAYS_S: Final = (0.0, 0.25, 1.0, 2.0, 5.0, 10.0, 30.0)


def step(state: Sessions, event: Event) -> Stepped:
    """Return what becomes of the sessions, and what is to be done, in order."""
    state, effects = _step(state, event)
    if state.second is None:
        return state, effects
    from launcher.station import second_rules  # late: few officers' screens ever show a second person's card

    return second_rules.stands(state, effects)


def _step(state: Sessions, event: Event) -> Stepped:
    match event:
        case moves.Begin():
            return settle(replace(state, wanted=Wanted()))
        case moves.Warmed(session):
            if state.phase(session) != "starting":
                return state, ()
            return settle(put(state, session, "warm"))
        case moves.Painted(session):
            return _painted(state, session)
        case moves.Served(session, officer):
            if session != state.front:
                return state, ()
            return put(replace(state, failures=0), session, officer=officer), ()
        case moves.LeavesByItself(session):
            if session not in (state.front, state.locked):
                return state, ()
            return leave(replace(state, failures=0), EndIt(session, "log-off", None, grace=True), Wanted())
        case moves.AsksToBeReplaced(session, why, name, taking_over):
            if session not in (state.front, state.over, state.second) or state.officer(session):
                return state, ()
            kept = "" if why == "left-typed" else name
            wanted = Wanted(kept, "provider" if why == "page-asked" else "secret" if kept else "name", taking_over)
            return leave(replace(state, failures=0), EndIt(session, why, "replaced", grace=True), wanted)
        case moves.MustEnd(session, why):
            return _must_end(state, session, why)
        case moves.Exited(session):
            if state.phase(session) in (None, "ending"):
                return state, ()
            return lost(state, EndIt(session, "crashed", None, grace=False))
        case moves.Cleaned(session):
            state = replace(state, places=tuple(place for place in state.places if place.session != session))
            if state.stopping and not state.places:
                return state, (Finish(),)
            return settle(state)
        case moves.WipeLate(session):
            if state.wanted is None or state.wanted.after != session:
                return state, ()
            return settle(replace(state, wanted=replace(state.wanted, after=0)))
        case moves.DelayOver():
            return settle(replace(state, delayed=False))
        case moves.Stop():
            return _stop(state)
        case moves.AskSecond() | moves.SecondOver():
            from launcher.station import second_rules  # late: see above

            return second_rules.step(state, event)
        case _:
            from launcher.station import lock_rules  # late: see above

            return lock_rules.step(state, event)


def delay_s(failures: int) -> float:
    """Return how long to wait before the next start after so many failures in a row."""
    return _DELAYS_S[min(failures, len(_DELAYS_S)) - 1] if failures else 0.0


def _painted(state: Sessions, session: int) -> Stepped:
    match state.phase(session):
        case "front":
            return settle(put(state, session, "painted"))
        case "second":
            return settle(put(state, session, "seconding"))
        case "over" | "cover":
            from launcher.station import lock_rules  # late: see above

            return lock_rules.painted(state, session)
        case _:
            return state, ()


def _must_end(state: Sessions, session: int, why: moves.MustEndWhy) -> Stepped:
    if state.phase(session) in (None, "ending"):
        return state, ()
    match why:
        case "refused" | "silent":
            return lost(state, EndIt(session, why, None, grace=False))
        case _:
            return leave(state, EndIt(session, why, why, grace=True), Wanted())


def lost(state: Sessions, end: EndIt) -> Stepped:
    """Return what follows from a session that went without our wish: a failure, until an officer signs in somewhere."""
    failures = state.failures + 1
    again_in_s = delay_s(failures)
    state = replace(state, failures=failures)
    said: tuple[Effect, ...] = ()
    if again_in_s > 0 and not state.delayed and not state.stopping:
        state = replace(state, delayed=True)
        said = (StartLater(again_in_s),)
        if failures >= SAY_AFTER:
            said = (SayCannotStart(failures, again_in_s), *said)
    wipe = bool(state.officer(end.session)) and state.phase(end.session) in (*FRONT, *LOCKED)
    state, effects = leave(state, end, Wanted(after=end.session if wipe else 0))
    if wipe and state.wiping:
        said = (moves.WaitForWipe(end.session), *said)
    return state, (*effects, *said)


def leave(state: Sessions, end: EndIt, wanted: Wanted) -> Stepped:
    """Return what follows from a session's end; ``wanted`` is the screen that takes its place, if it had one."""
    if not state.plain:
        from launcher.station import lock_rules  # late: see above

        return lock_rules.leave(state, end, wanted)
    was_front = state.front == end.session
    ended = GONE.get(end.why) if state.officer(end.session) else None
    state = put(state, end.session, "ending")
    if was_front:
        state = replace(state, wanted=replace(wanted, ended=ended))
    state, effects = settle(state)
    return state, shown_first((*effects, end))


def settle(state: Sessions) -> Stepped:
    """Show a warm session where one is wanted; start one where there is none and nothing more urgent goes on."""
    if state.stopping:
        return state, ()
    effects: list[Effect] = []
    if not state.plain:
        from launcher.station import lock_rules  # late: see above

        state, effects = lock_rules.show(state)
    spare = state.spare
    warm = spare is not None and state.phase(spare) == "warm"
    if state.wanted is not None and spare is not None and warm and state.in_use is None and not state.wiping:
        effects.append(ShowScreen(spare, state.wanted.name, state.wanted.focus))
        if state.wanted.ended is not None:
            from launcher.station.lock_moves import BecomePlain  # late: see above

            effects.append(BecomePlain(spare, state.wanted.ended))
        state = replace(put(state, spare, "front"), wanted=None)
    # While a screen is being painted the next spare waits: it would take the processor from the officer.
    idle = not state.painting and not state.delayed and state.cover is None
    if state.spare is None and idle and (state.in_use is not None or state.wanted is not None):
        session = state.next_session
        effects.append(Start(session))
        state = replace(state, places=(*state.places, Place(session, "starting")), next_session=session + 1)
    return state, tuple(effects)


def _stop(state: Sessions) -> Stepped:
    if state.stopping:
        return state, ()
    living = tuple(place.session for place in state.places if place.phase != "ending")
    state = replace(state, stopping=True, wanted=None, covered=None)
    if not state.places:
        return state, (Finish(),)
    for session in living:
        state = put(state, session, "ending")
    return state, tuple(EndIt(session, "stopping", "station-stopping", grace=True) for session in living)


def put(
    state: Sessions,
    session: int,
    phase: Phase | None = None,
    *,
    officer: str | None = None,
    unhidden: bool | None = None,
) -> Sessions:
    """Return the state with a session in another phase, or with what else is known of it."""

    def changed(place: Place) -> Place:
        return Place(
            place.session,
            phase or place.phase,
            place.officer if officer is None else officer,
            place.unhidden if unhidden is None else unhidden,
        )

    return replace(state, places=tuple(changed(one) if one.session == session else one for one in state.places))


def shown_first(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Return screens first, then endings, then starts: an officer waits for the first only."""
    rank = {EndIt: 1, Start: 2}
    return tuple(sorted(effects, key=lambda effect: rank.get(type(effect), 0)))
