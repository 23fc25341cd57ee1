"""The whole table of the station's rules, and what holds in whatever order things happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.station.moves import (
    AsksToBeReplaced,
    Begin,
    Cleaned,
    DelayOver,
    EndIt,
    Exited,
    Finish,
    LeavesByItself,
    MustEnd,
    Painted,
    SayCannotStart,
    Served,
    ShowScreen,
    Start,
    StartLater,
    Stop,
    Warmed,
)
from launcher.station.places import Phase, Place, Sessions, Wanted
from launcher.station.spares import delay_s, step

if TYPE_CHECKING:
    from launcher.station.spares import Effect, Event


def at(*places: tuple[int, Phase], wanted: Wanted | None = None, failures: int = 0, delayed: bool = False) -> Sessions:
    """Return a state; numbers go on after the highest."""
    return Sessions(
        tuple(Place(session, phase) for session, phase in places),
        wanted,
        max((session for session, _ in places), default=0) + 1,
        failures,
        delayed,
    )


BLANK = Wanted()
USED = at((1, "painted"), (2, "warm"))
AT_WORK = Sessions((Place(1, "painted", "test#1"), Place(2, "warm")), None, 3)
EARLY = at((1, "painted"), (2, "starting"))
PAINTING = at((1, "front"))
FIRST = at((1, "starting"), wanted=BLANK)

TABLE: list[tuple[str, Sessions, Event, Sessions, tuple[Effect, ...]]] = [
    ("the station begins", at(), Begin(), FIRST, (Start(1),)),
    ("the first is warm: shown", FIRST, Warmed(1), PAINTING, (ShowScreen(1, "", "name"),)),
    ("painted: a spare is started", PAINTING, Painted(1), EARLY, (Start(2),)),
    ("the spare is warm: it waits", EARLY, Warmed(2), USED, ()),
    ("an officer signs in", at((1, "painted"), (2, "warm"), failures=2), Served(1, "test#1"), AT_WORK, ()),
    (
        "the officer logs off: spare shown first",
        USED,
        LeavesByItself(1),
        at((1, "ending"), (2, "front")),
        (ShowScreen(2, "", "name"), EndIt(1, "log-off", None, grace=True)),
    ),
    (
        "the officer logs off before the spare is warm",
        EARLY,
        LeavesByItself(1),
        at((1, "ending"), (2, "starting"), wanted=BLANK),
        (EndIt(1, "log-off", None, grace=True),),
    ),
    (
        "that spare becomes warm",
        at((1, "ending"), (2, "starting"), wanted=Wanted("a.b", "secret")),
        Warmed(2),
        at((1, "ending"), (2, "front")),
        (ShowScreen(2, "a.b", "secret"),),
    ),
    (
        "another name was typed: it is kept",
        USED,
        AsksToBeReplaced(1, "name-changed", "a.b"),
        at((1, "ending"), (2, "front")),
        (ShowScreen(2, "a.b", "secret"), EndIt(1, "name-changed", "replaced", grace=True)),
    ),
    (
        "left typed: nothing is kept",
        USED,
        AsksToBeReplaced(1, "left-typed", "a.b"),
        at((1, "ending"), (2, "front")),
        (ShowScreen(2, "", "name"), EndIt(1, "left-typed", "replaced", grace=True)),
    ),
    (
        "cancelled",
        USED,
        AsksToBeReplaced(1, "cancelled", ""),
        at((1, "ending"), (2, "front")),
        (ShowScreen(2, "", "name"), EndIt(1, "cancelled", "replaced", grace=True)),
    ),
    (
        "the front crashes",
        USED,
        Exited(1),
        at((1, "ending"), (2, "front"), failures=1),
        (ShowScreen(2, "", "name"), EndIt(1, "crashed", None, grace=False)),
    ),
    (
        "the front crashes while it is painted",
        PAINTING,
        Exited(1),
        at((1, "ending"), (2, "starting"), wanted=BLANK, failures=1),
        (EndIt(1, "crashed", None, grace=False), Start(2)),
    ),
    (
        "the spare crashes",
        USED,
        Exited(2),
        at((1, "painted"), (2, "ending"), (3, "starting"), failures=1),
        (EndIt(2, "crashed", None, grace=False), Start(3)),
    ),
    (
        "the second start in a row fails: a wait",
        at((1, "ending"), (2, "starting"), wanted=BLANK, failures=1),
        Exited(2),
        at((1, "ending"), (2, "ending"), wanted=BLANK, failures=2, delayed=True),
        (EndIt(2, "crashed", None, grace=False), StartLater(0.25)),
    ),
    (
        "the third is said",
        at((3, "starting"), wanted=BLANK, failures=2),
        Exited(3),
        at((3, "ending"), wanted=BLANK, failures=3, delayed=True),
        (EndIt(3, "crashed", None, grace=False), SayCannotStart(3, 1.0), StartLater(1.0)),
    ),
    (
        "the wait is over",
        at(wanted=BLANK, failures=3, delayed=True),
        DelayOver(),
        Sessions((Place(1, "starting"),), BLANK, 2, 3, delayed=False),
        (Start(1),),
    ),
    (
        "a crash during a wait shows the spare all the same",
        at((1, "painted"), (2, "warm"), failures=3, delayed=True),
        Exited(1),
        at((1, "ending"), (2, "front"), failures=4, delayed=True),
        (ShowScreen(2, "", "name"), EndIt(1, "crashed", None, grace=False)),
    ),
    (
        "the front spoke badly",
        USED,
        MustEnd(1, "refused"),
        at((1, "ending"), (2, "front"), failures=1),
        (ShowScreen(2, "", "name"), EndIt(1, "refused", None, grace=False)),
    ),
    (
        "the spare does not answer",
        USED,
        MustEnd(2, "silent"),
        at((1, "painted"), (2, "ending"), (3, "starting"), failures=1),
        (EndIt(2, "silent", None, grace=False), Start(3)),
    ),
    (
        "the helpdesk resets the front",
        USED,
        MustEnd(1, "reset"),
        at((1, "ending"), (2, "front")),
        (ShowScreen(2, "", "name"), EndIt(1, "reset", "reset", grace=True)),
    ),
    (
        "what ended is cleaned",
        at((1, "ending"), (2, "painted"), (3, "warm")),
        Cleaned(1),
        at((2, "painted"), (3, "warm")),
        (),
    ),
]


@pytest.mark.parametrize(
    ("state", "event", "after", "effects"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_the_table(state: Sessions, event: Event, after: Sessions, effects: tuple[Effect, ...]) -> None:
    assert step(state, event) == (after, effects)


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (USED, Warmed(1)),
        (USED, Warmed(2)),
        (USED, Warmed(9)),
        (USED, Painted(1)),
        (USED, Painted(2)),
        (USED, Served(2, "test#1")),
        (USED, LeavesByItself(2)),
        (USED, AsksToBeReplaced(2, "name-changed", "a.b")),
        (USED, Exited(9)),
        (USED, MustEnd(9, "refused")),
        (at((1, "ending"), (2, "painted"), (3, "warm")), Exited(1)),
        (at((1, "ending"), (2, "painted"), (3, "warm")), MustEnd(1, "reset")),
        (at((1, "ending"), (2, "painted"), (3, "warm")), LeavesByItself(1)),
        (at((1, "ending"), (2, "painted"), (3, "warm")), Warmed(1)),
    ],
)
def test_what_a_session_may_not_say_where_it_stands_changes_nothing(state: Sessions, event: Event) -> None:
    assert step(state, event) == (state, ())


def test_stopping_ends_all_that_lives_and_finishes_with_the_last() -> None:
    state, effects = step(at((1, "ending"), (2, "painted"), (3, "warm")), Stop())
    assert effects == tuple(EndIt(session, "stopping", "station-stopping", grace=True) for session in (2, 3))
    for session in (3, 1):
        state, effects = step(state, Cleaned(session))
        assert effects == ()
    assert step(state, Exited(2)) == (state, ())
    state, effects = step(state, Cleaned(2))
    assert effects == (Finish(),)
    assert step(state, Stop()) == (state, ())
    assert step(state, DelayOver()) == (state, ())


def test_stopping_an_empty_station_finishes_at_once() -> None:
    assert step(at(), Stop())[1] == (Finish(),)


def test_waits_grow_to_half_a_minute() -> None:
    waits = [delay_s(failures) for failures in range(20)]
    assert waits == sorted(waits)
    assert (waits[0], waits[1], waits[-1]) == (0.0, 0.0, 30.0)


_session = st.integers(1, 6)
_event: st.SearchStrategy[Event] = st.one_of(
    st.builds(Warmed, _session),
    st.builds(Painted, _session),
    st.builds(Served, _session, st.sampled_from(["test#1", "test#2"])),
    st.builds(LeavesByItself, _session),
    st.builds(AsksToBeReplaced, _session, st.sampled_from(["name-changed", "left-typed", "cancelled"]), st.just("a.b")),
    st.builds(MustEnd, _session, st.sampled_from(["refused", "silent", "reset"])),
    st.builds(Exited, _session),
    st.builds(Cleaned, _session),
    st.builds(DelayOver),
    st.builds(Stop),
)


@given(st.lists(_event, max_size=40))
def test_whatever_happens_one_is_shown_one_waits_and_a_screen_is_on_its_way(events: list[Event]) -> None:
    state, effects = step(Sessions(), Begin())
    shown: set[int] = set()
    for event in events:
        if isinstance(event, Cleaned) and state.phase(event.session) != "ending":
            continue  # the supervisor cleans only what it was told to end
        if isinstance(event, DelayOver) and not state.delayed:
            continue
        state, effects = step(state, event)
        phases = [place.phase for place in state.places]
        assert sum(phase in ("front", "painted") for phase in phases) <= 1
        assert sum(phase in ("starting", "warm") for phase in phases) <= 1
        for effect in effects:
            if isinstance(effect, ShowScreen):
                assert effect.session not in shown, "a session is shown once"
                shown.add(effect.session)
        if not state.stopping:
            # Either an officer has a screen, or one comes: by a start under way or by a wait with an end.
            assert state.front is not None or (state.wanted is not None and (state.spare is not None or state.delayed))
