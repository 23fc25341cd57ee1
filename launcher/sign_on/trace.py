"""What was done and seen at each step, for ``system try``: names of values and places, never what was filled in."""

from __future__ import annotations

from dataclasses import dataclass, field

from launcher.recipes.pages import PageFill
from launcher.recipes.screens import ScreenFill
from launcher.recipes.stages import STAGE_VALUE, StageFill
from launcher.recipes.steps import FIELD_VALUE, Fill, Place, Press


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One thing done; ``step`` counts from 1, and is one more than the number of steps after the last."""

    step: int
    did: str
    saw: str
    at_ms: float

    def __str__(self) -> str:
        saw = f"  → {self.saw}" if self.saw else ""
        return f"{self.at_ms:8.0f} ms  step {self.step:>2}  {self.did}{saw}"


@dataclass(slots=True)
class Trace:
    """A list of lines that grows while a system is signed on."""

    lines: list[TraceLine] = field(default_factory=list)

    def note(self, step: int, did: str, saw: str, at_ms: float) -> None:
        """Add a line."""
        self.lines.append(TraceLine(step, did, saw, at_ms))


def place_in_words(place: Place) -> str:
    """Describe a place as its entry writes it."""
    given = (("selector", place.selector), ("text", place.text), ("url", place.url), ("absent", place.absent))
    return " and ".join(f"{name} {value!r}" for name, value in given if value)


def fill_in_words(fill: Fill) -> str:
    """Describe a fill by its field and the names of its values; its fixed text is left out."""
    names = ", ".join("{" + name + "}" for name in FIELD_VALUE.findall(fill.value)) or "a fixed text"
    return f"fill {fill.field or 'a line'} with {names}"


def press_in_words(press: Press) -> str:
    """Describe a press."""
    return f"press {press.control or press.key}"


def stage_fill_in_words(fill: StageFill) -> str:
    """Describe a fill of a screen or page by its field and the names of its values; its fixed text is left out."""
    names = ", ".join("{" + name + "}" for name in STAGE_VALUE.findall(fill.value)) or "a fixed text"
    if isinstance(fill, PageFill):
        return f"fill {fill.field} with {names}"
    if not isinstance(fill, ScreenFill):
        return f"fill with {names}"
    kind = "hidden field" if fill.hidden else "field"
    if fill.label:
        return f"fill the {kind} behind {fill.label!r} with {names}"
    if fill.row is not None:
        return f"fill the {kind} at row {fill.row}, column {fill.column} with {names}"
    if fill.input is not None:
        return f"fill {kind} {fill.input} with {names}"
    return f"fill the {kind} with {names}" if fill.hidden else f"type {names}"
