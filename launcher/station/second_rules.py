"""What becomes of the card at which a second person proves who they are. Rules only, as ``spares``.

It is a spare's screen, and stands over the screen at which an officer works: it goes as soon as that is locked, does
not answer or ends, for whatever comes then stands in front of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from launcher.station import moves
from launcher.station.moves import EndIt
from launcher.station.places import SECOND, Sessions
from launcher.station.spares import put, settle, shown_first

if TYPE_CHECKING:
    from launcher.station.spares import Effect, Stepped
    from launcher.wire.messages import EndReason


def step(state: Sessions, event: moves.AskSecond | moves.SecondOver) -> Stepped:
    """Return what becomes of the sessions, and what is to be done, in order."""
    match event:
        case moves.AskSecond(session):
            spare = state.spare
            if spare is None or state.phase(spare) != "warm" or not may_stand(state) or state.front != session:
                return state, ()
            if state.second is not None:
                return state, ()
            state, effects = settle(put(state, spare, "second"))
            return state, shown_first((moves.ShowSecond(spare, session), *effects))
        case moves.SecondOver(session, by_itself):
            return _over(state, session, None if by_itself else "replaced")


def stands(state: Sessions, effects: tuple[Effect, ...]) -> Stepped:
    """Return what a step has led to with the card taken away, where what it stood over is not at work any more."""
    second = state.second
    if second is None or may_stand(state):
        return state, effects
    state, more = _over(state, second, "replaced")
    return state, shown_first((*effects, *more))


def may_stand(state: Sessions) -> bool:
    """Whether an officer works at the screen, with nothing in front of it but the card."""
    front = state.front
    at_work = state.phase(front or 0) == "painted" and bool(state.officer(front))
    return at_work and state.plain and not state.stopping


def _over(state: Sessions, session: int, say: EndReason | None) -> Stepped:
    if state.phase(session) not in SECOND:
        return state, ()
    state, effects = settle(put(state, session, "ending"))
    return state, shown_first((EndIt(session, "cancelled", say, grace=True), *effects))
