"""The table of a second person's card: what it may stand over, and everything that takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from launcher.station import lock_moves as m
from launcher.station import moves
from launcher.station.spares import step
from tests.unit.station.lock_table import done, events, state, words
from tests.unit.station.lock_table_rows import TABLE as OTHERS

if TYPE_CHECKING:
    from launcher.station.spares import Event

BEFORE, STANDS = "1:painted* 2:second 3:warm", "1:painted* 2:seconding 3:warm"
ROWS: dict[tuple[str, str], str] = {
    (BEFORE, "Painted 2"): "1:painted* 2:seconding 3:warm → ",
    (STANDS, "Exited 2"): "1:painted* 2:ending 3:warm failures=1 → end 2 crashed",
    (STANDS, "Silent 2"): "1:painted* 2:ending 3:warm failures=1 → end 2 silent",
    (STANDS, "MustEnd 2 refused"): "1:painted* 2:ending 3:warm failures=1 → end 2 refused",
    (STANDS, "Cancelled 2"): "1:painted* 2:ending 3:warm → end 2 cancelled",
    (STANDS, "Renamed 2"): "1:painted* 2:ending 3:warm → end 2 name-changed",
    (STANDS, "Exited 3"): "1:painted* 2:seconding 3:ending 4:starting failures=1 → end 3 crashed, start 4",
    (STANDS, "MustEnd 3 refused"): "1:painted* 2:seconding 3:ending 4:starting failures=1 → end 3 refused, start 4",
    # Whatever becomes of the officer's own screen takes the card away.
    (STANDS, "LeavesByItself 1"): "1:ending* 2:ending 3:front → show 3, end 1 log-off, end 2 cancelled",
    (
        STANDS,
        "Exited 1",
    ): "1:ending* 2:ending 3:warm want-after-1 failures=1 → WaitForWipe, end 1 crashed, end 2 cancelled",
    (STANDS, "MustEnd 1 reset"): "1:ending* 2:ending 3:front → show 3, PLAIN, end 1 reset, end 2 cancelled",
    (STANDS, "LockedBare 1"): "1:locked* 2:ending 3:over → show 3 over 1, end 2 cancelled",
    (STANDS, "LockedFace 1"): "1:locked* 2:ending 3:warm → end 2 cancelled",
    (STANDS, "Silent 1"): "1:painted* 2:ending 3:cover cover-1 → cover 1 by 3, end 2 cancelled",
}


@pytest.mark.parametrize(("before", "name"), ROWS)
def test_the_table_of_a_card(before: str, name: str) -> None:
    after, effects = step(state(before), dict(events())[name])
    said = done(effects).replace("wait for the wipe of 1", "WaitForWipe").replace("plain 3 ended", "PLAIN")
    assert f"{words(after)} → {said}" == ROWS[before, name]


def test_a_card_is_shown_by_the_warm_spare_and_another_is_started() -> None:
    after, effects = step(state("1:painted* 2:warm"), moves.AskSecond(1))
    assert words(after) == "1:painted* 2:second"
    assert effects == (moves.ShowSecond(2, 1),)
    after, effects = step(after, moves.Painted(2))
    assert (words(after), effects) == ("1:painted* 2:seconding 4:starting", (moves.Start(4),))


def test_nothing_but_an_officer_at_work_can_have_a_card_in_front() -> None:
    befores = [before for _, before in OTHERS] + [BEFORE, STANDS, "1:painted* 2:starting", "1:painted*"]
    shown = [one for one in befores if step(state(one), moves.AskSecond(1)) != (state(one), ())]
    assert {words(state(one)) for one in shown} <= {"1:painted* 2:warm", "1:painted* 2:warm 3:ending"}
    assert shown
    assert step(state("1:painted* 2:warm"), moves.AskSecond(2)) == (state("1:painted* 2:warm"), ())


@pytest.mark.parametrize(("by_itself", "say"), [(True, None), (False, "replaced")])
def test_a_card_that_is_over_goes_once(by_itself: bool, say: str | None) -> None:
    after, effects = step(state(STANDS), moves.SecondOver(2, by_itself))
    assert words(after) == "1:painted* 2:ending 3:warm"
    assert [(one.why, one.say, one.grace) for one in effects if isinstance(one, moves.EndIt)] == [
        ("cancelled", say, True)
    ]
    assert step(after, moves.SecondOver(2)) == (after, ())
    assert step(state(STANDS), moves.SecondOver(1)) == (state(STANDS), ())


def test_whoever_is_proved_on_a_card_enters_nothing() -> None:
    for event in (moves.Served(2, "x#1"), m.Proved(2, "x#1", take_over=True, wait_s=0.0), m.CoverAnswered(2, end=True)):
        one: Event = event
        assert step(state(STANDS), one) == (state(STANDS), ())


def test_stopping_ends_the_card_too() -> None:
    after, effects = step(state(STANDS), moves.Stop())
    assert [one.session for one in effects if isinstance(one, moves.EndIt)] == [1, 2, 3]
    assert after.second is None
