"""How a host is called over TCP: by the session's one road out, or where there is none by its own address."""

from __future__ import annotations

import socket

from launcher.addresses import is_this_computer
from launcher.relay.lookup import addresses_of, connected
from launcher.relay.road import way_out


async def called(host: str, port: int) -> socket.socket:
    """Connect to a host. Raises ``OSError``, and :class:`LauncherError` of the road out."""
    road = way_out()
    if road is not None and not is_this_computer(host):
        return await road.connect(host, port)
    return await connected(await addresses_of(host, port))
