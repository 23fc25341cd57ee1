"""Where access tokens come from: the officer's session at the provider."""

from __future__ import annotations

from typing import Protocol

from launcher.identity.federated import AccessToken
from launcher.secret import Secret


class TokenSource(Protocol):
    """The officer's session at the provider, as :class:`FederatedSession` is one."""

    async def token(self, scopes: tuple[str, ...]) -> AccessToken:
        """Return a token for the scopes, without the officer."""
        ...

    async def end(self) -> bool:
        """End it; True when the provider confirmed it."""
        ...

    def secrets(self) -> tuple[Secret, ...]:
        """Return all tokens held."""
        ...
