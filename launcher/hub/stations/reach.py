"""Which stations can be reached now: those whose socket a living process of the hub has, and those that poll.

A process gives one sign of life for all its sockets together; one that is killed takes them with it after
:data:`MISSED_BEATS` of them, whoever looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, Connection, and_, case, delete, insert, or_, select, update

from launcher.hub.stations.tables import processes, stations

if TYPE_CHECKING:
    from launcher.hub.service import Hub

MISSED_BEATS: Final = 3
POLLED_WITHIN_S: Final = 90.0
"""A station without a socket asks for news more often than this (``[hub] poll_s`` of its file: 60 at most)."""
NOTED_AGAIN_S: Final = 20.0
"""Polls are noted no more often: each would be a write."""


def reachable_clause(hub: Hub) -> ColumnElement[bool]:
    """Return the condition, on a row of ``stations``, that a command reaches the station now."""
    now = hub.clock()
    trusted = stations.c.quarantined.is_(None)  # else nothing is handed out to it, whoever it is
    living = select(processes.c.process).where(processes.c.heard > _dead_before(hub))
    # Whoever asks lives, also where the store was away for so long that no sign of life of it could be noted.
    connected = or_(stations.c.connected_to == hub.process, stations.c.connected_to.in_(living))
    return and_(trusted, or_(connected, stations.c.polled > now - POLLED_WITHIN_S))


def is_reachable(connection: Connection, hub: Hub, station: str) -> bool:
    """Say whether a command reaches the station now."""
    asked = select(stations.c.station).where(stations.c.station == station, reachable_clause(hub))
    return connection.execute(asked).one_or_none() is not None


def beat(connection: Connection, hub: Hub) -> None:
    """Give the process's sign of life; one whose last is too old lives anew."""
    now = hub.clock()
    began = case((processes.c.heard <= _dead_before(hub), now), else_=processes.c.began)
    lives = update(processes).where(processes.c.process == hub.process).values(heard=now, began=began)
    if connection.execute(lives).rowcount == 0:
        connection.execute(insert(processes).values(process=hub.process, began=now, heard=now))


def end(connection: Connection, hub: Hub) -> None:
    """Forget this process, which ends: its sockets are closed."""
    connection.execute(delete(processes).where(processes.c.process == hub.process))
    had = update(stations).where(stations.c.connected_to == hub.process)
    connection.execute(had.values(connected_to="", heard=hub.clock()))


def forget_the_dead(connection: Connection, hub: Hub) -> tuple[str, ...]:
    """Forget processes that ended without a word; return the stations that they had.

    One that has not lived for so long itself forgets nobody yet: after the store was away, all others are as silent.
    """
    beat(connection, hub)
    began = connection.execute(select(processes.c.began).where(processes.c.process == hub.process)).scalar_one()
    if began > _dead_before(hub):
        return ()
    connection.execute(delete(processes).where(processes.c.heard <= _dead_before(hub)))
    living = select(processes.c.process)
    lost = update(stations).where(stations.c.connected_to != "", stations.c.connected_to.not_in(living))
    noted = {"connected_to": "", "heard": hub.clock()}
    return tuple(connection.execute(lost.values(noted).returning(stations.c.station)).scalars())


def connected_to(hub: Hub, at: float) -> dict[str, str | float]:
    """Return what is noted of a station whose socket this process has, proved ``at``."""
    return {"connected_to": hub.process, "connected_at": at}


def disconnected(connection: Connection, hub: Hub, station: str, at: float) -> bool:
    """Note that the socket that was proved ``at`` has ended; False: the station has a newer one, here or elsewhere."""
    had = (stations.c.connected_to == hub.process) & (stations.c.connected_at == at)
    noted = {"connected_to": "", "polled": 0.0, "heard": hub.clock()}
    return connection.execute(update(stations).where(stations.c.station == station, had).values(noted)).rowcount == 1


def polled(connection: Connection, hub: Hub, station: str) -> None:
    """Note that the station, which has no socket, has asked."""
    now = hub.clock()
    connection.execute(update(stations).where(stations.c.station == station).values(polled=now, heard=now))


def is_to_be_noted(last_polled: float, hub: Hub) -> bool:
    """Say whether a poll is worth a write."""
    return last_polled <= hub.clock() - NOTED_AGAIN_S


def _dead_before(hub: Hub) -> float:
    return hub.clock() - MISSED_BEATS * hub.settings.serve.beat_s
