"""Whether a system's host answers at all, told apart from everything that comes after, and timed on its own."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from launcher.relay.calling import called
from launcher.sign_on.driver import SystemUnreachableError

WITHIN_S = 5.0
_PORTS = {"https": 443, "http": 80, "ldaps": 636, "ldap": 389}


async def reach(url: str, within_s: float = WITHIN_S) -> None:
    """Open a connection to the address's host and close it.

    Raises :class:`SystemUnreachableError` and, where there is a proxy on the way, the errors of that road.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        async with asyncio.timeout(within_s):
            (await called(host, parts.port or _PORTS.get(parts.scheme, 443))).close()
    except (OSError, TimeoutError, UnicodeError) as fault:
        raise SystemUnreachableError(f"{host} does not answer.") from fault
