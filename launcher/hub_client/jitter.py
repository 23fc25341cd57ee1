"""How long a station waits before it calls the hub again: any time up to a bound that grows ("full jitter").

Thousands of stations lose a hub at the same moment. None of them may call at the same moment as the others.
https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
"""

from __future__ import annotations

from typing import Final

FIRST_S: Final = 1.0
LONGEST_S: Final = 60.0


def bound_s(tries: int) -> float:
    """Return the longest wait after so many tries in vain; the first one is quick."""
    return min(LONGEST_S, FIRST_S * float(1 << min(tries, 16)))


def wait_s(tries: int, chance: float, *, at_least_s: float = 0.0) -> float:
    """Return the wait after so many tries in vain. ``chance``: evenly distributed in 0 … 1.

    ``at_least_s``: what the hub asked for. It is spread, too: whoever is told the same would come back together.
    """
    return at_least_s + bound_s(tries) * chance
