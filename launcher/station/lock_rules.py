"""What becomes of a session that is locked, and of one that does not answer. Rules only, as ``spares``.

The locked session's own lock face is in front as long as its officer can come back by PIN; else a spare's sign-in
screen stands over it. Only that screen may claim the locked session, once, by proving its officer; then it ends.
Another officer takes the terminal over on it, and the locked session ends behind them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from launcher.station import lock_moves as moves
from launcher.station.moves import EndIt
from launcher.station.places import COVER, FRONT, GONE, LOCKED, OVER, SECOND, Sessions, Wanted
from launcher.station.spares import lost, put, settle, shown_first

if TYPE_CHECKING:
    from launcher.station.lock_moves import LockEvent
    from launcher.station.spares import Effect, Stepped


def step(state: Sessions, event: LockEvent) -> Stepped:
    """Return what becomes of the sessions, and what is to be done, in order."""
    if state.stopping:
        return state, ()
    match event:
        case moves.Locked(session, own_face):
            return _locks(state, session, own_face=own_face, unhidden=False)
        case moves.NotLocked(session):
            return _locks(state, session, own_face=False, unhidden=True)
        case moves.WantsProof(session, taking_over):
            return _needs_a_screen(state, session, Wanted("", "name" if taking_over else "secret", taking_over))
        case moves.FaceWanted(session):
            return _back_to_the_face(state, session)
        case moves.GraceOver(session):
            return _needs_a_screen(state, session, Wanted("", "secret"))
        case moves.Proved():
            return _proved(state, event)
        case moves.Unlocked(session):
            return _unlocked(state, session)
        case moves.Silent(session):
            return _silent(state, session)
        case moves.Answers(session):
            return _answers(state, session)
        case moves.CoverAnswered(session, end):
            if session != state.cover or not end or state.covered is None:
                return state, ()
            return leave(state, EndIt(state.covered, "unanswering", "unanswering", grace=True), Wanted())


def painted(state: Sessions, session: int) -> Stepped:
    """Return what follows when a screen over a locked session, or a cover, is on the display."""
    if state.phase(session) == "cover":
        return settle(put(state, session, "covering"))
    locked = state.locked
    behind: tuple[Effect, ...] = (moves.StandBehind(locked),) if locked is not None else ()
    state, effects = settle(put(state, session, "standing"))
    return state, (*behind, *effects)


def show(state: Sessions) -> tuple[Sessions, list[Effect]]:
    """Return the state and effects of a warm spare that is needed as a cover, or over the locked session."""
    spare = state.spare
    if spare is None or state.phase(spare) != "warm":
        return state, []
    if state.covered is not None and state.cover is None:
        return put(state, spare, "cover"), [moves.CoverIt(spare, state.covered)]
    wanted, locked = state.wanted, state.locked
    if wanted is None or locked is None or state.over is not None:
        return state, []
    show_over = moves.ShowOver(spare, locked, wanted.name, wanted.focus, wanted.taking_over)
    return replace(put(state, spare, "over"), wanted=None), [show_over]


def leave(state: Sessions, end: EndIt, wanted: Wanted) -> Stepped:
    """Return what follows from a session's end while one is locked or covered."""
    phase = state.phase(end.session)
    ended = GONE.get(end.why) if state.officer(end.session) else None
    if end.say is not None and state.unhidden(end.session):
        end = replace(end, grace=False)  # its programs were never stopped: they are not left to the next officer's keys
    state = put(state, end.session, "ending", unhidden=False)
    first: list[Effect] = []
    if phase in (*FRONT, *LOCKED):
        # What stands in front of it takes its place; where nothing does, the next screen.
        state = replace(state, wanted=None, covered=None)
        over, cover = state.over, state.cover
        if over is not None:
            # Also where its officer has just been proved for the session that is gone: they go on in this one.
            first.append(moves.BecomePlain(over, GONE.get(end.why, "ended")))
            state = put(state, over, "front" if state.phase(over) == "over" else "painted")
        if cover is not None:
            first.append(moves.UncoverIt(cover, end.session, sign_in=over is None))
            state = put(state, cover, "front" if over is None else "warm")
        elif over is None:
            state = replace(state, wanted=replace(wanted, ended=ended))
    elif phase in ("over", "standing"):
        owner = not wanted.name and not wanted.taking_over and wanted.focus == "name"
        state = replace(state, wanted=replace(wanted, focus="secret") if owner else wanted)
    elif phase == "claiming" and state.locked is not None and state.unhidden(state.locked):
        # It was not told to resume yet, and nobody is left to tell it of: its officer is asked for anew.
        state = replace(put(state, state.locked, "locked"), wanted=Wanted("", "secret"))
    state, effects = settle(state)
    return state, shown_first((*first, *effects, end))


