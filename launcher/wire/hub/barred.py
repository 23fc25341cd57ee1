"""The digests by which a suspended officer is known at a station without saying who it is."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

_PURPOSE = "station-launcher barred "


def officer_digest(officer: str) -> str:
    """Return the digest of an officer's key (``issuer#subject``)."""
    return hashlib.sha256((_PURPOSE + officer).encode()).hexdigest()


def logon_name(typed: str) -> str:
    """Return a name to log on with as names are compared: ``FORCE\\Alice`` and ``alice@force.example`` are ``alice``.

    One directory knows somebody by the short form, another or a provider's token by the long one.
    """
    folded = typed.strip().casefold()
    return folded.rpartition("\\")[2].partition("@")[0] or folded


def name_digest(user_name: str) -> str:
    """Return the digest of what an officer types to log on, in any form of :func:`logon_name`."""
    return hashlib.sha256((_PURPOSE + logon_name(user_name)).encode()).hexdigest()


def name_digests(*names: str) -> tuple[str, ...]:
    """Return the digests of an officer's name to log on with and number: somebody else's directory may know both."""
    return tuple(name_digest(name) for name in names if name.strip())


def is_barred(
    officer: str, user_name: str, number: str, officers: Collection[str], names: Collection[str]
) -> bool:  # fmt: skip
    """Say whether an officer is among the suspended, of whom these are the digests: by key, name or number."""
    return officer_digest(officer) in officers or any(one in names for one in name_digests(user_name, number))
