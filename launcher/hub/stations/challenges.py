"""Challenges for stations' proofs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from launcher.hub import nonces, tokens
from launcher.hub.errors import NotProvedError
from launcher.hub.stations.errors import StationUnknownError
from launcher.wire.hub.stations import Challenge

if TYPE_CHECKING:
    from launcher.hub.service import Hub

_ROUNDED_S: Final = 0.001


def challenge(hub: Hub) -> Challenge:
    """Make a challenge for one proof."""
    nonce, until = nonces.make(hub, "challenge", tokens.CHALLENGE_S)
    return Challenge(nonce=nonce, hub=hub.name, until=until)


def spend(connection: Connection, hub: Hub, untrusted_nonce: str) -> float:
    """Take the answer to a challenge, once; return when it was made. Raises :class:`StationUnknownError`."""
    try:
        return nonces.spend(connection, hub, "challenge", untrusted_nonce) - tokens.CHALLENGE_S
    except NotProvedError:
        raise _over() from None


def must_be_newer(connection: Connection, station: str, made: float) -> None:
    """Refuse a proof by a challenge from before the station was last proved. Raises :class:`StationUnknownError`.

    It was on its way for so long that its station has proved itself anew: nobody would have the link that it gives, and
    the next proof would look as if two computers held the key.
    """
    proved = tokens.last_given(connection, "station", station, tokens.STATION_S)
    if proved is not None and made < proved - _ROUNDED_S:
        raise _over()


def _over() -> StationUnknownError:
    return StationUnknownError("The challenge is spent or over.", hint="It is tried again by itself.")
