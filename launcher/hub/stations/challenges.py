"""Challenges for stations' proofs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from launcher.hub import nonces, tokens
from launcher.hub.errors import NotProvedError
from launcher.hub.stations.errors import StationUnknownError
from launcher.wire.hub.stations import Challenge

if TYPE_CHECKING:
    from launcher.hub.service import Hub


def challenge(hub: Hub) -> Challenge:
    """Make a challenge for one proof."""
    nonce, until = nonces.make(hub, "challenge", tokens.CHALLENGE_S)
    return Challenge(nonce=nonce, hub=hub.name, until=until)


def spend(connection: Connection, hub: Hub, untrusted_nonce: str) -> None:
    """Take the answer to a challenge, once. Raises :class:`StationUnknownError`."""
    try:
        nonces.spend(connection, hub, "challenge", untrusted_nonce)
    except NotProvedError:
        raise StationUnknownError("The challenge is spent or over.", hint="It is tried again by itself.") from None
