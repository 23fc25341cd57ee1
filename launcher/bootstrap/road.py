"""Opens the road out where the station file names a proxy; whoever builds a session or looks at a station does it."""

from __future__ import annotations

from launcher.bootstrap.station_keys import PROXY_PASSWORD, StationKeys
from launcher.policy.settings import Settings
from launcher.relay.proof import BasicProof, NoProof, TicketProof, UpstreamProof
from launcher.relay.road import Road, leave_road, take_road, way_out


def open_road(settings: Settings, keys: StationKeys) -> None:
    """Serve this process's road as the settings say; without a proxy there is none."""
    if settings.proxy.mode == "none":
        if (unserved := way_out()) is not None:  # the first look at the file was mistaken
            leave_road()
            unserved.close()
        return
    from launcher.relay.relay import Relay  # late: most stations have no proxy

    road = way_out()
    if road is None:
        road = Road()
        take_road(road)
    road.ca_file = settings.proxy.ca_file
    Relay(road, settings.proxy.rules(), _proof(settings, keys, road)).start()


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
