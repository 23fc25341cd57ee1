"""How an officer proves to the hub who they are: by a token, by a ticket, or by the word of the station they sit at."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from launcher.errors import LauncherError
from launcher.grants.held import Grants
from launcher.grants.names import TokenName
from launcher.policy.hub_settings import HubSettings
from launcher.session.hub.errors import NotVouchedFor
from launcher.session.ports import Station
from launcher.wire.hub.officers import KerberosProof, Nonce, OfficerProof, OpenIdProof, VouchedProof
from launcher.wire.hub.sittings import Vouched
from launcher.wire.hub_messages import VouchedHere, WantsVouch

VOUCHED_WITHIN_S = 12.0
"""The station answers only once the hub knows of the sitting."""

OTHER_PROOF: Final = frozenset(
    {
        "officer-ticket-refused",
        "officer-token-refused",
        "officer-other-identity",
        "officer-proof-not-taken",
        "officer-provider-away",
    }
)
"""The hub takes this proof not, or not yet: right after a logon it may not know whose a ticket is."""

log = logging.getLogger(__name__)


class Proving:
    """Makes one proof at a time. ``nonce`` asks the hub for what a station's word is to be said for.

    ``federated``: the officer logged on at the provider. After any other logon its token would be another identity to
    the hub than the sitting's, without its roles and without what was done to it.
    """

    def __init__(
        self,
        settings: HubSettings,
        grants: Grants,
        station: Station,
        nonce: Callable[[], Awaitable[Nonce]],
        *,
        federated: bool,
    ) -> None:
        self._settings = settings
        self._grants = grants
        self._station = station
        self._nonce = nonce
        self._federated = federated
        self._vouches_alone = False
        self._asked: dict[str, asyncio.Future[Vouched | None]] = {}

    async def proof(self) -> OfficerProof:
        """Return a fresh proof by the best way there is. Raises what hindered the last of them."""
        for way in () if self._vouches_alone else (self._by_token, self._by_ticket):
            try:
                proof = await way()
            except LauncherError as fault:
                log.warning("the hub is not shown this proof: %s (%s)", fault.reference, fault.message)
                continue
            if proof is not None:
                return proof
        return await self._vouched()

    def refused(self, reference: str) -> bool:
        """Note that the hub has refused; say whether another proof is left: from now on the station's word alone."""
        if reference not in OTHER_PROOF or self._vouches_alone:
            return False
        self._vouches_alone = True
        return True

    def vouched(self, answer: VouchedHere) -> None:
        """Take the station's answer."""
        asked = self._asked.pop(answer.nonce, None)
        if asked is not None and not asked.done():
            asked.set_result(answer.vouched)

    async def _by_token(self) -> OfficerProof | None:
        if not self._federated or not self._settings.scopes:
            return None
        token = await self._grants.token(TokenName(self._settings.scopes))
        return OfficerProof(proof=OpenIdProof(token=token.reveal()))

    async def _by_ticket(self) -> OfficerProof | None:
        tickets, host = self._grants.tickets, self._settings.kerberos_host
        if tickets is None or not host:
            return None
        cache = await tickets.ticket()
        # Not bound to a certificate: the library of the road does not say which it was shown.
        shown = await asyncio.to_thread(lambda: cache.context(host).step(""))
        return OfficerProof(proof=KerberosProof(token=shown.reveal())) if shown is not None else None

    async def _vouched(self) -> OfficerProof:
        nonce = await self._nonce()
        asked = self._asked[nonce.nonce] = asyncio.get_running_loop().create_future()
        self._station.tell(WantsVouch(nonce=nonce.nonce, until=nonce.until))
        try:
            async with asyncio.timeout(VOUCHED_WITHIN_S):
                vouched = await asked
        except TimeoutError:
            vouched = None
        finally:
            self._asked.pop(nonce.nonce, None)
        if vouched is None:
            raise NotVouchedFor("This computer cannot say to the hub who you are.")
        return OfficerProof(proof=VouchedProof(vouched=vouched))
