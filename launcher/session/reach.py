"""Whether a system's host answers at all, told apart from everything that comes after, and timed on its own."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

from launcher.sign_on.driver import SystemUnreachableError

WITHIN_S = 5.0
_PORTS = {"https": 443, "http": 80, "ldaps": 636, "ldap": 389}


async def reach(url: str, within_s: float = WITHIN_S) -> None:
    """Open a connection to the address's host and close it. Raises :class:`SystemUnreachableError`."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    # Names under .localhost are the loopback's (RFC 6761, 6.3); not every resolver knows it, the browser does.
    address = "127.0.0.1" if host.endswith(".localhost") else host
    try:
        async with asyncio.timeout(within_s):
            _, writer = await asyncio.open_connection(address, parts.port or _PORTS.get(parts.scheme, 443))
    except (OSError, TimeoutError) as fault:
        raise SystemUnreachableError(f"{host} does not answer.") from fault
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
