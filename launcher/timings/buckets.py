"""Histogram buckets: sixteen to a doubling, the same as OpenTelemetry's exponential scale 4.

``bucket = ceil(log2(ms) * 16) - 1`` holds the values in ``(2^(bucket/16), 2^((bucket+1)/16)]``; its middle is wrong by
2.17 % at most, and histograms of any stations merge by adding counts.
"""

from __future__ import annotations

import math
from typing import Final

PER_DOUBLING: Final = 16
SMALLEST_MS: Final = 2.0**-10
"""Anything shorter (a microsecond, or nothing at all) is counted as this long."""


def bucket(ms: float) -> int:
    """Return the bucket of a duration."""
    return math.ceil(math.log2(max(ms, SMALLEST_MS)) * PER_DOUBLING) - 1


def upper_ms(index: int) -> float:
    """Return the longest duration the bucket holds."""
    return float(2.0 ** ((index + 1) / PER_DOUBLING))


def middle_ms(index: int) -> float:
    """Return the duration that stands for the bucket: wrong by at most 2.17 %."""
    lower, upper = float(2.0 ** (index / PER_DOUBLING)), upper_ms(index)
    return 2.0 * lower * upper / (lower + upper)
