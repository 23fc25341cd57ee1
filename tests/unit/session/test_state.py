"""The state machine as a table, and what no sequence of events may do."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from launcher.session import states as s
from launcher.session.state import step
from launcher.wire.messages import EndReason

EVENTS: dict[str, s.Event] = {
    "show": s.ShowAsked(),
    "show over": s.ShowAsked(over=True),
    "locked ended": s.LockedEnded(),
    "cover": s.CoverAsked(),
    "uncovered": s.Uncovered(sign_in=False),
    "uncovered ended": s.Uncovered(sign_in=True),
    "enter": s.EnterSaid(),
    "not yours yet": s.NotYoursSaid(kept=True),
    "not yours": s.NotYoursSaid(kept=False),
    "hand proof": s.HandProofSaid(),
    "stand back": s.StoodBack(),
    "stand forward": s.StoodForward(),
    "resumed": s.Resumed(),
    "end": s.EndAsked("reset"),
    "typed": s.NameLeft("ali", left=False, empty=False),
    "emptied": s.NameLeft("", left=False, empty=True),
    "left alice": s.NameLeft("alice", left=True, empty=False),
    "left bob": s.NameLeft("bob", left=True, empty=False),
    "submit alice": s.Submitted("alice"),
    "submit bob": s.Submitted("bob"),
    "submit none": s.Submitted(""),
    "page": s.PageAsked(),
    "cancelled": s.Cancelled(),
    "take over": s.TakeOverChosen(),
    "leave": s.LockedLeft(),
    "face wanted": s.FaceWanted(),
    "cover chosen": s.CoverChosen(),
    "lock": s.LockAsked(0),
    "lock with pin": s.LockAsked(3),
    "pin right": s.PinRight(),
    "pin wrong": s.PinWrong(),
    "proof wanted": s.ProofWanted(),
    "log off": s.LogOffConfirmed(),
    "answered": s.Answered(),
    "proved": s.Proved("4471"),
    "launchpad": s.LaunchpadMade("4471"),
    "idle": s.IdlePassed(),
    "grace over": s.GraceOver(),
}
PLAIN: dict[str, s.SigningIn] = {
    "empty": s.SigningIn(),
    "typed": s.SigningIn(typed=True),
    "busy": s.SigningIn("alice", typed=True, busy=True),
    "answered": s.SigningIn("alice", typed=True),
    "page busy": s.SigningIn(s.ON_PAGE, typed=True, busy=True),
    "page answered": s.SigningIn(s.ON_PAGE, typed=True),
}
WAITS, ASKED, HANDS = s.ProofWaits("4471", "alice"), s.MayTakeOver("4471", "alice"), s.HandsProof("4471", "alice")
LOCKED = s.Locked("4471", tries=3)
STATES: dict[str, s.State] = {
    "spare": s.Spare(),
    "cover": s.Covering(),
    **PLAIN,
    **{f"over {name}": replace(state, over=True) for name, state in PLAIN.items()},
    "waits": WAITS,
    "asked": ASKED,
    "hands": HANDS,
    "signed in": s.SignedIn("4471"),
    "locked": LOCKED,
    "one try": replace(LOCKED, tries=1),
    "leaves face": replace(LOCKED, wants_proof=True),
    "names only": s.Locked("4471", tries=0),
    "no pin": s.Locked("4471", tries=0, wants_proof=True),
    "behind": replace(LOCKED, wants_proof=True, behind=True),
    "ending": s.Ending("log-off"),
}
Move = tuple[s.State, tuple[s.Effect, ...]]
REPLACED = s.Ending("replaced")
BY_NAME: Move = (REPLACED, ("replace-name",))
BY_IDLE: Move = (REPLACED, ("replace-typed",))
BY_PAGE: Move = (REPLACED, ("replace-page",))
BY_CANCEL: Move = (REPLACED, ("replace-cancelled",))
ENTERS: Move = (s.SigningIn("alice", typed=True, busy=True), ("enter",))

# The sign-in screen: the same over a locked session, but for what a proof comes to and what is said of the locked one.
SIGN_IN: dict[tuple[str, str], Move] = {
    ("empty", "typed"): (s.SigningIn(typed=True), ()),
    ("empty", "left alice"): (s.SigningIn(typed=True), ()),
    ("empty", "left bob"): (s.SigningIn(typed=True), ()),
    ("empty", "submit alice"): (s.SigningIn("alice", True, True), ("prove",)),
    ("empty", "submit bob"): (s.SigningIn("bob", True, True), ("prove",)),
    ("empty", "submit none"): (s.SigningIn("", True, True), ("prove",)),
    ("empty", "page"): (s.SigningIn(s.ON_PAGE, True, True), ("prove",)),
    ("typed", "emptied"): (s.SigningIn(), ()),
    ("typed", "submit alice"): (s.SigningIn("alice", True, True), ("prove",)),
    ("typed", "submit bob"): (s.SigningIn("bob", True, True), ("prove",)),
    ("typed", "submit none"): (s.SigningIn("", True, True), ("prove",)),
    ("typed", "page"): (s.SigningIn(s.ON_PAGE, True, True), ("prove",)),
    ("typed", "idle"): BY_IDLE,
    ("busy", "emptied"): (s.SigningIn("alice", False, True), ()),
    ("busy", "answered"): (s.SigningIn("alice", True), ()),
    ("busy", "cancelled"): (s.SigningIn("alice", True), ()),
    ("answered", "emptied"): (s.SigningIn("alice"), ()),
    ("answered", "left bob"): BY_NAME,
    ("answered", "submit alice"): (s.SigningIn("alice", True, True), ("prove",)),
    ("answered", "submit bob"): BY_NAME,
    ("answered", "submit none"): (s.SigningIn("alice", True, True), ("prove",)),
    ("answered", "page"): BY_PAGE,
    ("answered", "idle"): BY_IDLE,
    ("page busy", "emptied"): (s.SigningIn(s.ON_PAGE, False, True), ()),
    ("page busy", "answered"): (s.SigningIn(s.ON_PAGE, True), ()),
    ("page busy", "cancelled"): BY_CANCEL,
    ("page answered", "emptied"): (s.SigningIn(s.ON_PAGE), ()),
    ("page answered", "left alice"): BY_NAME,
    ("page answered", "left bob"): BY_NAME,
    ("page answered", "submit alice"): BY_NAME,
    ("page answered", "submit bob"): BY_NAME,
    ("page answered", "submit none"): BY_NAME,
    ("page answered", "page"): BY_PAGE,
    ("page answered", "idle"): BY_IDLE,
}


def over(move: Move) -> Move:
    """The same move on a screen over a locked session."""
    state, effects = move
    return (replace(state, over=True) if isinstance(state, s.SigningIn) else state), effects


# What is not named here changes nothing and does nothing; the station's word ends every state but the last.
MOVES: dict[tuple[str, str], Move] = {
    ("spare", "show"): (s.SigningIn(), ("show",)),
    ("spare", "show over"): (s.SigningIn(over=True), ("show",)),
    ("spare", "cover"): (s.Covering(), ("cover",)),
    ("cover", "show"): (s.SigningIn(), ("show",)),
    ("cover", "show over"): (s.SigningIn(over=True), ("show",)),
    ("cover", "cover"): (s.Covering(), ("cover",)),
    ("cover", "cover chosen"): (s.Covering(), ("answer-cover",)),
    ("cover", "uncovered"): (s.Spare(), ("hide",)),
    ("cover", "uncovered ended"): (s.SigningIn(), ("show",)),
    **SIGN_IN,
    **{(f"over {state}", event): over(move) for (state, event), move in SIGN_IN.items()},
    **{(name, "show over"): (replace(state, over=True), ("show-anew",)) for name, state in PLAIN.items()},
    **{(f"over {name}", "show over"): (replace(state, over=True), ("show-anew",)) for name, state in PLAIN.items()},
    **{(f"over {name}", "locked ended"): (state, ("show-plain",)) for name, state in PLAIN.items()},
    **{(name, "locked ended"): (state, ("show-plain",)) for name, state in PLAIN.items()},
    **{
        (f"over {name}", "take over"): (replace(state, over=True), ("take-over",))
        for name, state in PLAIN.items()
        if not state.busy
    },
    **{
        (f"over {name}", "face wanted"): (replace(state, over=True), ("want-face",))
        for name, state in PLAIN.items()
        if not state.busy
    },
    ("behind", "stand forward"): (LOCKED, ("stand-forward",)),
    ("over empty", "leave"): (s.SigningIn(over=True), ("leave",)),
    ("over typed", "leave"): (s.SigningIn(typed=True, over=True), ("leave",)),
    ("over answered", "leave"): BY_CANCEL,
    ("over page answered", "leave"): BY_CANCEL,
    ("busy", "proved"): ENTERS,
    ("busy", "launchpad"): (s.SignedIn("4471"), ()),
    ("page busy", "proved"): (s.SigningIn(s.ON_PAGE, True, True), ("enter",)),
    ("page busy", "launchpad"): (s.SignedIn("4471"), ()),
    ("over busy", "proved"): (WAITS, ("ask-station",)),
    ("over page busy", "proved"): (s.ProofWaits("4471", s.ON_PAGE), ("ask-station",)),
    ("waits", "show over"): (WAITS, ("show-anew",)),
    ("waits", "locked ended"): ENTERS,
    ("waits", "enter"): ENTERS,
    ("waits", "hand proof"): (HANDS, ("hand-proof",)),
    ("waits", "not yours yet"): (s.SigningIn("alice", True, False, over=True), ("drop-proof", "say-kept")),
    ("waits", "not yours"): (ASKED, ("ask-officer",)),
    ("asked", "show over"): (ASKED, ("show-anew",)),
    ("asked", "locked ended"): ENTERS,
    ("asked", "take over"): (WAITS, ("ask-taking-over",)),
    ("asked", "leave"): BY_CANCEL,
    ("asked", "cancelled"): BY_CANCEL,
    ("asked", "idle"): BY_IDLE,
    ("hands", "show over"): (HANDS, ("show-anew",)),
    ("hands", "locked ended"): ENTERS,
    ("signed in", "log off"): (s.Ending("log-off"), ()),
    ("signed in", "lock"): (s.Locked("4471", 0), ("lock",)),
    ("signed in", "lock with pin"): (LOCKED, ("lock",)),
    **{
        (name, "resumed"): (s.SignedIn("4471"), ("resume",))
        for name in ("locked", "one try", "leaves face", "names only", "no pin", "behind")
    },
    ("locked", "stand back"): (replace(LOCKED, wants_proof=True, behind=True), ("stand-back",)),
    ("one try", "stand back"): (replace(LOCKED, tries=1, wants_proof=True, behind=True), ("stand-back",)),
    ("names only", "stand back"): (s.Locked("4471", 0, wants_proof=True, behind=True), ("stand-back",)),
    ("leaves face", "stand back"): (replace(LOCKED, wants_proof=True, behind=True), ("stand-back",)),
    ("no pin", "stand back"): (s.Locked("4471", 0, wants_proof=True, behind=True), ("stand-back",)),
    ("behind", "stand back"): (replace(LOCKED, wants_proof=True, behind=True), ("stand-back",)),
    ("locked", "pin right"): (s.SignedIn("4471"), ("resume",)),
    ("one try", "pin right"): (s.SignedIn("4471"), ("resume",)),
    ("leaves face", "pin right"): (s.SignedIn("4471"), ("resume",)),
    ("locked", "pin wrong"): (replace(LOCKED, tries=2), ("say-wrong",)),
    ("one try", "pin wrong"): (s.Locked("4471", 0, wants_proof=True), ("say-wrong", "want-proof")),
    ("leaves face", "pin wrong"): (replace(LOCKED, tries=2, wants_proof=True), ("say-wrong",)),
    ("locked", "proof wanted"): (replace(LOCKED, wants_proof=True), ("want-proof",)),
    ("one try", "proof wanted"): (replace(LOCKED, tries=1, wants_proof=True), ("want-proof",)),
    ("leaves face", "proof wanted"): (replace(LOCKED, wants_proof=True), ("want-proof",)),
    ("names only", "proof wanted"): (s.Locked("4471", 0, wants_proof=True), ("want-proof",)),
    ("names only", "grace over"): (s.Locked("4471", 0, wants_proof=True), ("want-proof",)),
    ("no pin", "proof wanted"): (s.Locked("4471", 0, wants_proof=True), ("want-proof",)),
    ("locked", "grace over"): (s.Locked("4471", 0, wants_proof=True), ("want-proof",)),
    ("one try", "grace over"): (s.Locked("4471", 0, wants_proof=True), ("want-proof",)),
    ("leaves face", "grace over"): (s.Locked("4471", 0, wants_proof=True), ()),
    ("no pin", "grace over"): (s.Locked("4471", 0, wants_proof=True), ()),
    ("behind", "grace over"): (s.Locked("4471", 0, wants_proof=True, behind=True), ()),
    **{(state, "end"): (s.Ending("reset"), ()) for state in STATES if state != "ending"},
}


@pytest.mark.parametrize("state", STATES)
def test_every_event_in_every_state(state: str) -> None:
    for event in EVENTS:
        expected = MOVES.get((state, event), (STATES[state], ()))
        assert step(STATES[state], EVENTS[event]) == expected, event


def test_the_table_holds_every_state_and_every_event() -> None:
    assert {type(state) for state in STATES.values()} == set(get_args(s.State))
    assert {type(event) for event in EVENTS.values()} == set(get_args(s.Event))
    assert {effect for _, effects in MOVES.values() for effect in effects} == set(get_args(s.Effect))
    assert {(state, event) for state, event in MOVES if state not in STATES or event not in EVENTS} == set()


@pytest.mark.parametrize("reason", get_args(EndReason))
@pytest.mark.parametrize("state", ["signed in", "locked", "waits", "hands"])
def test_the_stations_word_ends_with_its_own_reason(state: str, reason: EndReason) -> None:
    assert step(STATES[state], s.EndAsked(reason)) == (s.Ending(reason), ())


names = some.sampled_from(["", "alice", "bob", "carol"])
events = some.one_of(
    some.builds(s.ShowAsked, some.booleans()),
    some.just(s.LockedEnded()),
    some.just(s.CoverAsked()),
    some.builds(s.Uncovered, some.booleans()),
    some.just(s.EnterSaid()),
    some.builds(s.NotYoursSaid, some.booleans()),
    some.just(s.HandProofSaid()),
    some.just(s.StoodBack()),
    some.just(s.StoodForward()),
    some.just(s.FaceWanted()),
    some.just(s.Resumed()),
    some.builds(s.NameLeft, names, some.booleans(), some.booleans()),
    some.builds(s.Submitted, names),
    some.just(s.PageAsked()),
    some.just(s.Cancelled()),
    some.just(s.TakeOverChosen()),
    some.just(s.LockedLeft()),
    some.builds(s.LockAsked, some.sampled_from([0, 3])),
    some.just(s.PinRight()),
    some.just(s.PinWrong()),
    some.just(s.ProofWanted()),
    some.just(s.Answered()),
    some.just(s.IdlePassed()),
    some.just(s.GraceOver()),
    some.builds(s.Proved, some.just("4471")),
    some.builds(s.LaunchpadMade, some.just("4471")),
    some.just(s.LogOffConfirmed()),
    some.builds(s.EndAsked, some.sampled_from(["log-off", "reset"])),
)
sequences = some.lists(events, max_size=40)


@settings(deadline=None)
@given(sequences, some.booleans())
def test_no_two_names_are_proved_in_one_process(sequence: list[s.Event], over_locked: bool) -> None:
    state: s.State = s.SigningIn(over=over_locked)
    proved: set[str] = set()
    page_first = False
    for event in sequence:
        state, effects = step(state, event)
        if "prove" in effects:
            if isinstance(event, s.PageAsked):
                assert not proved, "the provider's page after a name"
                assert not page_first, "the provider's page twice"
                page_first = True
            elif isinstance(event, s.Submitted) and event.name:
                proved.add(event.name)
                assert not page_first, "a name went in after the provider's page"
    assert len(proved) <= 1


@settings(deadline=None)
@given(sequences, some.sampled_from(["log-off", "replaced", "reset"]))
def test_the_end_is_the_end(sequence: list[s.Event], reason: EndReason) -> None:
    ending: s.State = s.Ending(reason)
    for event in sequence:
        assert step(ending, event) == (ending, ())


@settings(deadline=None)
@given(sequences)
def test_one_proof_at_a_time_and_nobody_enters_unproved(sequence: list[s.Event]) -> None:
    """Over a locked session nobody enters but by the station's word, or because there is none any more."""
    state: s.State = s.Spare()
    under_way = False
    for event in sequence:
        before = state
        state, effects = step(state, event)
        if "prove" in effects:
            assert not under_way
            under_way = True
        if "enter" in effects:
            assert under_way
            assert not (isinstance(before, s.SigningIn) and before.over)
            if not isinstance(before, s.SigningIn):
                assert isinstance(event, s.EnterSaid | s.LockedEnded)
        if isinstance(state, s.SignedIn) and not isinstance(before, s.SignedIn | s.Locked):
            assert under_way
            assert isinstance(before, s.SigningIn)
            assert before.busy
        proving = isinstance(state, s.SigningIn) and state.busy
        if not (proving or isinstance(state, s.ProofWaits | s.MayTakeOver | s.HandsProof)):
            under_way = False
        if any(effect.startswith("replace") for effect in effects):
            assert state == s.Ending("replaced")


@settings(deadline=None)
@given(sequences, some.sampled_from([0, 3]))
def test_a_lock_opens_by_its_pin_within_three_tries_or_by_a_proof(sequence: list[s.Event], tries: int) -> None:
    state, _ = step(s.SignedIn("4471"), s.LockAsked(tries))
    wrong = 0
    for event in sequence:
        before = state
        state, effects = step(state, event)
        if not isinstance(before, s.Locked):
            break
        if effects == ("say-wrong",) or "say-wrong" in effects:
            wrong += 1
            assert isinstance(event, s.PinWrong)
        if isinstance(state, s.SignedIn):
            assert isinstance(event, s.Resumed) or (isinstance(event, s.PinRight) and wrong < tries)
        if isinstance(state, s.Ending):
            assert isinstance(event, s.EndAsked), "nobody logs off or ends anything from the lock face"
        assert wrong <= tries
