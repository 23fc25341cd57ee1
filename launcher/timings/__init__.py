"""Where the seconds go: phases on one clock, a spool that keeps them, and the figures made of it."""

from __future__ import annotations

from launcher.timings.clock import Running, SoFar, Timeline, Totals, own_ms, totals
from launcher.timings.figures import (
    Figure,
    figures,
    figures_by_group,
    printed,
    usual_by_system_ms,
    usual_ms,
    usual_sign_in_ms,
)
from launcher.timings.phases import GROUPS, LAUNCH, SIGN_IN, SWITCH, group_of
from launcher.timings.spool import Spool, SpoolReader, TimingsNotReadError

__all__ = [
    "GROUPS",
    "LAUNCH",
    "SIGN_IN",
    "SWITCH",
    "Figure",
    "Running",
    "SoFar",
    "Spool",
    "SpoolReader",
    "Timeline",
    "TimingsNotReadError",
    "Totals",
    "figures",
    "figures_by_group",
    "group_of",
    "own_ms",
    "printed",
    "totals",
    "usual_by_system_ms",
    "usual_ms",
    "usual_sign_in_ms",
]
