"""Which of the things that a station tells are kept: all, unless it tells of more than happens at one terminal.

A stolen or faulty station makes up as much as it likes, and what stands in the audit stays there. What is over is let
go and not refused: the station goes on with what comes after, and a real one's next officer is not behind it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from launcher.hub.sittings import bounds
from launcher.wire.hub.sittings import Began, Ended

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from launcher.hub.requests import AskingStation
    from launcher.wire.hub.sittings import Happened


def kept(connection: Connection, station: AskingStation, new: list[Happened], now: float) -> list[Happened]:
    """Count what is new; return what of it is kept, in its order."""
    some = new[: bounds.as_many_happened(connection, station, len(new), now)]
    over = _began_over(connection, station, some, now) | _ended_over(connection, station, some, now)
    return [one for one in some if one.seq not in over]


def _began_over(connection: Connection, station: AskingStation, some: list[Happened], now: float) -> set[int]:
    """Return the numbers of those that began and are over: one officer's first, who takes nobody else's place."""
    whose: defaultdict[str, list[int]] = defaultdict(list)
    for one in some:
        if isinstance(one.what, Began):
            whose[one.what.person.officer].append(one.seq)
    within: list[int] = []
    over: set[int] = set()
    for officer in sorted(whose):
        theirs = whose[officer]
        many = bounds.as_many_of_one(connection, station, officer, len(theirs), now)
        within += theirs[:many]
        over.update(theirs[many:])
    within.sort()
    return over.union(within[bounds.as_many_began(connection, station, len(within), now) :])


def _ended_over(connection: Connection, station: AskingStation, some: list[Happened], now: float) -> set[int]:
    ended = [one.seq for one in some if isinstance(one.what, Ended)]
    return set(ended[bounds.as_many_ended(connection, station, len(ended), now) :])
