"""Whose grants are held in the tests: an officer's credentials, and a session at a provider that counts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.names import CredentialName, TokenName
from launcher.identity.federated import AccessToken
from launcher.identity.officer import OfficerId
from launcher.secret import Secret

ALICE = OfficerId("https://id.force.example/station", "8f1c")
CUSTODY = CredentialName("custody", "store")
BY_SIGN_IN = CredentialName("custody", "sign-in")
OWN = Credential("aokafor", Secret("own-password"))
NEWER = Credential("aokafor", Secret("newer-password"))
SIGN_IN = Credential("alice", Secret("sign-in-password"))
WARRANTS = TokenName(("https://warrants.station.test/read",))


def run(story: Callable[[], Awaitable[None]]) -> None:
    async def walk() -> None:
        await story()

    asyncio.run(walk())


class Provider:
    """A session at a provider that counts, and fails when it is told to."""

    def __init__(self) -> None:
        self.obtained = 0
        self.asked = 0
        self.ended = 0
        self.fault: LauncherError | None = None
        self.token_fault: LauncherError | None = None

    async def obtain(self) -> Provider:
        self.obtained += 1
        await asyncio.sleep(0)
        if self.fault is not None:
            raise self.fault
        return self

    async def token(self, scopes: tuple[str, ...]) -> AccessToken:
        self.asked += 1
        await asyncio.sleep(0)
        if self.token_fault is not None:
            raise self.token_fault
        return AccessToken(Secret(f"token {self.asked}"), 3600.0, scopes, 0.0)

    async def end(self) -> bool:
        self.ended += 1
        return True

    def secrets(self) -> tuple[Secret, ...]:
        return (Secret("refresh-token"),)
