"""The digests by which a suspended officer is known at a station without saying who it is."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Protocol

_PURPOSE = "station-launcher barred "


class BarredList(Protocol):
    """Whom a station lets in no more, as its hub has told it. ``forces``: the domains of other forces' names."""

    @property
    def officers(self) -> Collection[str]:
        """Digests of keys."""
        ...

    @property
    def names(self) -> Collection[str]:
        """Digests of names and numbers."""
        ...

    @property
    def forces(self) -> Collection[str]:
        """Domains, as :func:`force_of` takes them."""
        ...


def officer_digest(officer: str) -> str:
    """Return the digest of an officer's key (``issuer#subject``)."""
    return hashlib.sha256((_PURPOSE + officer).encode()).hexdigest()


def logon_name(typed: str) -> str:
    """Return a name to log on with as names are compared: ``FORCE\\Alice`` and ``alice@force.example`` are ``alice``.

    One directory knows somebody by the short form, another or a provider's token by the long one.
    """
    folded = typed.strip().casefold()
    return _without_realm(folded).partition("@")[0] or folded


def domain_of(user_name: str, number: str) -> str:
    """Return what somebody's name to log on with ends in, or their number where they have no name; may be empty."""
    name = _without_realm((user_name.strip() or number.strip()).casefold())
    return name.rpartition("@")[2] if "@" in name else ""


def force_of(domain: str, forces: Collection[str]) -> str:
    """Return which other force somebody of this domain is of; empty: of ours.

    ``forces``: the domains of other forces. One that is not known to be another's is ours: a suspension has to hold for
    whoever was suspended, whichever of our own ways they log on by.
    """
    return domain if domain in forces else ""


def name_digest(name: str, force: str = "") -> str:
    """Return the digest of what an officer types to log on, in any form of :func:`logon_name`, or of their number.

    ``force``: which other force they are of, since two forces give the same names and numbers.
    """
    return hashlib.sha256((_PURPOSE + logon_name(name) + (f"@{force}" if force else "")).encode()).hexdigest()


def name_digests(user_name: str, number: str, forces: Collection[str]) -> tuple[str, ...]:
    """Return the digests of an officer's name to log on with and number: somebody else's directory may know both."""
    force = force_of(domain_of(user_name, number), forces)
    return tuple(name_digest(name, force) for name in (user_name, number) if name.strip())


def is_barred(officer: str, user_name: str, number: str, told: BarredList) -> bool:
    """Say whether an officer is among the suspended: by key, name or number."""
    names = name_digests(user_name, number, told.forces)
    return officer_digest(officer) in told.officers or any(one in told.names for one in names)


def _without_realm(typed: str) -> str:
    return typed.rpartition("\\")[2]
