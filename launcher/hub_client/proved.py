"""An officer's proof at the hub and the token that follows from it, renewed before it ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeVar, Unpack

from launcher.hub_client.errors import HubAnswerMissingError, HubAwayError, HubRefusedError, is_of_this_address
from launcher.secret import Secret
from launcher.wire.hub.officers import Nonce, OfficerProof, OfficerSession

if TYPE_CHECKING:
    from pydantic import BaseModel

    from launcher.hub_client.road import How, HubRoad, Method

Answer = TypeVar("Answer")

RENEW_BEFORE_S: Final = 60.0


Proof = Callable[[], Awaitable[OfficerProof]]
"""Makes a new proof of who the officer is; it may fail as it likes."""
Refused = Callable[[str], bool]
"""Is told with which reference the hub has refused a proof; says whether there is another way to prove it."""


def no_other(_: str) -> bool:
    """There is one way only."""
    return False


class ProvedRoad:
    """The road of one officer. ``proof`` is asked when a token is wanted, and again once ``refused`` knows another way.

    Use it on one loop. The road is closed by :meth:`close`, which does not end the session at the hub: see :meth:`end`.
    """

    def __init__(self, road: HubRoad, proof: Proof, refused: Refused = no_other) -> None:
        self._road = road
        self._proof = proof
        self._refused = refused
        self._token: Secret | None = None
        self._renew_at = 0.0
        self._renewing = asyncio.Lock()
        self.session: OfficerSession | None = None
        """What the hub answered to the last proof, without its token."""

    async def nonce(self) -> Nonce:
        """Return a nonce for one vouch of the station: before the proof."""
        return await self._road.ask("POST", "/officers/nonce", Nonce, again=True)

    async def _prove(self, proof: OfficerProof) -> OfficerSession:
        """Prove who the officer is; the session returned has no token in it. A proof holds once: it is not repeated."""
        session = await self._road.ask("POST", "/officers/session", OfficerSession, proof)
        self._token = Secret(session.token)
        self._renew_at = time.monotonic() + max(session.expires_s - RENEW_BEFORE_S, session.expires_s / 2)
        self.session = session.model_copy(update={"token": ""})
        return self.session

    async def known(self) -> OfficerSession:
        """Return what the hub answered to the proof; it is made now where no token holds."""
        await self._held()
        assert self.session is not None  # noqa: S101 - it came with the token
        return self.session

    def secrets(self) -> tuple[Secret, ...]:
        """Return the token that is held, for a residue check."""
        return (self._token,) if self._token is not None else ()

    async def end(self) -> None:
        """End the officer's session at the hub: its token is worthless from now on."""
        token, self._token, self.session = self._token, None, None
        if token is not None:
            await self._road.ask("POST", "/officers/session/end", object, token=token, again=True)

    async def close(self) -> None:
        """Close the connections."""
        await self._road.close()

    async def _ask(
        self,
        method: Method,
        path: str,
        answer: type[Answer],
        said: BaseModel | None = None,
        **how: Unpack[How],
    ) -> Answer:
        """Ask as the officer, with a token that holds; one that the hub does not know any more is renewed once."""
        for last in (False, True):
            token = await self._held()
            try:
                return await self._road.ask(method, path, answer, said, token=token, **how)
            except HubRefusedError as refused:
                if refused.status != 401 or last:
                    raise
                if self._token is token:
                    self._token = None
        raise AssertionError("unreachable")

    async def _held(self) -> Secret:
        async with self._renewing:
            if self._token is None or time.monotonic() >= self._renew_at:
                await self._prove_by_any()
            assert self._token is not None  # noqa: S101 - it was just given
            return self._token

    async def _prove_by_any(self) -> None:
        """Prove the officer in any way and at any address, each time by a new proof."""
        others = len(self._road.addresses) - 1
        while True:
            proof = await self._proof()
            try:
                await self._prove(proof)
            except HubAnswerMissingError as missing:
                # Nothing was done that anybody would have to look after: a token that did not arrive is nobody's.
                if not others:
                    raise HubAwayError(missing.message, detail=missing.detail) from None
                others -= 1
            except HubRefusedError as fault:
                if others and is_of_this_address(fault):
                    others -= 1
                elif not self._refused(fault.reference):
                    raise
            else:
                return
