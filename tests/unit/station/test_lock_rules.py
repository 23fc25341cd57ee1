"""The whole table of the locking rules, and what holds in whatever order things happen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.station import lock_moves as m
from launcher.station import moves
from launcher.station.places import COVER, FRONT, LOCKED, OVER, Sessions
from launcher.station.spares import step
from tests.unit.station.lock_table import OWNER, done, events, state, words
from tests.unit.station.lock_table_rows import TABLE

if TYPE_CHECKING:
    from launcher.station.spares import Event


@pytest.mark.parametrize(("name", "before"), TABLE)
def test_the_table(name: str, before: str) -> None:
    """Every event in every state: those that stand in the table, and all others change nothing."""
    rows = TABLE[name, before]
    assert words(state(before)) == before
    got = {}
    for event_name, event in events():
        after, effects = step(state(before), event)
        if (after, effects) != (state(before), ()):
            got[event_name] = f"{words(after)} → {done(effects)}"
    assert got == rows


def test_every_event_of_a_lock_is_in_the_table() -> None:
    kinds = {type(event) for _, event in events()}
    assert {kind for kind in m.LockEvent.__args__ if kind not in kinds} == set()
    assert {row.split()[0] for rows in TABLE.values() for row in rows} == {name.split()[0] for name, _ in events()} - {
        "CoverWait",  # waiting changes nothing
        "DelayOver",
    } | {"Served"}


def test_a_name_that_was_typed_over_a_lock_goes_to_the_screen_after() -> None:
    before = state("1:locked* 2:standing 3:warm")
    _, effects = step(before, moves.AsksToBeReplaced(2, "name-changed", "a.b", taking_over=True))
    assert effects[0] == m.ShowOver(3, 1, "a.b", "secret", taking_over=True)
    _, effects = step(before, moves.AsksToBeReplaced(2, "left-typed", "a.b"))
    assert effects[0] == m.ShowOver(3, 1, "", "secret", taking_over=False)
    _, effects = step(before, moves.AsksToBeReplaced(2, "page-asked", ""))
    assert isinstance(effects[0], m.ShowOver)
    assert effects[0].focus == "provider"


def test_what_an_officer_left_is_wiped_before_the_next_screen() -> None:
    before = state("1:painted* 2:warm")
    now, effects = step(before, moves.Exited(1))
    assert effects == (moves.EndIt(1, "crashed", None, grace=False), moves.WaitForWipe(1))
    wiped, effects = step(now, moves.Cleaned(1))
    shown = (moves.ShowScreen(2, "", "name"), m.BecomePlain(2, "crashed"))
    assert effects == shown
    assert step(wiped, moves.WipeLate(1)) == (wiped, ())
    # Nobody waits for ever for what cannot be ended.
    assert step(now, moves.WipeLate(1))[1] == shown


def test_stopping_ends_all_of_them_and_nothing_is_shown_any_more() -> None:
    before = state("1:resuming* 2:claiming 3:covering cover-1")
    stopping, effects = step(before, moves.Stop())
    assert effects == tuple(moves.EndIt(one, "stopping", "station-stopping", grace=True) for one in (1, 2, 3))
    for _, event in events():
        after, effects = step(stopping, event)
        assert effects == ()
        assert replace(after, failures=0) == stopping


_all_events: list[Event] = [event for _, event in events()] + [moves.Cleaned(one) for one in (1, 2, 3, 4)]


@given(st.lists(st.sampled_from(_all_events), max_size=60))
def test_whatever_happens_a_screen_is_in_front_and_only_the_proved_one_claims(happens: list[Event]) -> None:
    now, _ = step(Sessions(), moves.Begin())
    shown_over: set[int] = set()
    claims: list[int] = []
    for event in happens:
        if isinstance(event, moves.Cleaned) and now.phase(event.session) != "ending":
            continue
        if isinstance(event, moves.DelayOver) and not now.delayed:
            continue
        before = now
        now, effects = step(now, event)
        for effect in effects:
            if isinstance(effect, m.ShowOver):
                shown_over.add(effect.session)
                assert before.officer(effect.locked)
            elif isinstance(effect, m.Claim):
                assert effect.by in shown_over
                assert isinstance(event, m.Proved)
                assert event.session == effect.by
                assert event.officer == before.officer(effect.session)
                claims.append(effect.by)
            elif isinstance(effect, m.LetIn) and effect.instead_of:
                assert isinstance(event, m.Proved)
                assert event.wait_s == 0
                assert event.take_over
                assert now.phase(effect.instead_of) == "ending"
        assert len(claims) == len(set(claims)), "a screen claims once"
        for phases in (FRONT, LOCKED, OVER, COVER, ("starting", "warm")):
            assert sum(place.phase in phases for place in now.places) <= 1
        assert now.front is None or now.locked is None
        assert now.over is None or now.locked is not None
        assert not any(place.officer and place.phase in (*OVER, *COVER, "warm") for place in now.places)
        if not now.stopping:
            coming = now.wanted is not None and (now.spare is not None or now.delayed or now.cover is not None)
            assert now.in_use is not None or coming
            assert now.locked is None or now.officer(now.locked) == OWNER