def _locks(state: Sessions, session: int, *, own_face: bool, unhidden: bool) -> Stepped:
    if session == state.locked and not unhidden:
        return _locked_anew(put(state, session, unhidden=False), session, own_face=own_face)
    if session != state.front or not state.officer(session):
        return state, ()
    state = put(state, session, "locked", unhidden=unhidden)
    if own_face:
        state, effects = _answers(state, session)
        state, settled = settle(state)
        return state, (*effects, *settled)
    cover = state.cover if session == state.covered else None
    if cover is not None:
        # Whoever sits there may prove who they are, and not only wait or end it.
        state = put(replace(state, covered=None), cover, "over")
        return state, (moves.ShowOver(cover, session, "", "secret", taking_over=False),)
    covered = None if session == state.covered else state.covered
    return settle(replace(state, covered=covered, wanted=Wanted("", "secret")))


def _locked_anew(state: Sessions, session: int, *, own_face: bool) -> Stepped:
    """Return what follows where one that is held for locked says that it is: at last, or once more."""
    if state.over_stands:
        return state, (moves.StandBehind(session),)
    return (state, ()) if own_face else _needs_a_screen(state, session, Wanted("", "secret"))


def _needs_a_screen(state: Sessions, session: int, wanted: Wanted) -> Stepped:
    if state.phase(session) != "locked" or state.over is not None or state.wanted is not None:
        return state, ()
    return settle(replace(state, wanted=wanted))


def _back_to_the_face(state: Sessions, session: int) -> Stepped:
    locked = state.locked
    if state.phase(session) != "standing" or locked is None or state.phase(locked) != "locked":
        return state, ()
    if state.unhidden(locked) or state.covered == locked:
        return state, ()  # nobody knows what it would show
    end = EndIt(session, "cancelled", "replaced", grace=True)
    state, effects = settle(put(state, session, "ending"))
    return state, shown_first((moves.StandForward(locked), end, *effects))


def _proved(state: Sessions, event: moves.Proved) -> Stepped:
    session, locked = event.session, state.locked
    if session == state.front and not state.officer(session):
        return state, (moves.LetIn(session),)  # what it stood over has gone meanwhile
    if state.phase(session) not in ("over", "standing") or locked is None:
        return state, ()
    if event.officer == state.officer(locked):
        return put(put(state, locked, "resuming"), session, "claiming"), (moves.Claim(locked, session),)
    if event.wait_s > 0 or not event.take_over:
        return state, (moves.Keep(session, max(0.0, event.wait_s), event.same_number),)
    # As in ``leave``: where its programs may run still, they are ended before the newcomer's first key.
    end = EndIt(locked, "handed-over", "handed-over", grace=not state.unhidden(locked))
    state = replace(put(put(state, session, "painted"), locked, "ending", unhidden=False), failures=0)
    state, effects = settle(state)
    return state, shown_first((moves.LetIn(session, locked), end, *effects))


def _unlocked(state: Sessions, session: int) -> Stepped:
    if session != state.locked:
        return _answers(state, session)
    over = state.over
    if state.phase(session) == "locked" and state.over_stands:
        # Nobody was proved there, and a PIN was too late.
        return put(state, session, unhidden=True), (moves.LockAgain(session),)
    state = replace(put(state, session, "painted", unhidden=False), wanted=None, failures=0)
    effects: tuple[Effect, ...] = ()
    if over is not None:
        state, effects = put(state, over, "ending"), (EndIt(over, "claimed", "claimed", grace=True),)
    state, more = _answers(state, session)
    state, settled = settle(state)
    return state, shown_first((*effects, *more, *settled))


def _silent(state: Sessions, session: int) -> Stepped:
    phase = state.phase(session)
    if phase in (*COVER, *OVER, *SECOND) or (phase in FRONT and not state.officer(session)):
        # Nobody's work is in it: the next screen takes its place.
        return lost(state, EndIt(session, "silent", None, grace=False))
    if phase == "locked" and state.covered is None:
        # Nobody but its officer ends it within its grace, and a cover asks for no proof.
        return _needs_a_screen(state, session, Wanted("", "secret"))
    if phase not in (*FRONT, *LOCKED) or state.covered is not None:
        return state, ()
    return settle(replace(state, covered=session))


def _answers(state: Sessions, session: int) -> Stepped:
    if session != state.covered:
        return state, ()
    cover = state.cover
    state = replace(state, covered=None)
    if cover is None:
        return state, ()
    state, effects = settle(put(state, cover, "warm"))
    return state, (moves.UncoverIt(cover, session, sign_in=False), *effects)
