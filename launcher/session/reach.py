"""Whether a system's host answers at all, told apart from everything that comes after, and timed on its own."""

from __future__ import annotations

import asyncio
import socket
from urllib.parse import urlsplit

from launcher.identity.worker import Worker
from launcher.relay.lookup import is_this_computer
from launcher.relay.road import way_out
from launcher.sign_on.driver import SystemUnreachableError

WITHIN_S = 5.0
_PORTS = {"https": 443, "http": 80, "ldaps": 636, "ldap": 389}


async def reach(url: str, within_s: float = WITHIN_S) -> None:
    """Open a connection to the address's host and close it.

    Raises :class:`SystemUnreachableError` and, where there is a proxy on the way, the errors of that road.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    # Names under .localhost are the loopback's (RFC 6761, 6.3); not every resolver knows it, the browser does.
    place = "127.0.0.1" if host.endswith(".localhost") else host, parts.port or _PORTS.get(parts.scheme, 443)
    # Not on the loop's own threads: a resolver that is away holds one for many seconds, and an exit waits for those.
    worker = Worker("reach")
    try:
        async with asyncio.timeout(within_s):
            road = way_out()
            if road is not None and not is_this_computer(host):
                (await road.connect(*place, within_s)).close()
            else:
                await worker.run(lambda: socket.create_connection(place, within_s).close())
    except (OSError, TimeoutError, UnicodeError) as fault:
        raise SystemUnreachableError(f"{host} does not answer.") from fault
    finally:
        worker.close()
