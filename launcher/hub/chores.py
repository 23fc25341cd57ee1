"""What a chore of the hub's is, and which process does those that one process is to do."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Column, Double, String, Table, or_, select, update

from launcher.hub.database import insert_unless_there, metadata
from launcher.hub.service import Hub

chores_done: Final = Table(
    "chores_done",
    metadata,
    Column("chore", String(64), primary_key=True),
    Column("at", Double, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Chore:
    """``keep`` is called each ``every_s`` on a worker thread, in each process; ``at_stop`` when a process ends.

    ``again_s``: so soon where the store was away, if that is sooner.
    """

    name: str
    every_s: float
    keep: Callable[[Hub], object]
    at_stop: Callable[[Hub], object] | None = None
    again_s: float = math.inf


def one(name: str, every_s: float, keep: Callable[[Hub], object]) -> Chore:
    """Make a chore of one that a single process is to do in each such time."""

    def if_due(hub: Hub) -> None:
        if is_mine(hub, name, every_s):
            keep(hub)

    return Chore(name, every_s, if_due)


def is_mine(hub: Hub, name: str, every_s: float) -> bool:
    """Say whether the chore is due, and this process the one that does it."""
    now = hub.clock()
    with hub.store.reading() as connection:
        done = connection.execute(select(chores_done.c.at).where(chores_done.c.chore == name)).scalar_one_or_none()
    if done is not None and now - every_s < done <= now + every_s:
        return False
    with hub.store.writing() as connection:
        if done is None and not insert_unless_there(connection, chores_done, {"chore": name, "at": 0.0}):
            return False  # another process does it for the first time at this moment
        at = chores_done.c.at
        # Done long after now: by a clock that was set back since. Else it would not be done for as long.
        due = update(chores_done).where(chores_done.c.chore == name, or_(at <= now - every_s, at > now + every_s))
        return connection.execute(due.values(at=now)).rowcount == 1
