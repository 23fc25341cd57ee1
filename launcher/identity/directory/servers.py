"""The list of servers and the order in which to try them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from launcher.identity.directory.client import Address

_REMEMBERED_S = 60.0
_PORTS = {"ldaps": 636, "ldap": 389}


def address(url: str) -> Address:
    """Take one checked ``ldaps://host:port`` or ``ldap://host:port`` apart."""
    parts = urlsplit(url)
    return Address(
        url=url, host=parts.hostname or "", port=parts.port or _PORTS[parts.scheme], tls_first=parts.scheme == "ldaps"
    )


class ServerList:
    """The servers as configured; one that failed is tried last for a minute, so that nobody waits for it twice."""

    def __init__(self, urls: Sequence[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._addresses = tuple(address(url) for url in urls)
        self._clock = clock
        self._failed_at: dict[str, float] = {}

    def in_order(self) -> tuple[Address, ...]:
        """Those not known to fail first, in the configured order; then the others, longest ago first."""
        now = self._clock()
        self._failed_at = {url: at for url, at in self._failed_at.items() if now - at < _REMEMBERED_S}
        return tuple(sorted(self._addresses, key=lambda one: self._failed_at.get(one.url, float("-inf"))))

    def failed(self, one: Address) -> None:
        """Remember that this server did not answer."""
        self._failed_at[one.url] = self._clock()

    def answered(self, one: Address) -> None:
        """Forget that it ever failed."""
        self._failed_at.pop(one.url, None)
