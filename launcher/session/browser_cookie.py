"""A cookie of a browser profile, as one process of an officer hands it to another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from launcher.secret import Secret


@dataclass(frozen=True, slots=True)
class BrowserCookie:
    """One cookie. ``domain`` is a host, or begins with a dot where the hosts below it are given the cookie too.

    Whether other sites' pages may send it (SameSite) the browser engine does not tell: the next one takes it as unsaid,
    which lets them lead to a page with it and no more.
    """

    name: str
    value: Secret
    domain: str
    path: str
    secure: bool
    http_only: bool
    expires_at: int | None
    """Seconds since 1970; None: with the session."""

    @property
    def host_only(self) -> bool:
        """Whether no other host is given it."""
        return not self.domain.startswith(".")


def given_to(domain: str, origins: Iterable[str]) -> str | None:
    """Return the first of the origins that is given the cookies of this domain."""
    for origin in origins:
        host = urlsplit(origin).hostname or ""
        if host == domain or (domain.startswith(".") and f".{host}".endswith(domain)):
            return origin
    return None
