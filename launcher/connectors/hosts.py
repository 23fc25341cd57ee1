"""What an entry may say of a host, whatever its kind: which is this computer, and which the policy names."""

from __future__ import annotations

import ipaddress
import re

from launcher.identity.loopback import is_loopback

__all__ = ["host_matches", "is_host", "is_loopback"]

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")


def host_matches(host: str, patterns: tuple[str, ...]) -> bool:
    """Say whether policy lets entries name the host; ``*.force.example`` stands for any name below, not for itself."""
    return any(
        host == pattern or (pattern.startswith("*.") and host.endswith(pattern[1:]) and len(host) > len(pattern) - 1)
        for pattern in patterns
    )


def is_host(host: str) -> bool:
    """Say whether a text is a host's name or address, without a port."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return len(host) <= 253 and _NAME.fullmatch(host) is not None
    return True
