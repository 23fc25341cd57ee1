"""Which key this hub signs with: noted in its store, so that a store is never served with another hub's key.

Stations know the hub's words by it. Where the key is lost, all of them are enrolled again.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from sqlalchemy import Column, Double, String, Table, insert, select, update

from launcher.errors import LauncherError
from launcher.hub.database import Database, metadata
from launcher.signing import SigningKey

hub_keys: Final = Table(
    "hub_keys",
    metadata,
    Column("public_key", String(64), primary_key=True),
    Column("since", Double, nullable=False),
)


class OtherKeyError(LauncherError):
    """The store belongs to a hub with another key."""

    reference = "hub-key-other"
    hint = (
        "Put the hub's own key back (keys/hub-key.key in its state folder). If it is lost, serve once with --new-key."
    )


def must_be_its_own(store: Database, key: SigningKey, now: float, *, new: bool = False) -> None:
    """Note the key with which the store is served first. Raises :class:`OtherKeyError` for another, unless ``new``."""
    with store.alone() as connection:
        known = connection.execute(select(hub_keys.c.public_key).order_by(hub_keys.c.since)).scalars().all()
        if known and known[-1] == key.public:
            return
        if known and not new:
            raise OtherKeyError("The store was served with another key than this hub has.")
        if key.public in known:  # an earlier one was found again
            connection.execute(update(hub_keys).where(hub_keys.c.public_key == key.public).values(since=now))
        else:
            connection.execute(insert(hub_keys).values(public_key=key.public, since=now))


def derived(key: SigningKey, purpose: str) -> bytes:
    """Return 32 secret bytes that every process of the hub has, and nobody else."""
    return hmac.digest(key.to_keep().encode(), f"station-launcher {purpose}".encode(), hashlib.sha256)
