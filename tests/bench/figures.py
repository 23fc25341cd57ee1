"""What a benchmark hands back: figures, each beside what it is held against and, where DESIGN has one, its budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Literal

Holds = Literal["within", "over"]


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit of DESIGN §7: on the value itself or on its ratio to the reference, at most or at least."""

    limit: float
    on: Literal["value", "ratio"] = "value"
    rule: Literal["at most", "at least"] = "at most"

    def judge(self, value: float, ratio: float | None) -> Holds | None:
        """Say whether the figure is within; None where there is no ratio to judge."""
        judged = value if self.on == "value" else ratio
        if judged is None:
            return None
        return "within" if (judged <= self.limit if self.rule == "at most" else judged >= self.limit) else "over"

    def __str__(self) -> str:
        sign = "≤" if self.rule == "at most" else "≥"
        return f"{sign} {self.limit:g}" + (" ×" if self.on == "ratio" else "")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``ratio`` is value to reference, or the other way round where more of the value is better."""

    what: str
    value: float
    unit: str
    reference: float | None = None
    against: str = ""
    budget: Budget | None = None
    speed_up: bool = False  # the ratio says how many times faster than the reference it is
    n: int = 1

    @property
    def ratio(self) -> float | None:
        """The value as a multiple of the reference; with ``speed_up`` the reference as a multiple of the value."""
        if self.reference is None or not self.value or not self.reference:
            return None
        return self.reference / self.value if self.speed_up else self.value / self.reference

    @property
    def holds(self) -> Holds | None:
        """Whether the budget is kept, where there is one."""
        return self.budget.judge(self.value, self.ratio) if self.budget else None

    def as_data(self) -> dict[str, object]:
        """Return the figure as JSON's kinds, ratio and judgement included."""
        return {
            **asdict(self),
            "budget": str(self.budget) if self.budget else None,
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "holds": self.holds,
        }


def report(figures: Sequence[Figure], **raw: object) -> dict[str, object]:
    """Return what ``measure()`` hands back: the figures, and what they were made of."""
    return {"figures": [one.as_data() for one in figures], **raw}


def middle(values: Sequence[float]) -> float:
    """Return the median, rounded to a tenth."""
    return round(median(values), 1)


def printed(name: str, about: str, measured: Mapping[str, object]) -> str:
    """Return a benchmark's figures for a terminal."""
    lines = [f"{name}: {about}"]
    figures = measured.get("figures")
    for one in figures if isinstance(figures, list) else []:
        ratio = one.get("ratio")
        reference = one.get("reference")
        beside = f"  beside {_number(reference)} {one['unit']} ({one['against']})" if reference is not None else ""
        times = f"  = {ratio:.2f} ×" if isinstance(ratio, float) else ""
        faster = " faster" if times and one.get("speed_up") else ""
        judged = f"  [{one['holds']}: budget {one['budget']}]" if one.get("holds") else ""
        lines.append(f"  {one['what']}: {_number(one['value'])} {one['unit']}{beside}{times}{faster}{judged}")
    if len(lines) == 1:
        lines += [f"  {key}: {value}" for key, value in measured.items()]
    return "\n".join(lines)


def _number(value: object) -> str:
    if not isinstance(value, int | float):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"
