"""Thousands of stations that lose the hub together do not come back together."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from launcher.hub_client.jitter import (
    ELSEWHERE_FIRST_S,
    ELSEWHERE_LONGEST_S,
    FIRST_S,
    LONGEST_S,
    SOCKET_FIRST_S,
    SOCKET_LONGEST_S,
    STEADY_S,
    bound_s,
    elsewhere_s,
    socket_again_s,
    tries_after,
    wait_s,
)

_chances = st.floats(0.0, 1.0, exclude_max=True)


@given(st.integers(0, 10_000), _chances, st.floats(0.0, 4000.0))
def test_a_wait_is_within_its_bounds(tries: int, chance: float, at_least_s: float) -> None:
    waited = wait_s(tries, chance, at_least_s=at_least_s)
    assert at_least_s <= waited <= at_least_s + LONGEST_S


def test_the_first_is_quick_and_the_bound_grows_to_its_end() -> None:
    bounds = [bound_s(tries) for tries in range(10)]
    assert bounds[0] == FIRST_S
    assert bounds == sorted(bounds)
    assert bounds[-1] == LONGEST_S


def test_ten_thousand_stations_are_spread_over_the_whole_minute() -> None:
    chance = random.Random(6)  # noqa: S311 - the same each time
    seconds = Counter(int(wait_s(9, chance.random())) for _ in range(10_000))
    assert set(seconds) == set(range(60))
    # Evenly: 167 a second on average; a thousand would be the storm that is to be avoided.
    assert max(seconds.values()) < 230
    assert min(seconds.values()) > 110


def test_those_who_are_told_the_same_wait_are_spread_too() -> None:
    chance = random.Random(7)  # noqa: S311 - the same each time
    waits = [wait_s(3, chance.random(), at_least_s=30.0) for _ in range(1000)]
    assert min(waits) >= 30.0
    assert max(waits) - min(waits) > 0.9 * bound_s(3)


@given(st.integers(0, 100), st.floats(0.0, 1e6))
def test_only_a_link_that_has_held_lets_the_waits_grow_anew(tries: int, held_s: float) -> None:
    assert tries_after(tries, held_s) == (tries if held_s < STEADY_S else 0)


@given(st.integers(1, 10_000), _chances)
def test_a_socket_that_came_to_nothing_is_tried_again_soon_then_later(times: int, chance: float) -> None:
    again_s = socket_again_s(times, chance)
    assert SOCKET_FIRST_S / 2 <= again_s <= SOCKET_LONGEST_S
    assert socket_again_s(1, chance) <= SOCKET_FIRST_S
    assert socket_again_s(1, chance) <= again_s <= socket_again_s(times + 1, chance)
    assert socket_again_s(times + 4, chance) > SOCKET_LONGEST_S * 0.4


def test_another_address_is_looked_for_at_any_time_of_a_bound_that_grows() -> None:
    assert elsewhere_s(0, 0.0) == 0.0
    bounds = [elsewhere_s(times, 1.0) for times in range(20)]
    assert bounds[0] == ELSEWHERE_FIRST_S
    assert bounds == sorted(bounds)
    assert bounds[-1] == ELSEWHERE_LONGEST_S
