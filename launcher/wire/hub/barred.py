"""The digests by which a suspended officer is known at a station without saying who it is."""

from __future__ import annotations

import hashlib

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
