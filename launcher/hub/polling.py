"""The poll behind the wakes: one look at all stations of this process finds what no wake has told."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from launcher.hub.service import Hub
from launcher.hub.stations.tables import stations, versions

EVERY_S: Final = 15.0

Seen = dict[str, tuple[object, ...]]


class Poll:
    """Looks at what there is for the stations whose sockets this process has."""

    def __init__(self) -> None:
        self._seen: Seen = {}

    def keep(self, hub: Hub) -> None:
        """Wake the stations for whom something has changed since the last look, and all others who wait."""
        seen = _seen(hub)
        changed = {station for station, counted in seen.items() if self._seen.get(station) != counted}
        changed |= self._seen.keys() - seen.keys()  # removed, or another process has its socket now
        self._seen = seen
        for topic in hub.wakes.waited_for():
            kind, _, name = topic.partition(":")
            if kind != "station" or name in changed:
                hub.wakes.heard(topic)


def _seen(hub: Hub) -> Seen:
    asked = select(
        stations.c.station, stations.c.command, stations.c.elsewhere, stations.c.roles, stations.c.quarantined
    ).where(stations.c.connected_to == hub.process)
    with hub.store.reading() as connection:
        lists = tuple(tuple(one) for one in connection.execute(select(versions).order_by(versions.c.what)))
        return {row[0]: (*row[1:], lists) for row in connection.execute(asked)}
