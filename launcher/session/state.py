"""The session's state machine: frozen states, a pure ``step``, effects as data.

The whole table stands in ``resources/help/session-states.md``, which :mod:`launcher.session.state_table` makes of it.
"""

from __future__ import annotations

from dataclasses import replace

from launcher.session.states import (
    ON_PAGE,
    Answered,
    Cancelled,
    CoverAsked,
    CoverChosen,
    Covering,
    Effect,
    EndAsked,
    Ending,
    EnterSaid,
    Event,
    FaceWanted,
    GraceOver,
    HandProofSaid,
    HandsProof,
    IdlePassed,
    LaunchpadMade,
    LockAsked,
    Locked,
    LockedEnded,
    LockedLeft,
    LogOffConfirmed,
    MayTakeOver,
    NameLeft,
    NotYoursSaid,
    PageAsked,
    PinRight,
    PinWrong,
    ProofWaits,
    ProofWanted,
    Proved,
    Resumed,
    ShowAsked,
    SignedIn,
    SigningIn,
    Spare,
    State,
    StoodBack,
    StoodForward,
    Submitted,
    TakeOverChosen,
    Uncovered,
)

Step = tuple[State, tuple[Effect, ...]]


def step(state: State, event: Event) -> Step:
    """Return the next state and what is to be done; an event that does not fit the state changes nothing."""
    match state, event:
        case Ending(), _:
            return state, ()
        case _, EndAsked(reason):
            return Ending(reason), ()
        case Spare() | Covering(), _:
            return _out_of_sight(state, event)
        case SigningIn(), _:
            return _signing_in(state, event)
        case ProofWaits() | MayTakeOver() | HandsProof(), _:
            return _proved_over(state, event)
        case SignedIn(number), LockAsked(tries):
            return Locked(number, tries), ("lock",)
        case SignedIn(), LogOffConfirmed():
            return Ending("log-off"), ()
        case Locked(), _:
            return _locked(state, event)
        case _:
            return state, ()


def _out_of_sight(state: Spare | Covering, event: Event) -> Step:
    match state, event:
        case _, ShowAsked(over):
            return SigningIn(over=over), ("show",)
        case _, CoverAsked():
            return Covering(), ("cover",)
        case Covering(), CoverChosen():
            return state, ("answer-cover",)
        case Covering(), Uncovered(sign_in):
            return (SigningIn(), ("show",)) if sign_in else (Spare(), ("hide",))
        case _:
            return state, ()


def _signing_in(state: SigningIn, event: Event) -> Step:
    match state, event:
        case SigningIn(), ShowAsked(over=True):
            return replace(state, over=True), ("show-anew",)
        case SigningIn(), LockedEnded():
            return replace(state, over=False), ("show-plain",)
        case SigningIn(busy=False, over=True), TakeOverChosen():
            return state, ("take-over",)
        case SigningIn(busy=False, over=True), FaceWanted():
            return state, ("want-face",)
        case SigningIn("", busy=False, over=True), LockedLeft():
            return state, ("leave",)
        case SigningIn(busy=False, over=True), LockedLeft():
            # Another name was proved or tried here: the officer who comes back types into a process of their own.
            return Ending("replaced"), ("replace-cancelled",)
        case SigningIn(served, _, busy), NameLeft(name, left, empty):
            if served and left and name and name != served and not busy:
                return Ending("replaced"), ("replace-name",)
            return replace(state, typed=not empty), ()
        case SigningIn(served, _, False), Submitted(name):
            if served == ON_PAGE or (served and name and name != served):
                return Ending("replaced"), ("replace-name",)
            return SigningIn(served or name, True, True, state.over), ("prove",)
        case SigningIn("", _, False), PageAsked():
            return SigningIn(ON_PAGE, True, True, state.over), ("prove",)
        case SigningIn(_, _, False), PageAsked():
            # The provider may know by now who was here before: its page belongs to a process nobody has used.
            return Ending("replaced"), ("replace-page",)
        case SigningIn(served, _, True), Cancelled() if served == ON_PAGE:
            return Ending("replaced"), ("replace-cancelled",)
        case SigningIn(_, _, True), Cancelled() | Answered():
            return replace(state, typed=True, busy=False), ()
        case SigningIn(_, True, False), IdlePassed():
            return Ending("replaced"), ("replace-typed",)
        case SigningIn(served, _, True, True), Proved(number):
            return ProofWaits(number, served), ("ask-station",)
        case SigningIn(_, _, True, False), Proved():
            return state, ("enter",)
        case SigningIn(_, _, True, False), LaunchpadMade(number):
            return SignedIn(number), ()
        case _:
            return state, ()


def _proved_over(state: ProofWaits | MayTakeOver | HandsProof, event: Event) -> Step:
    match state, event:
        case _, ShowAsked(over=True):
            return state, ("show-anew",)
        case _, LockedEnded():
            # Nobody is in the way any more: this officer is proved, on what is a plain sign-in screen now.
            return SigningIn(state.served, True, True), ("enter",)
        case ProofWaits(), EnterSaid():
            return SigningIn(state.served, True, True), ("enter",)
        case ProofWaits(), HandProofSaid():
            return HandsProof(state.number, state.served), ("hand-proof",)
        case ProofWaits(), NotYoursSaid(kept=True):
            return SigningIn(state.served, True, False, over=True), ("drop-proof", "say-kept")
        case ProofWaits(), NotYoursSaid():
            return MayTakeOver(state.number, state.served), ("ask-officer",)
        case MayTakeOver(), TakeOverChosen():
            return ProofWaits(state.number, state.served), ("ask-taking-over",)
        case MayTakeOver(), LockedLeft() | Cancelled():
            return Ending("replaced"), ("replace-cancelled",)  # the proof is dropped with the process
        case MayTakeOver(), IdlePassed():
            return Ending("replaced"), ("replace-typed",)
        case _:
            return state, ()


def _locked(state: Locked, event: Event) -> Step:
    match state, event:
        case Locked(number), Resumed():
            return SignedIn(number), ("resume",)
        case Locked(), StoodBack():
            return replace(state, wants_proof=True, behind=True), ("stand-back",)
        case Locked(behind=True), StoodForward():
            return replace(state, wants_proof=False, behind=False), ("stand-forward",)
        case Locked(behind=True), PinRight() | PinWrong() | ProofWanted():
            return state, ()  # typed before the other screen came in front
        case Locked(tries=0), PinRight() | PinWrong():
            return state, ()
        case Locked(number), PinRight():
            return SignedIn(number), ("resume",)
        case Locked(tries=1), PinWrong():
            return replace(state, tries=0, wants_proof=True), ("say-wrong", "want-proof")
        case Locked(), PinWrong():
            return replace(state, tries=state.tries - 1), ("say-wrong",)
        case Locked(), ProofWanted():
            return replace(state, wants_proof=True), ("want-proof",)
        case Locked(), GraceOver():
            wanted: tuple[Effect, ...] = () if state.wants_proof else ("want-proof",)
            return replace(state, tries=0, wants_proof=True), wanted
        case _:
            return state, ()
