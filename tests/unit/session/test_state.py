"""The state machine as a table, and what no sequence of events may do."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from launcher.session.state import (
    ON_PAGE,
    Answered,
    Cancelled,
    Effect,
    EndAsked,
    Ending,
    Event,
    IdlePassed,
    LogOffConfirmed,
    NameLeft,
    PageAsked,
    Proved,
    ShowAsked,
    SignedIn,
    SigningIn,
    Spare,
    State,
    Submitted,
    step,
)

EVENTS: dict[str, Event] = {
    "show": ShowAsked(),
    "typed": NameLeft("ali", left=False, empty=False),
    "emptied": NameLeft("", left=False, empty=True),
    "left alice": NameLeft("alice", left=True, empty=False),
    "left bob": NameLeft("bob", left=True, empty=False),
    "submit alice": Submitted("alice"),
    "submit bob": Submitted("bob"),
    "submit none": Submitted(""),
    "page": PageAsked(),
    "answered": Answered(),
    "cancelled": Cancelled(),
    "idle": IdlePassed(),
    "proved": Proved("4471"),
    "log off": LogOffConfirmed(),
    "end": EndAsked("reset"),
}
STATES: dict[str, State] = {
    "spare": Spare(),
    "empty": SigningIn(),
    "typed": SigningIn(typed=True),
    "busy": SigningIn("alice", typed=True, busy=True),
    "answered": SigningIn("alice", typed=True),
    "page busy": SigningIn(ON_PAGE, typed=True, busy=True),
    "page answered": SigningIn(ON_PAGE, typed=True),
    "signed in": SignedIn("4471"),
    "ending": Ending("log-off"),
}
BY_NAME: tuple[Effect, ...] = ("replace-name",)
BY_IDLE: tuple[Effect, ...] = ("replace-typed",)
BY_PAGE: tuple[Effect, ...] = ("replace-page",)
REPLACED = Ending("replaced")

# What is not named here changes nothing and does nothing; the station's word ends every state but the last.
MOVES: dict[tuple[str, str], tuple[State, tuple[Effect, ...]]] = {
    ("spare", "show"): (SigningIn(), ("show",)),
    ("empty", "typed"): (SigningIn(typed=True), ()),
    ("empty", "left alice"): (SigningIn(typed=True), ()),
    ("empty", "left bob"): (SigningIn(typed=True), ()),
    ("empty", "submit alice"): (SigningIn("alice", True, True), ("prove",)),
    ("empty", "submit bob"): (SigningIn("bob", True, True), ("prove",)),
    ("empty", "submit none"): (SigningIn("", True, True), ("prove",)),
    ("empty", "page"): (SigningIn(ON_PAGE, True, True), ("prove",)),
    ("typed", "emptied"): (SigningIn(), ()),
    ("typed", "submit alice"): (SigningIn("alice", True, True), ("prove",)),
    ("typed", "submit bob"): (SigningIn("bob", True, True), ("prove",)),
    ("typed", "submit none"): (SigningIn("", True, True), ("prove",)),
    ("typed", "page"): (SigningIn(ON_PAGE, True, True), ("prove",)),
    ("typed", "idle"): (REPLACED, BY_IDLE),
    ("busy", "emptied"): (SigningIn("alice", False, True), ()),
    ("busy", "answered"): (SigningIn("alice", True), ()),
    ("busy", "cancelled"): (SigningIn("alice", True), ()),
    ("busy", "proved"): (SignedIn("4471"), ()),
    ("answered", "emptied"): (SigningIn("alice"), ()),
    ("answered", "left bob"): (REPLACED, BY_NAME),
    ("answered", "submit alice"): (SigningIn("alice", True, True), ("prove",)),
    ("answered", "submit bob"): (REPLACED, BY_NAME),
    ("answered", "submit none"): (SigningIn("alice", True, True), ("prove",)),
    ("answered", "page"): (REPLACED, BY_PAGE),
    ("answered", "idle"): (REPLACED, BY_IDLE),
    ("page busy", "emptied"): (SigningIn(ON_PAGE, False, True), ()),
    ("page busy", "answered"): (SigningIn(ON_PAGE, True), ()),
    ("page busy", "cancelled"): (REPLACED, ("replace-cancelled",)),
    ("page busy", "proved"): (SignedIn("4471"), ()),
    ("page answered", "emptied"): (SigningIn(ON_PAGE), ()),
    ("page answered", "left alice"): (REPLACED, BY_NAME),
    ("page answered", "left bob"): (REPLACED, BY_NAME),
    ("page answered", "submit alice"): (REPLACED, BY_NAME),
    ("page answered", "submit bob"): (REPLACED, BY_NAME),
    ("page answered", "submit none"): (REPLACED, BY_NAME),
    ("page answered", "page"): (REPLACED, BY_PAGE),
    ("page answered", "idle"): (REPLACED, BY_IDLE),
    ("signed in", "log off"): (Ending("log-off"), ()),
    **{(state, "end"): (Ending("reset"), ()) for state in STATES if state != "ending"},
}


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", STATES)
def test_every_event_in_every_state(state: str, event: str) -> None:
    expected = MOVES.get((state, event), (STATES[state], ()))
    assert step(STATES[state], EVENTS[event]) == expected


@pytest.mark.parametrize("reason", ["log-off", "replaced", "station-stopping", "reset"])
def test_the_stations_word_ends_with_its_own_reason(reason: str) -> None:
    assert step(SignedIn("1"), EndAsked(reason)) == (Ending(reason), ())  # type: ignore[arg-type]


names = some.sampled_from(["", "alice", "bob", "carol"])
events = some.one_of(
    some.just(ShowAsked()),
    some.builds(NameLeft, names, some.booleans(), some.booleans()),
    some.builds(Submitted, names),
    some.just(PageAsked()),
    some.just(Answered()),
    some.just(Cancelled()),
    some.just(IdlePassed()),
    some.builds(Proved, some.just("4471")),
    some.just(LogOffConfirmed()),
    some.builds(EndAsked, some.sampled_from(["log-off", "reset"])),
)


@settings(deadline=None)
@given(some.lists(events, max_size=30))
def test_no_two_names_are_proved_in_one_process(sequence: list[Event]) -> None:
    state: State = SigningIn()
    proved: set[str] = set()
    page_first = False
    for event in sequence:
        state, effects = step(state, event)
        if "prove" in effects:
            if isinstance(event, PageAsked):
                assert not proved, "the provider's page after a name"
                assert not page_first, "the provider's page twice"
                page_first = True
            elif isinstance(event, Submitted) and event.name:
                proved.add(event.name)
                assert not page_first, "a name went in after the provider's page"
    assert len(proved) <= 1


@settings(deadline=None)
@given(some.lists(events, max_size=30), some.sampled_from(["log-off", "replaced", "reset"]))
def test_the_end_is_the_end(sequence: list[Event], reason: str) -> None:
    ending: State = Ending(reason)  # type: ignore[arg-type]
    for event in sequence:
        assert step(ending, event) == (ending, ())


@settings(deadline=None)
@given(some.lists(events, max_size=30))
def test_one_proof_at_a_time_and_nobody_enters_unproved(sequence: list[Event]) -> None:
    state: State = Spare()
    under_way = False
    for event in sequence:
        before = state
        state, effects = step(state, event)
        if "prove" in effects:
            assert not under_way
            under_way = True
        if isinstance(state, SignedIn) and not isinstance(before, SignedIn):
            assert under_way
            assert isinstance(before, SigningIn)
            assert before.busy
        if not (isinstance(state, SigningIn) and state.busy):
            under_way = False
        if any(effect.startswith("replace") for effect in effects):
            assert state == Ending("replaced")
