"""The last days on this computer in figures: read on a worker, as an officer may see them."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from launcher.session.snapshot import PartView, WeekView
from launcher.timings import SpoolReader, figures_by_group

DAYS: Final = 7
AT_MOST: Final = 10_000
"""So many records are read: a terminal that ten officers share in a day makes a few thousand in a week."""

OWN_ROWS: Final = ("sign-in", "switch")
"""Rows of the computer itself, which are no system's."""


def read_week(reader: SpoolReader, now: float | None = None) -> WeekView:
    """Read the last seven days; blocks. Raises :class:`launcher.timings.TimingsNotReadError`."""
    after = (time.time() if now is None else now) - DAYS * 86400.0
    records = reader.newest(after=after, limit=AT_MOST)
    rows = figures_by_group(records)
    return WeekView(
        tuple(PartView(row.system, row.phase, row.n, row.p50_ms, row.p95_ms, row.failures, row.asked) for row in rows),
        newest=len(records) if len(records) == AT_MOST else 0,
    )


def seen_by(week: WeekView, systems: Collection[str]) -> WeekView:
    """Leave out the systems that an officer may not open: that others use them here is none of their business."""
    named = {*systems, *OWN_ROWS}
    return replace(week, parts=tuple(part for part in week.parts if part.system in named))
