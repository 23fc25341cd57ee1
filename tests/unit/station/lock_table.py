"""What the table of the locking rules is written in: states, events and effects as short texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from launcher.station import lock_moves as m
from launcher.station import moves
from launcher.station.places import Phase, Place, Sessions, Wanted

if TYPE_CHECKING:
    from launcher.station.spares import Effect, Event

OWNER = "owner"
"""Who is signed in in session 1."""


def state(text: str) -> Sessions:
    """Read ``1:painted* 2:warm cover-1 want``: * is an officer; a screen is wanted; a session is to be covered.

    ``1:locked*!`` is held for locked and has not said that it is.
    """
    places: list[Place] = []
    wanted, covered = None, None
    for word in text.split():
        name, _, phase = word.partition(":")
        if word.startswith("want-after-"):
            wanted = Wanted(after=int(word[11:]))
        elif word.startswith("want"):
            wanted = Wanted("", "secret" if word == "want-over" else "name", word == "want-taking-over")
        elif word.startswith("cover-"):
            covered = int(word[6:])
        else:
            officer = OWNER if "*" in phase else ""
            places.append(Place(int(name), cast(Phase, phase.rstrip("*!")), officer, phase.endswith("!")))
    return Sessions(tuple(places), wanted, 4, 0, delayed=False, stopping=False, covered=covered)


def words(sessions: Sessions) -> str:
    """Write a state as :func:`state` reads it."""
    marks = [("*" if one.officer else "") + ("!" if one.unhidden else "") for one in sessions.places]
    said = [f"{one.session}:{one.phase}{mark}" for one, mark in zip(sessions.places, marks, strict=True)]
    if sessions.covered is not None:
        said.append(f"cover-{sessions.covered}")
    if sessions.wanted is not None:
        over = "want-taking-over" if sessions.wanted.taking_over else "want-over"
        plain = f"want-after-{sessions.wanted.after}" if sessions.wanted.after else "want"
        said.append(plain if sessions.wanted.focus == "name" and not sessions.wanted.taking_over else over)
    if sessions.failures:
        said.append(f"failures={sessions.failures}")
    return " ".join(said)


def done(effects: tuple[Effect, ...]) -> str:
    """Write effects in their order."""
    return ", ".join(_done(effect) for effect in effects)


def _done(effect: Effect) -> str:
    match effect:
        case moves.EndIt(session, why, say, grace):
            return f"end {session} {_short(why)}{' at once' if say and not grace else ''}"
        case m.ShowOver(session, locked, _, _, taking_over):
            return f"show {session} over {locked}{' taking over' if taking_over else ''}"
        case moves.ShowScreen(session):
            return f"show {session}"
        case moves.WaitForWipe(session):
            return f"wait for the wipe of {session}"
        case moves.Start(session):
            return f"start {session}"
        case m.BecomePlain(session, why):
            return f"plain {session} {_short(why)}"
        case m.UncoverIt(session, _, sign_in):
            return f"uncover {session}{' to sign in' if sign_in else ''}"
        case m.CoverIt(session, covered):
            return f"cover {covered} by {session}"
        case m.Claim(session, by):
            return f"claim {session} by {by}"
        case m.LetIn(session, instead_of):
            return f"let in {session} instead of {instead_of}" if instead_of else f"let in {session}"
        case m.Keep(session, wait_s):
            return f"not yours {session} {'yet' if wait_s else 'unless taken over'}"
        case m.LockAgain(session):
            return f"lock {session} again"
        case m.StandBehind(session):
            return f"behind {session}"
        case m.StandForward(session):
            return f"forward {session}"
        case _:
            return type(effect).__name__


def _short(why: str) -> str:
    return why.removeprefix("locked-")


def events() -> Iterator[tuple[str, Event]]:
    """Yield every event there is, of every session there may be, by its short name."""
    yield "DelayOver", moves.DelayOver()
    yield "WipeLate 1", moves.WipeLate(1)
    whys: tuple[moves.MustEndWhy, ...] = ("reset", "locked-too-long", "sitting-limit")
    for why in whys:
        yield f"MustEnd 1 {why}", moves.MustEnd(1, why)
    for session in (1, 2, 3):
        for kind in (moves.Warmed, moves.Painted, moves.LeavesByItself, moves.Exited):
            yield f"{kind.__name__} {session}", kind(session)
        yield f"Served {session}", moves.Served(session, OWNER)
        yield f"Cancelled {session}", moves.AsksToBeReplaced(session, "cancelled")
        yield f"Renamed {session}", moves.AsksToBeReplaced(session, "name-changed", "b", taking_over=True)
        yield f"MustEnd {session} refused", moves.MustEnd(session, "refused")
        yield f"LockedFace {session}", m.Locked(session, own_face=True)
        yield f"LockedBare {session}", m.Locked(session, own_face=False)
        yield f"NotLocked {session}", m.NotLocked(session)
        yield f"WantsProof {session}", m.WantsProof(session)
        yield f"NotMe {session}", m.WantsProof(session, taking_over=True)
        yield f"FaceWanted {session}", m.FaceWanted(session)
        yield f"GraceOver {session}", m.GraceOver(session)
        yield f"ProvedOwner {session}", m.Proved(session, OWNER, take_over=False, wait_s=9.0)
        yield f"ProvedOther {session} early", m.Proved(session, "other", take_over=True, wait_s=9.0)
        yield f"ProvedOther {session}", m.Proved(session, "other", take_over=False, wait_s=0.0)
        yield f"TakesOver {session}", m.Proved(session, "other", take_over=True, wait_s=0.0)
        yield f"Unlocked {session}", m.Unlocked(session)
        yield f"Silent {session}", m.Silent(session)
        yield f"Answers {session}", m.Answers(session)
        yield f"CoverWait {session}", m.CoverAnswered(session, end=False)
        yield f"CoverEnd {session}", m.CoverAnswered(session, end=True)
