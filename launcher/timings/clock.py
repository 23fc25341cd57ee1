"""A recorder of overlapping phases on one monotonic clock, and what they add up to.

Phases overlap (ten launches share a token, a page loads while the secret is fetched), so they are never summed: the
totals are lengths of *unions* of spans, and what no phase covers is the gap, which is kept and shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from launcher.timings.phases import HUMAN
from launcher.wire.records import LaunchRecord, PhaseSpan


@dataclass(frozen=True, slots=True)
class Totals:
    """What a set of spans adds up to, in ms.

    ``total_ms``: from the start to the finish. ``human_ms``: length of the union of human phases; where a person and
    the machine were busy together, the time is the person's. ``machine_ms``: total − human; waiting nobody named is
    the machine's. ``gap_ms``: total − length of the union of all phases. Always 0 ≤ gap ≤ machine ≤ total.
    """

    total_ms: float
    machine_ms: float
    human_ms: float
    gap_ms: float


@dataclass(frozen=True, slots=True)
class SoFar:
    """A phase as it stands: ``duration_ms`` is None while it runs."""

    phase: str
    start_ms: float
    duration_ms: float | None
    human: bool


class Running:
    """A phase that was started and waits for its stop; stopping twice changes nothing."""

    __slots__ = ("human", "phase", "start_ms", "stop_ms")

    def __init__(self, phase: str, start_ms: float, human: bool) -> None:
        self.phase = phase
        self.start_ms = start_ms
        self.stop_ms: float | None = None
        self.human = human


class Timeline:
    """Records phases from any thread. It starts when made and goes on until :meth:`finish`.

    It has the shape of ``identity.proof.Stopwatch``. ``clock`` returns seconds and never goes back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, started: float | None = None) -> None:
        self._clock = clock
        self._started = clock() if started is None else started
        self._finished_ms: float | None = None
        self._phases: list[Running] = []
        self._lock = Lock()

    @property
    def started(self) -> float:
        """The start, on the clock, in seconds."""
        return self._started

    def now_ms(self) -> float:
        """Return ms since the start."""
        return max(0.0, (self._clock() - self._started) * 1000.0)

    def start(self, name: str, *, human: bool = False, at_ms: float | None = None) -> Running:
        """Begin a phase that some later event stops; ``at_ms`` where it began before it was noticed."""
        running = Running(name, self.now_ms() if at_ms is None else max(0.0, at_ms), human or name in HUMAN)
        with self._lock:
            self._phases.append(running)
        return running

    def stop(self, running: Running) -> None:
        """End a phase; a second stop changes nothing."""
        if running.stop_ms is None:
            running.stop_ms = max(running.start_ms, self.now_ms())

    @contextmanager
    def phase(self, name: str, *, human: bool = False) -> Iterator[None]:
        """Time a block as one phase, also when it raises."""
        running = self.start(name, human=human)
        try:
            yield
        finally:
            self.stop(running)

    def finish(self) -> float:
        """End the whole, and every phase still running with it; return the total in ms. Only the first call counts."""
        with self._lock:
            if self._finished_ms is None:
                self._finished_ms = self.now_ms()
                for running in self._phases:
                    if running.stop_ms is None:
                        running.stop_ms = max(running.start_ms, self._finished_ms)
            return self._finished_ms

    def so_far(self) -> tuple[SoFar, ...]:
        """Return the phases as they stand, in the order they began, for a screen that draws them live."""
        with self._lock:
            phases = sorted(self._phases, key=lambda running: running.start_ms)
        return tuple(
            SoFar(one.phase, one.start_ms, None if one.stop_ms is None else one.stop_ms - one.start_ms, one.human)
            for one in phases
        )

    def spans(self) -> tuple[PhaseSpan, ...]:
        """Return all phases for a record; one that still runs is measured to now."""
        now_ms = self.now_ms()
        return tuple(
            PhaseSpan(
                phase=one.phase,
                start_ms=round(one.start_ms, 3),
                duration_ms=round(max(0.0, now_ms - one.start_ms) if one.duration_ms is None else one.duration_ms, 3),
                human=one.human,
            )
            for one in self.so_far()
        )

    def totals(self) -> Totals:
        """Return what the phases add up to, to the finish or to now."""
        finished_ms = self._finished_ms
        return totals(self.spans(), self.now_ms() if finished_ms is None else finished_ms)


def totals(spans: Iterable[PhaseSpan], total_ms: float) -> Totals:
    """Add up spans within ``[0, total_ms]``; what lies outside is cut off. The order of the spans does not matter."""
    spans = tuple(spans)
    human_ms = union_ms((span for span in spans if span.human), total_ms)
    covered_ms = union_ms(spans, total_ms)
    return Totals(
        total_ms=total_ms,
        machine_ms=max(0.0, total_ms - human_ms),
        human_ms=human_ms,
        gap_ms=max(0.0, total_ms - covered_ms),
    )


def own_ms(record: LaunchRecord) -> float:
    """Return how long an opening took without what the officer read and typed meanwhile, in ms."""
    return totals(record.phases, record.total_ms).machine_ms


def union_ms(spans: Iterable[PhaseSpan], total_ms: float) -> float:
    """Return the length of the union of spans within ``[0, total_ms]``, in ms."""
    edges = sorted(
        (max(0.0, span.start_ms), min(total_ms, span.start_ms + span.duration_ms))
        for span in spans
        if span.start_ms < total_ms
    )
    length, reached = 0.0, 0.0
    for start, stop in edges:
        if stop > reached:
            length += stop - max(start, reached)
            reached = stop
    return min(length, total_ms)
