"""How long a station waits before it calls the hub again: any time up to a bound that grows ("full jitter").

Thousands of stations lose a hub at the same moment. None of them may call at the same moment as the others.
https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
"""

from __future__ import annotations

from typing import Final

FIRST_S: Final = 1.0
LONGEST_S: Final = 60.0
STEADY_S: Final = 60.0
"""A link that has held for so long is one: until then it is a try, also one that was welcomed."""
SOCKET_FIRST_S: Final = 20.0
SOCKET_LONGEST_S: Final = 300.0
"""Where no socket passes, one is tried again after this time."""

ELSEWHERE_FIRST_S: Final = 30.0
ELSEWHERE_LONGEST_S: Final = 300.0


def bound_s(tries: int) -> float:
    """Return the longest wait after so many tries in vain; the first one is quick."""
    return min(LONGEST_S, FIRST_S * float(1 << min(tries, 16)))


def wait_s(tries: int, chance: float, *, at_least_s: float = 0.0) -> float:
    """Return the wait after so many tries in vain. ``chance``: evenly distributed in 0 … 1.

    ``at_least_s``: what the hub asked for. It is spread, too: whoever is told the same would come back together.
    """
    return at_least_s + bound_s(tries) * chance


def elsewhere_s(times: int, chance: float) -> float:
    """Return after how long a station whose hub's store is away asks by another address, so many times in vain.

    All stations of that hub hear it within one sign of life, and where the store is away for every address all ask.
    """
    return min(ELSEWHERE_LONGEST_S, ELSEWHERE_FIRST_S * float(1 << min(times, 16))) * chance


def tries_after(tries: int, held_s: float) -> int:
    """Return from how many tries the waits grow on when a link is lost that has held for so long.

    Something on the way may drop every link as soon as it is made: its stations would all call again at once, for ever.
    """
    return 0 if held_s >= STEADY_S else tries


def socket_again_s(times: int, chance: float) -> float:
    """Return after how long a socket is tried again, when so many in a row came to nothing while the hub answered.

    At first soon: a hub with too much to do says no more than a proxy that swallows sockets.
    """
    return min(SOCKET_LONGEST_S, SOCKET_FIRST_S * float(1 << min(times - 1, 16))) * (0.5 + 0.5 * chance)
