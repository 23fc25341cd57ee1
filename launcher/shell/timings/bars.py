"""From a launch to the bars of its waterfall row: groups, gaps and totals, all in ms; free of painting."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from launcher.session.snapshot import LaunchView, PhaseView, Snapshot, SystemView
from launcher.shell.look import Phase
from launcher.timings.phases import group_of

TOKEN: Mapping[str, Phase] = {
    "Start": Phase.START,
    "Connect": Phase.CONNECT,
    "Load": Phase.LOAD,
    "Sign on": Phase.SIGN_ON,
    "Settle": Phase.SETTLE,
    "Not measured": Phase.GAP,
    "You": Phase.YOU,
}
"""What a group of phases is drawn as."""

SHOWN_GAP_MS = 20.0
"""Shorter gaps are not drawn as a line of their own; they are counted all the same."""

ORDER = (Phase.START, Phase.CONNECT, Phase.LOAD, Phase.SIGN_ON, Phase.YOU, Phase.SETTLE, Phase.GAP)
"""How groups are listed, in words and in the table."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of a row; ``running`` while it goes on."""

    phase: Phase
    start_ms: float
    end_ms: float
    running: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One launch as a row: ``offset_ms`` is how long after the chart's start it began."""

    launch: LaunchView
    system: SystemView
    offset_ms: float
    total_ms: float
    bars: tuple[Bar, ...]

    @property
    def ended(self) -> bool:
        """Whether the opening is over, one way or another."""
        return self.launch.took_ms is not None

    @property
    def human_ms(self) -> float:
        """The officer's own time, which is never counted against the system."""
        return self.total_of(Phase.YOU)

    @property
    def system_ms(self) -> float:
        """What the system itself took."""
        return max(0.0, self.total_ms - self.human_ms)

    def total_of(self, phase: Phase) -> float:
        """Return how much of the row a group covers; overlapping stretches of one group count once."""
        return covered_ms([(bar.start_ms, bar.end_ms) for bar in self.bars if bar.phase is phase])


def row_of(launch: LaunchView, system: SystemView, offset_ms: float = 0.0, now: float | None = None) -> Row:
    """Return the row of a launch; one that runs ends now (``now`` on the clock of time.monotonic())."""
    passed_ms = max(0.0, ((time.monotonic() if now is None else now) - launch.started) * 1000)
    total_ms = launch.took_ms if launch.took_ms is not None else passed_ms
    bars = [_bar(phase, total_ms) for phase in launch.phases]
    gaps = [Bar(Phase.GAP, start, end) for start, end in gaps_of(launch.phases, total_ms)]
    drawn = sorted((bar for bar in (*bars, *gaps) if bar is not None), key=lambda bar: (bar.start_ms, -bar.end_ms))
    return Row(launch, system, offset_ms, total_ms, tuple(drawn))


def own_ms(launch: LaunchView) -> float | None:
    """Return what an opening took without the officer's own time; None while it goes on."""
    if launch.took_ms is None:
        return None
    theirs = [one for one in launch.phases if group_of(one.phase, human=one.human) == "You"]
    return launch.took_ms - covered_ms([(one.start_ms, one.start_ms + (one.duration_ms or 0.0)) for one in theirs])


def rows_of(snapshot: Snapshot, systems: Sequence[str] | None, start: float | None) -> tuple[Row, ...]:
    """Return the rows of the launches of ``systems`` (all if None), in the order they were opened.

    With ``start``, the chart's start on the clock of time.monotonic(), each row begins as long after it as it did.
    """
    chosen = [one for one in snapshot.launches if systems is None or one.system in systems]
    rows = []
    for launch in sorted(chosen, key=lambda one: one.started):
        entry = snapshot.system(launch.system)
        if entry is not None:
            offset_ms = 0.0 if start is None else max(0.0, (launch.started - start) * 1000)
            rows.append(row_of(launch, entry, offset_ms))
    return tuple(rows)


def covered_ms(stretches: Sequence[tuple[float, float]]) -> float:
    """Return the length of the union of ``stretches``."""
    total, reached = 0.0, float("-inf")
    for start, end in sorted(stretches):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total


def gaps_of(phases: Sequence[PhaseView], total_ms: float) -> list[tuple[float, float]]:
    """Return the stretches that no phase covers."""
    gaps: list[tuple[float, float]] = []
    reached = 0.0
    for phase in sorted(phases, key=lambda one: one.start_ms):
        if phase.start_ms > reached:
            gaps.append((reached, min(phase.start_ms, total_ms)))
        end = total_ms if phase.duration_ms is None else phase.start_ms + phase.duration_ms
        reached = max(reached, end)
    if total_ms > reached:
        gaps.append((reached, total_ms))
    return gaps


def ticks_of(longest_ms: float, at_most: int) -> tuple[int, ...]:
    """Return the seconds of the axis: even steps, at most ``at_most`` of them, the last not before the longest row."""
    for step in (1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1800, 3600):
        count = int(-(-longest_ms // (step * 1000)))
        if count <= max(1, at_most - 1):
            return tuple(step * number for number in range(max(1, count) + 1))
    return (0, int(longest_ms // 1000) + 1)


def _bar(phase: PhaseView, total_ms: float) -> Bar | None:
    token = TOKEN[group_of(phase.phase, human=phase.human)]
    running = phase.duration_ms is None
    end_ms = total_ms if phase.duration_ms is None else phase.start_ms + phase.duration_ms
    if token is Phase.GAP and not running and end_ms <= phase.start_ms:
        return None
    return Bar(token, phase.start_ms, max(end_ms, phase.start_ms), running)
