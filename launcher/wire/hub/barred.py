"""The digests by which a suspended officer is known at a station without saying who it is."""

from __future__ import annotations

import hashlib

_PURPOSE = "station-launcher barred "


def officer_digest(officer: str) -> str:
    """Return the digest of an officer's key (``issuer#subject``)."""
    return hashlib.sha256((_PURPOSE + officer).encode()).hexdigest()


def name_digest(user_name: str) -> str:
    """Return the digest of what an officer types to log on; case and surrounding blanks make no difference."""
    return hashlib.sha256((_PURPOSE + user_name.strip().casefold()).encode()).hexdigest()
