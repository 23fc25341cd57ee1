"""The officer's session at the provider: tokens, silently, until it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from launcher.errors import LauncherError
from launcher.identity.federated.accounts import require_same_officer
from launcher.identity.federated.client import ProviderClient
from launcher.identity.federated.errors import (
    OtherOfficer,
    ProviderAnswerError,
    ProviderSessionEnded,
    ProviderUnreachableError,
)
from launcher.identity.officer import Officer
from launcher.identity.proof import Accepted
from launcher.identity.worker import Worker
from launcher.secret import Secret

REFRESH_AT_S = 300.0
REFRESH_AT_SHARE = 0.2
STILL_GOOD_S = 10.0
END_S = 2.0


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An access token; ``expires_at`` is seconds since 1970 by the wall clock, which a suspended computer keeps."""

    value: Secret
    expires_at: float
    scopes: tuple[str, ...]
    obtained_at: float

    def due(self, now_s: float) -> bool:
        """Say whether to refresh: five minutes before its end, a fifth of its life where that is less."""
        life_s = self.expires_at - self.obtained_at
        # A clock set back leaves the age unknown: better a fresh one.
        return now_s < self.obtained_at or self.expires_at - now_s <= min(REFRESH_AT_S, REFRESH_AT_SHARE * life_s)


class FederatedSession:
    """What the provider gave; in memory only."""

    method: ClassVar[str] = "federated"

    def __init__(
        self,
        officer: Officer,
        client: ProviderClient,
        worker: Worker,
        now: Callable[[], float],
        warning: str = "",
        id_token: Secret | None = None,
    ) -> None:
        self.officer = officer
        self.warning = warning
        self._client = client
        self._worker = worker
        self._now = now
        self._id_token = id_token
        self._held: dict[tuple[str, ...], AccessToken] = {}
        self._ended = False

    @property
    def accepted(self) -> Accepted:
        """The sign-in's result, where the provider was the sign-in."""
        return Accepted(officer=self.officer, method=self.method, warning=self.warning)

    async def token(self, scopes: tuple[str, ...]) -> AccessToken:
        """Return a token for the scopes, without the officer.

        Raises :class:`ProviderSessionEnded`, :class:`ProviderUnreachableError`, :class:`TokenRefused`.
        """
        key = tuple(sorted(set(scopes)))
        held = self._held.get(key)
        if self._ended:
            raise ProviderSessionEnded("The session at the provider was ended.")
        if held is not None and not held.due(self._now()):
            return held
        # One at a time: a provider that rotates refresh tokens takes a second use of one for theft.
        return await self._worker.run(lambda: self._fetch(key))

    async def must_be_of(self, officer: Officer) -> None:
        """End this session and raise :class:`OtherOfficer` unless it is of the officer who logged on in another way."""
        try:
            require_same_officer(self.officer, officer)
        except OtherOfficer:
            await self.end()
            raise

    async def end(self) -> bool:
        """Void the refresh token at the provider and drop everything; True when the provider confirmed it in time.

        The provider's own session is the browser's: :meth:`FederatedMethod.log_off` says how it is ended.
        """
        if self._ended:
            return True
        self._ended = True
        try:
            async with asyncio.timeout(END_S):
                return await self._worker.run(self._client.revoke)
        except (LauncherError, TimeoutError):
            return False
        finally:
            self._drop()

    def let_go(self) -> None:
        """Drop everything and void nothing: the provider's session goes on with another process of the officer's."""
        if not self._ended:
            self._ended = True
            self._drop()

    def secrets(self) -> tuple[Secret, ...]:
        """Return all tokens held, for a residue check; the sign-in's own ID token is kept for the log-off."""
        first = (self._id_token,) if self._id_token is not None and not self._ended else ()
        return tuple(dict.fromkeys((*first, *self._client.secrets())))

    def _drop(self) -> None:
        self._held.clear()
        self._client.forget()
        self._client.close()
        self._worker.close()

    def _fetch(self, scopes: tuple[str, ...]) -> AccessToken:
        asked_at = self._now()
        held = self._held.get(scopes)
        if held is not None and not held.due(asked_at):
            return held  # somebody who stood before us in the line has fetched it
        try:
            got = self._client.silent(scopes, fresh=held is not None)
        except (ProviderUnreachableError, ProviderAnswerError):
            if held is not None and held.expires_at - asked_at > STILL_GOOD_S:
                return held
            raise
        token = AccessToken(got.token, asked_at + got.expires_in_s, scopes, asked_at)
        if not self._ended:
            self._held[scopes] = token
        return token
