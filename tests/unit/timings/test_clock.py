"""Phases overlap, nothing is counted twice, and the gap is never negative."""

from __future__ import annotations

import os
import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.timings import LAUNCH, SIGN_IN, SWITCH, Timeline, group_of, totals
from launcher.timings.clock import union_ms
from launcher.timings.phases import GROUPS
from launcher.wire.records import PhaseSpan

_ms = st.floats(min_value=0, max_value=100_000, allow_nan=False)
_span = st.builds(PhaseSpan, phase=st.sampled_from(SIGN_IN), start_ms=_ms, duration_ms=_ms, human=st.booleans())
_spans = st.lists(_span, max_size=12)


class Hand:
    """A clock a test moves by hand."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s

    def pass_ms(self, ms: float) -> None:
        self.now_s += ms / 1000


@given(_spans, _ms)
def test_parts_never_exceed_the_whole(spans: list[PhaseSpan], total_ms: float) -> None:
    sums = totals(spans, total_ms)
    assert 0 <= union_ms(spans, total_ms) <= total_ms
    assert 0 <= sums.gap_ms <= sums.machine_ms + 1e-6
    assert sums.machine_ms <= total_ms
    assert sums.human_ms + sums.machine_ms == pytest.approx(total_ms)
    assert sums.gap_ms + union_ms(spans, total_ms) == pytest.approx(total_ms)


@given(_spans, _ms, st.randoms())
def test_the_order_of_spans_does_not_matter(spans: list[PhaseSpan], total_ms: float, chance: random.Random) -> None:
    shuffled = list(spans)
    chance.shuffle(shuffled)
    assert totals(shuffled, total_ms) == totals(spans, total_ms)


@given(_spans, _span, _ms)
def test_one_more_phase_never_makes_the_gap_larger(spans: list[PhaseSpan], more: PhaseSpan, total_ms: float) -> None:
    before_ms = totals(spans, total_ms).gap_ms
    assert totals([*spans, more], total_ms).gap_ms <= before_ms + 1e-6  # sums of floats: 0.2 of 129 may be rounded


def test_phases_that_overlap_are_kept_and_counted_once() -> None:
    clock = Hand()
    timeline = Timeline(clock)
    with timeline.phase("token"):
        clock.pass_ms(10)
        reach = timeline.start("reach")
        clock.pass_ms(20)
    clock.pass_ms(5)
    timeline.stop(reach)
    clock.pass_ms(100)
    timeline.stop(reach)
    with timeline.phase("mfa_wait"):
        clock.pass_ms(50)
    assert timeline.finish() == pytest.approx(185)
    spans = {span.phase: span for span in timeline.spans()}
    assert (spans["token"].start_ms, spans["token"].duration_ms) == pytest.approx((0, 30))
    assert (spans["reach"].start_ms, spans["reach"].duration_ms) == pytest.approx((10, 25))
    assert spans["mfa_wait"].human
    sums = timeline.totals()
    assert (sums.human_ms, sums.machine_ms, sums.gap_ms) == pytest.approx((50, 135, 100))


def test_a_phase_that_raises_is_recorded_and_one_that_runs_is_shown_live() -> None:
    clock = Hand()
    timeline = Timeline(clock)
    with suppress(KeyError), timeline.phase("load"):
        clock.pass_ms(7)
        os.environ.pop("A_NAME_NOBODY_HAS_SET")
    timeline.start("ready")
    clock.pass_ms(3)
    load, ready = timeline.so_far()
    assert load.duration_ms == pytest.approx(7)
    assert ready.duration_ms is None
    assert timeline.spans()[1].duration_ms == pytest.approx(3)
    timeline.finish()
    clock.pass_ms(1000)
    assert timeline.finish() == pytest.approx(10)
    assert timeline.totals().total_ms == pytest.approx(10)
    assert timeline.so_far()[1].duration_ms == pytest.approx(3)


def test_every_named_phase_has_a_group_and_human_time_is_the_officers() -> None:
    assert {group_of(phase) for phase in (*SIGN_IN, *LAUNCH, *SWITCH)} <= set(GROUPS) - {"Not measured"}
    assert group_of("load", human=True) == "You"
    assert group_of("a phase of a later release") == "Not measured"
