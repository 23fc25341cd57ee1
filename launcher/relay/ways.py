"""Where a connection leads out: the values of the road and the rules over them, without a socket."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

ProxyMode = Literal["none", "fixed", "pac"]
ProxyAuth = Literal["none", "basic", "kerberos"]

_PORTS: Final = {"http": 3128, "https": 443}
_KINDS: Final = {"PROXY": "http", "HTTP": "http", "HTTPS": "https"}


@dataclass(frozen=True, slots=True)
class Direct:
    """Straight to the host, because policy or its PAC file says so."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """By a proxy; ``tls`` is whether it is spoken to in TLS."""

    host: str
    port: int
    tls: bool = False

    def __str__(self) -> str:
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"{shown}:{self.port}"


Way = Direct | Proxy


@dataclass(frozen=True, slots=True)
class Rules:
    """What policy says of the road out; ``pac`` is a file's path or an https address, ``bypass`` as in settings."""

    mode: ProxyMode
    proxy: Proxy | None = None
    pac: str = ""
    bypass: tuple[str, ...] = ()
    auth: ProxyAuth = "none"
    password_in_clear: bool = False
    ca_file: Path | None = None


def proxy_of(url: str) -> Proxy:
    """Read a proxy's address, ``http://host:port`` or ``https://host:port``. Raises ``ValueError``."""
    more = "a proxy's address names a host and a port and nothing else"
    if "@" in url:
        raise ValueError(more)  # not quoted: it may hold a password
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(f"{url!r} is not a proxy's address such as http://proxy.force.example:3128")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError(more)
    return Proxy(parts.hostname, parts.port or _PORTS[parts.scheme], tls=parts.scheme == "https")


def ways_of(untrusted_answer: str) -> tuple[Way, ...]:
    """Read what a PAC file has answered, ``"PROXY a:3128; DIRECT"``; kinds that are not spoken here are left out.

    SOCKS is one of those. An answer of which nothing is left names no way.
    """
    found: list[Way] = []
    for part in untrusted_answer.split(";"):
        words = part.split()
        if [word.upper() for word in words] == ["DIRECT"]:
            found.append(Direct())
        elif len(words) == 2 and words[0].upper() in _KINDS:
            try:
                found.append(proxy_of(f"{_KINDS[words[0].upper()]}://{words[1]}"))
            except ValueError:
                continue
    return tuple(dict.fromkeys(found))
