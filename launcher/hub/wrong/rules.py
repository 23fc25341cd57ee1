"""What counts as wrong: plain rules over counts of the last minutes and of the last days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from launcher.timings.buckets import middle_ms

if TYPE_CHECKING:
    from launcher.hub.settings import WrongSettings

EVERYWHERE: Final = ""
FAILED: Final = ("failed", "timed-out")
"""Outcomes of openings that are failures; one that its officer broke off, or has to answer, is none."""
SIGN_IN: Final = "sign-in"
"""Stands for a system's id where officers log on."""
SERVERS_FAULT: Final = (
    "directory-", "provider-unreachable", "provider-answer", "provider-certificate", "id-token-",
    "kerberos-unreachable", "kerberos-server", "kerberos-clock",
)  # fmt: skip
"""How the references of those refused sign-ins begin that are nobody's mistyped password."""

Histogram = Mapping[int, int]
"""How many openings by bucket (``timings.buckets``)."""


@dataclass(slots=True)
class Cell:
    """One system at one place, or everywhere, in the last minutes. ``stations``: where it failed."""

    system: str
    place: str
    tried: int = 0
    failures: int = 0
    stations: set[str] = field(default_factory=set)
    since: float | None = None
    references: dict[str, int] = field(default_factory=dict)
    took: dict[int, int] = field(default_factory=dict)

    @property
    def opened(self) -> int:
        """How many openings were measured."""
        return sum(self.took.values())

    @property
    def reference(self) -> str:
        """The reference that most failures have."""
        return max(self.references, key=lambda one: (self.references[one], one), default="")


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that is wrong, and how."""

    kind: Literal["failing", "slow"]
    cell: Cell
    p95_ms: float | None = None
    usual_p95_ms: float | None = None

    @property
    def badness(self) -> tuple[int, int, float]:
        """The worst is the greatest: what fails at several terminals, what is slow, what one terminal alone says fails.

        One that is stolen, or mad, tells what it likes of as many systems as it likes: that pushes nothing else out.
        """
        if self.kind == "slow":
            return (1, 0, (self.p95_ms or 0.0) / max(1.0, self.usual_p95_ms or 1.0) * self.cell.opened)
        terminals = len(self.cell.stations)
        return (2 if terminals > 1 else 0, terminals, float(self.cell.failures))


def faults(cells: Iterable[Cell], usual: Mapping[str, Histogram], limits: WrongSettings) -> list[Fault]:
    """Return what is wrong, the worst first.

    A system that fails at two places or more, and by the whole force's count, too, is one fault everywhere; else each
    place is one. ``usual``: by system, over the whole force: a place alone opens too little to say what is usual.
    """
    by_system: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_system[cell.system].append(cell)
    found = [
        fault
        for system, some in by_system.items()
        for fault in (*_failing(some, limits), *_slow(some, usual.get(system, {}), limits))
    ]
    return sorted(found, key=lambda fault: fault.badness, reverse=True)


def percentile_ms(took: Histogram, share: float) -> float | None:
    """Return the duration that ``share`` of the openings did not exceed; None where there are none."""
    left = sum(took.values()) * share
    for bucket in sorted(took):
        left -= took[bucket]
        if left <= 0:
            return middle_ms(bucket)
    return None


def together(cells: Iterable[Cell]) -> Cell:
    """Return the cell of the whole force."""
    some = list(cells)
    whole = Cell(some[0].system, EVERYWHERE)
    for cell in some:
        whole.tried += cell.tried
        whole.failures += cell.failures
        whole.stations |= cell.stations
        if cell.since is not None:
            whole.since = cell.since if whole.since is None else min(whole.since, cell.since)
        for reference, many in cell.references.items():
            whole.references[reference] = whole.references.get(reference, 0) + many
        for bucket, many in cell.took.items():
            whole.took[bucket] = whole.took.get(bucket, 0) + many
    return whole


def _failing(cells: list[Cell], limits: WrongSettings) -> list[Fault]:
    whole = together(cells)
    places = [cell for cell in cells if cell.failures]
    if len(places) > 1 and _fails(whole, limits):
        return [Fault("failing", whole)]
    return [Fault("failing", cell) for cell in places if _fails(cell, limits)]


def _fails(cell: Cell, limits: WrongSettings) -> bool:
    return cell.failures >= limits.failures and cell.failures >= limits.failing_share * cell.tried


def _slow(cells: list[Cell], usual: Histogram, limits: WrongSettings) -> list[Fault]:
    usual_ms = percentile_ms(usual, 0.95)
    if usual_ms is None or sum(usual.values()) < limits.usual_openings:
        return []
    slow = [fault for cell in cells if (fault := _slow_at(cell, usual_ms, limits)) is not None]
    if len(slow) > 1 and (whole := _slow_at(together(cells), usual_ms, limits)) is not None:
        return [whole]
    return slow


def _slow_at(cell: Cell, usual_ms: float, limits: WrongSettings) -> Fault | None:
    p95_ms = percentile_ms(cell.took, 0.95)
    if p95_ms is None or cell.opened < limits.slow_openings:
        return None
    if p95_ms < usual_ms * limits.slow_times or p95_ms < usual_ms + limits.slow_by_s * 1000:
        return None
    return Fault("slow", cell, p95_ms, usual_ms)
