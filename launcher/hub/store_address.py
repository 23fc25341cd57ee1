"""The address of the hub's database: what is wrong in it is said before anything is opened, and never what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from launcher.hub.errors import HubSettingsError

_TLS: Final = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
_WHICH: Final = "target_session_attrs"
"""Of several servers, which one; else the one that takes what is written."""
_ONE_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "gssencmode": ("disable", "prefer", "require"),
    "channel_binding": ("disable", "prefer", "require"),
    _WHICH: ("any", "read-write", "read-only", "primary", "standby", "prefer-standby"),
    "load_balance_hosts": ("disable", "random"),
    "ssl_min_protocol_version": _TLS,
    "ssl_max_protocol_version": _TLS,
}
"""Options of which libpq takes these words only; any other it would tell as it tells that the server is away."""
_NUMBERS: Final = (
    "connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
)  # fmt: skip

_CORRECT: Final = "Correct [store] url in the hub's file."


def store_address(address: str) -> URL:
    """Return the address, read. Raises :class:`HubSettingsError` where it is none, or not of a store that we take."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):  # as for a port that is no number
        raise not_read() from None
    kind = url.get_backend_name()
    if kind == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
        _must_be_taken(url)
        if _WHICH not in url.query:
            url = url.update_query_dict({_WHICH: "read-write"})
    elif kind != "sqlite" or not url.database:
        meant = " Write postgresql:// for it." if kind == "postgres" else ""
        raise HubSettingsError(f"The hub's database is SQLite in a file or PostgreSQL, not {kind}.{meant}")
    return url


def driver_options(url: URL) -> Mapping[str, Any]:
    """Return what psycopg is given to connect to the PostgreSQL of an address, which may name several servers."""
    _, given = url.get_dialect()().create_connect_args(url)
    return given


def not_read() -> HubSettingsError:
    """Return the fault of an address that is none."""
    return HubSettingsError("The address of the hub's database cannot be read.", hint=_CORRECT)


def _must_be_taken(url: URL) -> None:
    try:
        given = driver_options(url)
    except (ArgumentError, ValueError):  # as for several hosts of which each has a port in two places
        raise not_read() from None
    port = given.get("port", url.port)
    faults = [] if port is None or all(map(_is_port, str(port).split(","))) else ["its port is none from 1 to 65535"]
    faults += [
        f"{name} is none of {', '.join(words)}"
        for name, words in _ONE_OF.items()
        if given.get(name) not in (None, *words)
    ]
    faults += [f"{name} is no whole number" for name in _NUMBERS if not _is_number(str(given.get(name, 0)))]
    if faults:
        raise HubSettingsError(f"The address of the hub's database is faulty: {'; '.join(faults)}.", hint=_CORRECT)


def _is_port(text: str) -> bool:
    """Say whether a port can be one; of several hosts one may have none, which is PostgreSQL's own."""
    return not text or (_is_number(text) and 1 <= int(text) <= 65535)


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdecimal() and len(text) <= 9
