"""How much larger or smaller a page can be drawn: in the steps that browsers have."""

from __future__ import annotations

from typing import Final

STEPS: Final = (0.5, 0.67, 0.75, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
"""The engine draws a page five times as large at most, and text may be at 200 % already."""


def stepped(zoom: float, step: int) -> float:
    """Return the zoom one step larger (+1) or smaller (-1), or the usual one (0)."""
    if step == 0:
        return 1.0
    at = min(range(len(STEPS)), key=lambda place: abs(STEPS[place] - zoom))
    return STEPS[min(max(0, at + step), len(STEPS) - 1)]
