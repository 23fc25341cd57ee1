"""Buckets agree with OpenTelemetry's scale 4: what comes back is wrong by 2.17 % at most."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from launcher.timings.buckets import bucket, middle_ms, upper_ms


@given(st.floats(min_value=0.01, max_value=1e8))
def test_the_middle_of_a_bucket_is_near(ms: float) -> None:
    assert abs(middle_ms(bucket(ms)) - ms) / ms <= 0.0218


@given(st.integers(-100, 400))
def test_bounds_belong_to_the_bucket_they_close(index: int) -> None:
    assert bucket(upper_ms(index) * (1 - 1e-9)) == index
    assert bucket(upper_ms(index) * (1 + 1e-9)) == index + 1


def test_whole_powers_close_their_bucket_and_nothing_at_all_has_one() -> None:
    assert (bucket(1.0), bucket(2.0), bucket(1024.0)) == (-1, 15, 159)
    assert bucket(0.0) == bucket(0.0001)
