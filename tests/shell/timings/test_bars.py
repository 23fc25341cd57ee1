"""From a launch to its bars: groups, gaps, totals and the axis."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.session.snapshot import LaunchView, PhaseView, SystemView
from launcher.shell.look import Phase
from launcher.shell.timings.bars import covered_ms, gaps_of, own_ms, row_of, rows_of, ticks_of
from launcher.shell.workspace.opening import ready_in
from tests.shell.workspace.sample import shift

SYSTEM = SystemView("a", "A", "g", "web", "slate", usual_ms=2000)


def a_launch(*spans: PhaseView, took_ms: float | None = 1000.0) -> LaunchView:
    return LaunchView("a", "ready", 100.0, took_ms=took_ms, phases=spans)


def test_groups_follow_the_phases_and_the_gap_is_what_is_left() -> None:
    row = row_of(
        a_launch(PhaseView("queue", 0, 100), PhaseView("reach", 150, 250), PhaseView("load", 400, 500)), SYSTEM
    )
    assert [(bar.phase, bar.start_ms, bar.end_ms) for bar in row.bars] == [
        (Phase.START, 0, 100),
        (Phase.GAP, 100, 150),
        (Phase.CONNECT, 150, 400),
        (Phase.LOAD, 400, 900),
        (Phase.GAP, 900, 1000),
    ]
    assert row.total_of(Phase.GAP) == 150


def test_the_officer_s_time_is_not_the_system_s() -> None:
    row = row_of(a_launch(PhaseView("load", 0, 400), PhaseView("anything", 400, 500, human=True)), SYSTEM)
    assert row.human_ms == 500
    assert row.system_ms == 500


def test_what_is_said_of_a_ready_system_is_its_own_time_and_the_officers_beside_it() -> None:
    read = PhaseView("person", 1000, 63_000)
    launch = a_launch(PhaseView("load", 0, 1000), read, PhaseView("ready", 64_000, 500), took_ms=64_500.0)
    assert own_ms(launch) == 1500
    assert ready_in(launch, SYSTEM) == "Ready in 1.5 s, you took 1 min 3 s"
    assert ready_in(a_launch(PhaseView("load", 0, 1000)), SYSTEM) == "Ready in 1.0 s"
    waits = a_launch(PhaseView("person", 1000, None), took_ms=None)
    assert (own_ms(waits), ready_in(waits, SYSTEM)) == (None, "")


def test_overlaps_are_kept_and_counted_once() -> None:
    row = row_of(a_launch(PhaseView("token", 0, 600), PhaseView("reach", 300, 600)), SYSTEM)
    assert row.total_of(Phase.CONNECT) == 900
    assert row.total_of(Phase.GAP) == 100


def test_a_launch_that_runs_grows() -> None:
    running = a_launch(PhaseView("queue", 0, 100), PhaseView("load", 100, None), took_ms=None)
    row = row_of(running, SYSTEM, now=100.7)
    assert row.total_ms == pytest.approx(700)
    assert row.bars[-1].running
    assert row.bars[-1].end_ms == pytest.approx(700)


def test_rows_start_as_long_after_the_press_as_they_did() -> None:
    picture = shift()
    assert picture.round is not None
    rows = rows_of(picture, picture.round.systems, picture.round.started)
    assert [round(row.offset_ms) for row in rows] == sorted(round(row.offset_ms) for row in rows)
    assert max(row.offset_ms for row in rows) == pytest.approx(1000)
    assert {row.offset_ms for row in rows_of(picture, None, None)} == {0.0}


@pytest.mark.parametrize(("longest_ms", "last"), [(900, 1), (8300, 9), (16_300, 18), (61_000, 70), (7_200_000, 7200)])
def test_the_axis_ends_after_the_longest_row(longest_ms: float, last: int) -> None:
    ticks = ticks_of(longest_ms, 10)
    assert ticks[-1] == last
    assert len(ticks) <= 11


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 1000)), max_size=8), st.floats(1, 3000))
def test_phases_and_gaps_make_the_whole(spans: list[tuple[float, float]], total_ms: float) -> None:
    phases = [PhaseView("load", start, min(length, max(0.0, total_ms - start))) for start, length in spans]
    phases = [one for one in phases if one.start_ms <= total_ms]
    covered = covered_ms([(one.start_ms, one.start_ms + (one.duration_ms or 0)) for one in phases])
    assert covered + covered_ms(gaps_of(phases, total_ms)) == pytest.approx(total_ms, abs=1e-6)
