"""What an X server says of its windows and is asked of its keys, in plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Grab = tuple[int, int]
"""A key by its number, and the mask of the modifiers that are held with it."""


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """What the server says of a window."""

    mapped: bool
    viewable: bool
    popup: bool  # override-redirect: no window manager touches it


@dataclass(frozen=True, slots=True)
class Happening:
    """A window directly below the root was mapped, was unmapped, or has ended."""

    kind: Literal["mapped", "unmapped", "ended"]
    window: int
