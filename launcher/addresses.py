"""Hosts and addresses as browsers read them: which host is this computer, and of which origin an address is.

Everything that judges an address asks here: a host written as another number, with a dot at its end or in another
script must not be one host to those who let it through and another to those who go there.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_NAME: Final = re.compile(r"[a-z0-9._-]+")
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_READ_IN_TWO_WAYS: Final = frozenset("ßς\u200c\u200d")
"""Letters that browsers and the codec write differently (UTS 46, 7)."""


def origin_of(untrusted_url: str) -> str:
    """Return ``scheme://host[:port]`` as a browser compares it, or "" for what has no origin of the web."""
    try:
        parts = urlsplit(untrusted_url)
        # A backslash before the path: browsers read it as a slash, and the host ends there.
        name = _read(parts.hostname or "") if parts.scheme in _DEFAULT_PORTS and "\\" not in parts.netloc else ""
        port = "" if parts.port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"
    except ValueError:
        return ""
    host = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{host}{port}" if name else ""


def host_of(untrusted_url: str) -> str:
    """Return host and port for a person, or the scheme of an address without a host."""
    return origin_of(untrusted_url).partition("://")[2] or untrusted_url.partition(":")[0][:40]


def hostname_of(untrusted_url: str) -> str:
    """Return the host alone, an IPv6 address without brackets; "" for what has no origin of the web."""
    return urlsplit(origin_of(untrusted_url)).hostname or ""


def path_of(untrusted_url: str) -> str:
    """Return host and path, without query and fragment: they may hold a token."""
    try:
        return f"{host_of(untrusted_url)}{urlsplit(untrusted_url).path}"
    except ValueError:
        return host_of(untrusted_url)


def is_this_computer(host: str) -> bool:
    """Say whether a host is this computer by what it says, without looking it up (RFC 6761, 6.3, for names)."""
    host = host.strip("[]")
    try:
        name = _read(host.partition("%")[0] if ":" in host else host)  # of IPv6 a % begins the link's name
    except ValueError:
        return False
    if name.rpartition(".")[2] == "localhost":
        return True
    try:
        number = ipaddress.ip_address(name)
    except ValueError:
        return False
    within = number.ipv4_mapped if isinstance(number, ipaddress.IPv6Address) else None
    return (within or number).is_loopback


def to_look_up(host: str) -> str:
    """Return what a resolver is asked for: names under .localhost are this computer's, and not every one knows it."""
    return "127.0.0.1" if host.lower().removesuffix(".").rpartition(".")[2] == "localhost" else host


def is_private(untrusted_url: str) -> bool:
    """Say whether the road there is private: https, or an address of this computer, which nothing leaves for."""
    origin = origin_of(untrusted_url)
    return origin.startswith("https:") or (bool(origin) and is_this_computer(hostname_of(origin)))


def begins(untrusted_url: str, prefix: str) -> bool:
    """Say whether an address starts with ``prefix``, where ``https://a`` is no start of ``https://a.evil``."""
    return untrusted_url.startswith(prefix) and origin_of(untrusted_url) == origin_of(prefix)


def address_fault(address: str) -> str | None:
    """Say what is wrong with an address that somebody wrote into a file, if anything is."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # one that is no number is found when asked for
    except ValueError:
        return f"{address!r} is not an address"
    # Browsers read a backslash as a slash.
    if any(mark.isspace() or mark == "\\" or not mark.isprintable() for mark in address) or not origin_of(address):
        return f"{address!r} is not an https:// address"
    if parts.username is not None or parts.password is not None:
        return "an address holds no name or password"
    if not is_private(address):
        return f"{address!r} is not https; http is for this computer's own addresses only"
    return None


def origin_fault(origin: str) -> str | None:
    """Say what is wrong with an origin that somebody wrote into a file, if anything is."""
    fault = address_fault(origin)
    if fault is None and origin != origin_of(origin):
        return f"{origin!r} is not an origin; write {origin_of(origin)!r}"
    return fault


def is_host(text: str) -> bool:
    """Say whether a text is a host's name or address, without a port."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return len(text) <= 253 and _HOST.fullmatch(text) is not None
    return True


def host_matches(host: str, patterns: Iterable[str]) -> bool:
    """Say whether a policy names the host; ``*.force.example`` stands for any name below, not for itself."""
    name = host.lower().removesuffix(".")
    return any(
        name.endswith(one[1:]) and len(name) > len(one) - 1 if one.startswith("*.") else name == one for one in patterns
    )


def _read(host: str) -> str:
    """Return a host as a browser writes it; "" for what is none, or a ``ValueError``."""
    name = host.lower()
    if not name.isascii():
        if not _READ_IN_TWO_WAYS.isdisjoint(name):
            return ""
        name = name.encode("idna").decode()
    if ":" in name:
        return "" if "%" in name else ipaddress.IPv6Address(name).compressed
    name = name.removesuffix(".")
    if not _NAME.fullmatch(name):
        return ""
    return _number(name) if _NUMBER.fullmatch(name.rpartition(".")[2]) else name


def _number(name: str) -> str:
    """Return an IPv4 address of one to four numbers, each decimal, octal or hexadecimal (the URL standard, 3.5)."""
    *first, last = map(_part, name.split("."))
    if len(first) > 3 or any(part > 255 for part in first) or last >= 256 ** (4 - len(first)):
        raise ValueError("not an IPv4 address")
    return str(ipaddress.IPv4Address(sum(part << 8 * (3 - place) for place, part in enumerate(first)) + last))


def _part(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError("not a number")
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8) if text.startswith("0") else int(text)
