"""A station's word for an officer: believed for exactly one nonce, one sitting there, and two minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from launcher.hub import nonces
from launcher.hub.errors import HubError, NotProvedError
from launcher.hub.officers.errors import VouchRefusedError
from launcher.hub.officers.seats import seat
from launcher.hub.stations.rows import station_that_may
from launcher.signing import is_signed

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from launcher.hub.officers.seats import Seat
    from launcher.hub.service import Hub
    from launcher.wire.hub.sittings import Vouched

LONGEST_S: Final = 120.0
CLOCKS_APART_S: Final = 30.0
"""A station knows the hub's clock from its last proof; this is for what it has drifted since."""
_WORKING: Final = ("signed-in", "frozen")


def spend_nonce(connection: Connection, hub: Hub, vouched: Vouched) -> None:
    """Make the nonce worthless. Raises :class:`VouchRefusedError`."""
    try:
        nonces.spend(connection, hub, "nonce", vouched.vouch.nonce)
    except NotProvedError:
        raise VouchRefusedError("The hub's nonce is spent or over.", detail="vouch-nonce") from None


def check(connection: Connection, hub: Hub, vouched: Vouched) -> Seat:
    """Return the sitting that is vouched for. Raises :class:`VouchRefusedError`, or what bars the station."""
    vouch, now = vouched.vouch, hub.clock()
    try:
        station = station_that_may(connection, vouch.station)
    except HubError as barred:
        raise VouchRefusedError("The hub does not believe this station.", detail=barred.reference) from None
    if not is_signed("vouch", vouch, vouched.signature, str(station.public_key)):
        raise VouchRefusedError("The station has not signed this.", detail="vouch-signature")
    if vouch.hub != hub.name:
        raise VouchRefusedError("This was signed for another hub.", detail="vouch-hub")
    if not vouch.at - CLOCKS_APART_S <= now < vouch.until <= now + LONGEST_S + CLOCKS_APART_S or (
        vouch.until - vouch.at > LONGEST_S
    ):
        raise VouchRefusedError("What the station has signed is over, or holds too long.", detail="vouch-until")
    sitting = seat(connection, vouch.sitting)
    if sitting is None or sitting.station != vouch.station:
        raise VouchRefusedError("The station has reported no such sitting.", detail="vouch-sitting")
    if sitting.officer != vouch.person.officer:
        raise VouchRefusedError("Another officer sits there.", detail="vouch-officer")
    if sitting.state not in _WORKING:
        raise VouchRefusedError("The sitting is locked.", detail="vouch-locked")
    return sitting
