"""What a search found, and what it could not see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Residue:
    """``scanned`` and ``unscanned`` name places; ``found`` says which pattern (by index) lies where.

    Clean is only what was searched completely: an ``unscanned`` place fails like a find.
    """

    scanned: tuple[str, ...] = ()
    unscanned: tuple[str, ...] = ()
    found: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether something was searched, all of it, and nothing was found."""
        return bool(self.scanned) and not self.unscanned and not self.found


def together(parts: Iterable[Residue]) -> Residue:
    """Return several results as one, in order."""
    parts = tuple(parts)
    return Residue(
        scanned=tuple(place for part in parts for place in part.scanned),
        unscanned=tuple(place for part in parts for place in part.unscanned),
        found=tuple(place for part in parts for place in part.found),
    )
