"""Opens the road out where the station file names a proxy; whoever builds a session or looks at a station does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from launcher.bootstrap.station_keys import PROXY_PASSWORD, StationKeys, station_passwords
from launcher.bootstrap.where import Where
from launcher.policy.settings import Settings
from launcher.relay.proof import BasicProof, NoProof, TicketProof, UpstreamProof
from launcher.relay.road import Road, leave_road, take_road, way_out

if TYPE_CHECKING:
    from launcher.relay.relay import Relay


@contextmanager
def one_look(where: Where, settings: Settings) -> Iterator[None]:
    """Have the road open for a while, without a session. Raises :class:`LauncherError`."""
    relay = open_road(settings, station_passwords(where, settings))
    try:
        yield
    finally:
        if relay is not None:
            relay.close()
            leave_road()


def open_road(settings: Settings, keys: StationKeys) -> Relay | None:
    """Serve this process's road as the settings say, to its end; without a proxy there is none."""
    if settings.proxy.mode == "none":
        if (unserved := way_out()) is not None:  # the first look at the file was mistaken
            leave_road()
            unserved.close()
        return None
    from launcher.relay.relay import Relay  # late: most stations have no proxy

    road = way_out()
    if road is None:
        road = Road()
        take_road(road)
    road.ca_file = settings.proxy.ca_file
    relay = Relay(road, settings.proxy.rules(), _proof(settings, keys, road))
    relay.start()
    return relay


def _proof(settings: Settings, keys: StationKeys, road: Road) -> UpstreamProof:
    proxy = settings.proxy
    if proxy.auth == "kerberos":
        ticket = TicketProof()
        road.ticketed = ticket.give
        return ticket
    if proxy.auth == "none":
        return NoProof()
    proof = BasicProof(proxy.user, keys.get(PROXY_PASSWORD), in_clear=proxy.password_in_clear)
    if not proxy.user:
        road.signed_in = proof.give
    return proof
