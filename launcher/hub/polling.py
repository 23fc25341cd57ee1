"""The poll behind the wakes: one look at all stations of this process finds what no wake has told."""

from __future__ import annotations

from typing import Final

from launcher.hub.service import Hub
from launcher.hub.stations import rows
from launcher.wire.hub.stations import News

EVERY_S: Final = 15.0
_MANY: Final = 50
"""Stations in one look."""
_BETWEEN_S: Final = 0.05
"""From one look to the next: with ten thousand stations in one go each request meanwhile waited longer."""


def keep(hub: Hub) -> None:
    """Wake the stations that were told otherwise than stands in the store, and all others who wait."""
    told = dict(hub.news.told)
    last = ""
    while True:
        found = _some(hub, last)
        changed = [station for station, now in found.items() if told.pop(station, None) != now]
        for station in changed:
            hub.wakes.heard(f"station:{station}")
        if len(found) < _MANY:
            break
        last = max(found)
        if hub.closing.wait(_BETWEEN_S):
            return
    for station in told:  # removed, or another process has its socket now
        hub.wakes.heard(f"station:{station}")
    for topic in hub.wakes.waited_for():
        if not topic.startswith("station:"):
            hub.wakes.heard(topic)


def _some(hub: Hub, after: str) -> dict[str, News]:
    with hub.store.glancing() as connection:
        return rows.news_here(connection, hub, after, _MANY)
