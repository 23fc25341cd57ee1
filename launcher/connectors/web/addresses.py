"""What an address of a web entry may be."""

from __future__ import annotations

from urllib.parse import urlsplit

from launcher.connectors.hosts import is_loopback

_DEFAULT_PORTS = {"https": 443, "http": 80}


def origin_of(address: str) -> str:
    """Return an address's origin as a browser writes it: lower case, without a default port."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    port = "" if parts.port in {None, _DEFAULT_PORTS.get(parts.scheme)} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def host_of(address: str) -> str:
    """Return an address's host in lower case, or nothing."""
    return (urlsplit(address).hostname or "").lower()


def address_fault(address: str) -> str | None:
    """Say what is wrong with a page's address, if anything is."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # one that is no number is found when asked for
    except ValueError:
        return f"{address!r} is not an address"
    if parts.scheme not in {"https", "http"} or not parts.hostname or any(mark.isspace() for mark in address):
        return f"{address!r} is not an https:// address"
    if "\\" in address or any(not mark.isprintable() for mark in address):
        return f"{address!r} is not an https:// address"  # browsers read a backslash as a slash
    if parts.username is not None or parts.password is not None:
        return "an address holds no name or password"
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        return f"{address!r} is not https; http is for this computer's own addresses only"
    return None


def origin_fault(origin: str) -> str | None:
    """Say what is wrong with an origin, if anything is."""
    fault = address_fault(origin)
    if fault is None and origin != origin_of(origin):
        return f"{origin!r} is not an origin; write {origin_of(origin)!r}"
    return fault
