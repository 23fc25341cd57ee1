"""Whether a row of measurements stays as it was: its slope over the whole run, and a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

SETTLED_AFTER = 0.2
"""The part of a run that is its beginning: modules are loaded, buffers are filled, the log of the records grows to
what it is let grow to, once in a station's life."""

MAX_POINTS = 150
"""So many are compared with one another: each pair is."""


@dataclass(frozen=True, slots=True)
class Course:
    """How one measurement went: its middle at first and at last, and what it gained by each hundred rounds."""

    name: str
    unit: str
    first: float
    last: float
    slope: float  # a hundred rounds
    allowed: float  # growth over the whole run that is no more than its noise
    flat: bool

    def __str__(self) -> str:
        verdict = "flat" if self.flat else "NOT FLAT"
        return (
            f"{self.name:20} {self.first:>11,.0f} → {self.last:>11,.0f} {self.unit:5} "
            f"{self.slope:>+10,.2f} a hundred  {verdict}"
        )


def course(name: str, unit: str, values: Sequence[float], *, allowed_part: float, each: int = 1) -> Course:
    """Judge a row of measurements; it is flat where over the whole run it grows by no more than ``allowed_part``.

    ``each``: how many rounds one measurement stands for.

    The slope is the median of all pairs' slopes: one odd round does not move it. What a row gains from its first tenth
    to its last counts as well, so that a step in the middle is seen.
    """
    settled = list(values[int(len(values) * SETTLED_AFTER) :]) or list(values)
    tenth = max(1, len(settled) // 10)
    first, last = median(settled[:tenth]), median(settled[-tenth:])
    points = list(enumerate(settled))[:: -(-len(settled) // MAX_POINTS)]
    slope = median([(b - a) / (j - i) for (i, a), (j, b) in combinations(points, 2)]) if len(points) > 1 else 0.0
    allowed = first * allowed_part
    flat = slope * len(settled) <= allowed and last - first <= allowed
    return Course(name, unit, first, last, round(slope * 100 / each, 3), allowed, flat)
