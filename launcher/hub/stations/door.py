"""How many stations may be on their way in at once: whoever comes then is turned away at once, and comes again.

After an outage ten thousand call. Where all are heard, each waits for longer than a station does, every proof comes out
for one that has given up, and nobody is let in at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from launcher.hub.errors import StoreAwayError

ROOM: Final = 200
"""A process proves 70 in a second and more; a station waits for 10 s, also on a computer that is three times slower."""


def too_many() -> StoreAwayError:
    """Return what whoever is turned away is told: a link waits for longer each time."""
    return StoreAwayError("More stations call than the hub can let in at once.")


class Door:
    """All belongs to the process's loop."""

    def __init__(self) -> None:
        self._many = 0

    @property
    def is_full(self) -> bool:
        """Say whether one that comes now is to be turned away."""
        return self._many >= ROOM

    @contextmanager
    def entering(self) -> Iterator[None]:
        """Be one of those on their way in, for the block. Raises :class:`StoreAwayError` where there is no room.

        Whoever connects and says nothing is none of them: they would keep the others out.
        """
        if self.is_full:
            raise too_many()
        self._many += 1
        try:
            yield
        finally:
            self._many -= 1
