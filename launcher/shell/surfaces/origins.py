"""Where a page may go and where it may be filled: rules over addresses, free of Qt."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from launcher.connectors.plan import ANY_HTTPS, WebTarget

_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_of(untrusted_url: str) -> str:
    """Return ``scheme://host[:port]`` as a browser compares it, or "" for what has no origin of the web."""
    try:
        parts = urlsplit(untrusted_url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        scheme = parts.scheme.lower()
        if scheme not in _DEFAULT_PORTS or not host:
            return ""
        if not host.isascii():
            host = host.encode("idna").decode()
    except (ValueError, UnicodeError):
        return ""
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" if port in (None, _DEFAULT_PORTS[scheme]) else f"{scheme}://{shown}:{port}"


def host_of(untrusted_url: str) -> str:
    """Return host and port for a person, or the scheme of an address without a host."""
    origin = origin_of(untrusted_url)
    return origin.partition("://")[2] or untrusted_url.partition(":")[0][:40]


def path_of(untrusted_url: str) -> str:
    """Return host and path, without query and fragment: they may hold a token."""
    try:
        return f"{host_of(untrusted_url)}{urlsplit(untrusted_url).path}"
    except ValueError:
        return host_of(untrusted_url)


def is_private(untrusted_url: str) -> bool:
    """Say whether the road there is private: https, or a loopback address that leaves no machine."""
    origin = origin_of(untrusted_url)
    if not origin.startswith("http://"):
        return bool(origin)
    host = urlsplit(origin).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_strange(untrusted_frame: str, untrusted_page: str) -> bool:
    """Say whether a frame's document may be of another origin than its page: of ``about:`` it is its page's own."""
    return not untrusted_frame.startswith("about:") and origin_of(untrusted_frame) != origin_of(untrusted_page)


def begins(untrusted_url: str, prefix: str) -> bool:
    """Say whether an address starts with ``prefix``, where ``https://a`` is no start of ``https://a.evil``."""
    return untrusted_url.startswith(prefix) and origin_of(untrusted_url) == origin_of(prefix)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The origins of one target: filled on ``fills`` only, visited on ``fills`` and ``visits``."""

    fills: frozenset[str] = frozenset()
    visits: frozenset[str] = frozenset()
    token_origin: str = ""
    any_https: bool = False
    permissions: frozenset[str] = frozenset()
    apart: bool = False  # its pages share no profile with other systems'

    @classmethod
    def of(cls, target: WebTarget) -> Bounds:
        """Return the bounds of a target; its own address may be visited in any case."""
        fills = frozenset(filter(None, map(origin_of, target.origins)))
        visits = frozenset(filter(None, map(origin_of, (target.url, *target.visits)))) - {ANY_HTTPS}
        return cls(
            fills,
            visits | fills,
            origin_of(target.token_origin),
            ANY_HTTPS in target.visits,
            frozenset(target.permissions),
            target.certificate is not None,
        )

    def may_fill(self, untrusted_url: str) -> bool:
        """Say whether a secret may be written into a page at this address."""
        return origin_of(untrusted_url) in self.fills and is_private(untrusted_url)

    def may_visit(self, untrusted_url: str) -> bool:
        """Say whether the page itself may go there."""
        origin = origin_of(untrusted_url)
        if self.any_https and origin.startswith("https://"):
            return True
        return origin in self.visits and is_private(untrusted_url)

    def may_embed(self, untrusted_url: str) -> bool:
        """Say whether a frame of the page may go there: anywhere on the web, but nowhere on this machine.

        Nothing is ever filled in a frame of another origin, so a page may embed what it likes, as in any browser.
        """
        scheme = untrusted_url.partition(":")[0].lower()
        return scheme in ("https", "http", "about", "blob", "data")

    def may_have(self, permissions: frozenset[str], untrusted_url: str) -> bool:
        """Say whether a page of the system's own gets these of the computer: all that it asks for at once, or none."""
        return bool(permissions) and permissions <= self.permissions and self.may_fill(untrusted_url)

    def may_carry_token(self, untrusted_url: str, untrusted_initiator: str) -> bool:
        """Say whether a fetch to ``untrusted_url``, begun by ``untrusted_initiator``, carries the access token."""
        origin = origin_of(untrusted_url)
        return bool(origin) and origin == self.token_origin and self.may_fill(untrusted_initiator)
