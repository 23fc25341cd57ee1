"""The hub: whether this computer is one of its stations, whether it can be reached, and what the station has heard.

Nothing is proved here: a second proof with the station's key would look like a second computer with the same key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from launcher.bootstrap.doctor.finding import Finding, asked

if TYPE_CHECKING:
    from launcher.bootstrap.where import Where
    from launcher.policy.hub_settings import HubSettings
    from launcher.wire.hub.stations import Enrolled

SKEW_S: Final = 30.0
_ENROL: Final = (
    "An administrator of the hub makes a code: station-launcher hub enrol-code. Then: station-launcher station enrol"
)


def hub_findings(where: Where, hub: HubSettings | None) -> Iterator[Finding]:
    """Yield what is found, where the station file names a hub."""
    if hub is None:
        return
    from launcher.station.hub.enrolment import read_enrolled
    from launcher.station.hub.heard import last_heard

    yield asked("hub", lambda: asyncio.run(_reach(hub)), "reachable")
    enrolled = read_enrolled(where.state)
    if enrolled is None:
        yield Finding("hub, this computer", "not enrolled", _ENROL)
        return
    yield Finding("hub, this computer", f"enrolled at {enrolled.hub} as {enrolled.terminal} ({enrolled.station})")
    yield from _name(where, enrolled)
    heard = last_heard(where.state)
    if heard is None:
        yield Finding("hub, the station", "the station has not spoken to it yet", "Start the station, then look again.")
        return
    yield Finding("hub, the station", heard.words or "the station had it when it last spoke to it", heard.next_step)
    if heard.reachable and abs(heard.offset_s) > SKEW_S:
        yield Finding(
            "hub, clock",
            f"this computer's clock and the hub's are {abs(heard.offset_s):.0f} s apart",
            "Commands expire by the hub's clock. Run a time service on both: timedatectl.",
        )


def _name(where: Where, enrolled: Enrolled) -> Iterator[Finding]:
    """Yield that the helpdesk knows the terminal by another name than its officers do."""
    station = where.settings().station
    here, there = _called(station.terminal, station.place[:120]), _called(enrolled.terminal, enrolled.place)
    if here != there:
        yield Finding(
            "hub, the terminal's name",
            f"{here} in the station file, {there} at the hub",
            "The hub keeps the name it was enrolled with. Enrol it again with a code for the right one, and have an "
            f"administrator remove the old one: station-launcher hub station-remove {enrolled.station}",
        )


def _called(terminal: str, place: str) -> str:
    return f"{terminal}, {place}" if place else terminal


async def _reach(hub: HubSettings) -> None:
    from launcher.hub_client.road import HubRoad

    road = HubRoad(hub.addresses, hub.ca_file)
    try:
        await road.ask("GET", "/health", object)
    finally:
        await road.close()
