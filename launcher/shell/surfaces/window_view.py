"""What the row of a system's windows shows of each; free of the browser engine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WindowView:
    """One window of a system; ``first``: the system's own, which is closed with it."""

    key: int
    title: str
    front: bool
    first: bool
