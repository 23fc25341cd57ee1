"""What follows from a station's coming and going: where its officers sit, too, is told; an end is noted in any case."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from launcher.hub.errors import HubError
from launcher.hub.lateness import whenever
from launcher.hub.sittings.elsewhere import concerned_by_reach, reach_changed
from launcher.hub.stations import reach

if TYPE_CHECKING:
    from collections.abc import Iterable

    from launcher.hub.service import Hub

_log = logging.getLogger("launcher.hub")


def note_end(hub: Hub, station: str, proved_at: float) -> None:
    """Note that the socket that was proved then has ended; :func:`keep` does where the store is away."""
    if hub.closing.is_set():
        return  # all at once, when the process ends
    hub.ends_left.add((station, proved_at))
    try:
        _note(hub, station, proved_at)
    except HubError as fault:
        _log.warning("hub-socket-end-not-noted-yet: %s", fault.reference)


def keep(hub: Hub) -> None:
    """Note the ends that are left: else such a station counts as connected for as long as this process lives."""
    for station, proved_at in tuple(hub.ends_left):
        _note(hub, station, proved_at)


def tell_reach_changed(hub: Hub, stations: Iterable[str]) -> None:
    """Tell the stations at which officers of these sit, too, that those can be reached now, or no longer."""
    try:
        with hub.store.glancing() as connection:
            concerned = {other for station in stations for other in concerned_by_reach(connection, station)}
        if not concerned:
            return
        with hub.store.writing() as connection:
            told = reach_changed(connection, concerned)
    except HubError as fault:  # they see it when anything else changes there
        _log.warning("hub-reach-not-told: %s", fault.reference)
        return
    for one in told:
        hub.wakes.wake(f"station:{one}")


def _note(hub: Hub, station: str, proved_at: float) -> None:
    with whenever():
        with hub.store.writing() as connection:
            gone = reach.disconnected(connection, hub, station, proved_at)
        hub.ends_left.discard((station, proved_at))
        if gone:
            tell_reach_changed(hub, (station,))
