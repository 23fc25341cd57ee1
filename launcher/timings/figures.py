"""The figures: n, p50, p95, who was asked and failures, by system and phase, exact from the spool's rows."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from launcher.timings.clock import own_ms, totals, union_ms
from launcher.timings.phases import GROUPS, LAUNCH, SIGN_IN, SWITCH, group_of_span
from launcher.timings.spool import SpoolReader, TimingRecord
from launcher.wire.records import ASKS, LaunchRecord, PhaseSpan, SignInRecord, SwitchRecord

AGAIN = "again"
"""The phase by which the whole of a sign-on again is listed, beside the openings of its system and never among them."""

_OWN = ("sign-in", "switch", "resume")
"""The rows of the computer itself, at which nobody is asked by a system."""

_ORDER = {
    name: place for place, name in enumerate(("total", "machine", *SIGN_IN, *LAUNCH, *SWITCH, "gap", *GROUPS, AGAIN))
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One row. ``n`` is how many were measured; the percentiles (nearest rank, ms) are of those that succeeded.

    ``system`` is a system's id, ``sign-in`` or ``switch``; ``phase`` a phase, or ``total``, ``machine`` (total without
    the officer's own time), ``gap`` or ``again``. A system's ``total`` is without the officer's own time, too: that is
    its ``person``. ``asked`` counts, against ``total``, where they had to do something: read a notice, give a password
    or a code. ``failures`` counts against ``total`` and against the phase that ran last.
    """

    system: str
    phase: str
    n: int
    p50_ms: float
    p95_ms: float
    failures: int
    asked: int = 0


@dataclass(slots=True)
class _Cell:
    n: int = 0
    asked: int = 0
    failures: int = 0
    took_ms: list[float] = field(default_factory=list)


def figures(records: Iterable[TimingRecord]) -> tuple[Figure, ...]:
    """Return the rows: systems by name, sign-in first and switch last, phases in the order they happen."""
    return _figures(records, lambda span: span.phase, "gap")


def figures_by_group(records: Iterable[TimingRecord]) -> tuple[Figure, ...]:
    """Return the rows with the groups of the screen for phases; a phase that nobody named counts with the gap.

    A sign-on again is left out: nobody waits for it at a launchpad.
    """
    openings = (one for one in records if not (isinstance(one, LaunchRecord) and one.again))
    return _figures(openings, group_of_span, "Not measured")


def _figures(records: Iterable[TimingRecord], part_of: Callable[[PhaseSpan], str], gap: str) -> tuple[Figure, ...]:
    cells: defaultdict[tuple[str, str], _Cell] = defaultdict(_Cell)
    for record in records:
        system = _row(record)
        outcome = _outcome(record)
        if outcome == "cancelled":
            continue
        asked = isinstance(record, LaunchRecord) and record.prompts > 0
        if isinstance(record, LaunchRecord) and record.again:
            cell = cells[system, AGAIN]
            cell.n += 1
            cell.asked += asked
            cell.failures += outcome == "failed"
            cell.took_ms += [own_ms(record)] if outcome == "ready" else []
            continue
        last = _last_part(record.phases, part_of) if outcome == "failed" else ""
        for phase, took_ms in _durations(record, part_of, gap).items():
            cell = cells[system, phase]
            cell.n += 1
            cell.asked += asked and phase == "total"
            if outcome == "failed":
                cell.failures += phase in ("total", last)
            elif outcome == "ready":
                cell.took_ms.append(took_ms)
    return tuple(
        Figure(
            system,
            phase,
            cell.n,
            nearest_rank(cell.took_ms, 0.50),
            nearest_rank(cell.took_ms, 0.95),
            cell.failures,
            cell.asked,
        )
        for (system, phase), cell in sorted(cells.items(), key=lambda item: _place(*item[0]))
    )


def nearest_rank(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least ``share`` of all values do not exceed; 0 where there is none."""
    if not values:
        return 0.0
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def usual_ms(reader: SpoolReader, system: str) -> float:
    """Return the median of the system's recent ready launches, for "about 6 s"; 0 where none is known."""
    recent = reader.recent_launches(system)
    return median(map(own_ms, recent)) if recent else 0.0


def usual_by_system_ms(reader: SpoolReader, *, of: int = 20) -> Mapping[str, float]:
    """Return the median of each system's recent ready launches: one look for a launchpad of hundreds."""
    return {system: median(times[:of]) for system, times in reader.ready_times_ms().items()}


def usual_sign_in_ms(reader: SpoolReader) -> float:
    """Return the median machine time of recent sign-ins, for "Signing in, about 3 s"; 0 where none is known."""
    recent = reader.recent_sign_ins()
    return median(totals(one.phases, one.total_ms).machine_ms for one in recent) if recent else 0.0


def printed(rows: Iterable[Figure]) -> str:
    """Return the rows as a table of text, times in seconds."""
    table = [("system", "phase", "n", "p50 s", "p95 s", "asked", "failures")]
    before = ""
    for row in rows:
        measured = row.n > row.failures or row.p95_ms > 0
        table.append(
            (
                row.system if row.system != before else "",
                row.phase,
                str(row.n),
                f"{row.p50_ms / 1000:.3f}" if measured else "-",
                f"{row.p95_ms / 1000:.3f}" if measured else "-",
                str(row.asked) if row.phase in ("total", AGAIN) and row.system not in _OWN else "-",
                str(row.failures),
            )
        )
        before = row.system
    if len(table) == 1:
        return "Nothing recorded yet."
    widths = [max(len(line[column]) for line in table) for column in range(7)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in table
    )


def _row(record: TimingRecord) -> str:
    if isinstance(record, LaunchRecord):
        return record.system
    # An officer who comes back is no switch between two: nothing ends and no screen is waited for.
    return "resume" if isinstance(record, SwitchRecord) and record.reason == "resume" else record.kind


def _outcome(record: TimingRecord) -> str:
    if isinstance(record, LaunchRecord):
        # Unknown is neither: the entry has no marker, so nobody can say. Nor is what waits for the officer.
        return record.outcome if record.outcome in ("ready", "cancelled", "unknown", *ASKS) else "failed"
    if isinstance(record, SignInRecord):
        return {"signed-in": "ready", "cancelled": "cancelled"}.get(record.outcome, "failed")
    return "ready"


def _durations(record: TimingRecord, part_of: Callable[[PhaseSpan], str], gap: str) -> dict[str, float]:
    sums = totals(record.phases, record.total_ms)
    by_part: defaultdict[str, list[PhaseSpan]] = defaultdict(list)
    for span in record.phases:
        by_part[part_of(span)].append(span)
    took_ms = {part: union_ms(spans, record.total_ms) for part, spans in by_part.items()}
    # The gap is what no span covers, so nothing counts twice where spans go by its name.
    rest_ms = {gap: took_ms.get(gap, 0.0) + sums.gap_ms}
    total_ms = sums.machine_ms if isinstance(record, LaunchRecord) else sums.total_ms
    return {"total": total_ms, "machine": sums.machine_ms, **took_ms, **rest_ms}


def _last_part(spans: Iterable[PhaseSpan], part_of: Callable[[PhaseSpan], str]) -> str:
    return max(((span.start_ms + span.duration_ms, part_of(span)) for span in spans), default=(0.0, ""))[1]


def _place(system: str, phase: str) -> tuple[int, str, int, str]:
    rank = {"sign-in": 0, "switch": 2}.get(system, 1)
    return rank, system, _ORDER.get(phase, len(_ORDER)), phase
