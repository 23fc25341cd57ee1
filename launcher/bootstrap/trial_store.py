"""The store of a trial: what was typed for the system that is tried stands there till its end, and is kept nowhere.

All else is as the station keeps it. A seed of one-time codes cannot be typed: the one that is kept is used.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.store import CredentialStore, Kept, MemoryStore
from launcher.identity.officer import OfficerId
from launcher.secret import Secret


class TrialStore:
    """Keeps as ``kept`` does; of ``system`` nothing but in memory, where ``typed`` stands."""

    def __init__(self, kept: CredentialStore, system: str, typed: Credential) -> None:
        self._kept = kept
        self._system = system
        self._typed = typed
        self._memory = MemoryStore()

    async def get(self, officer: OfficerId, system: str) -> Kept | None:
        """Return what was typed, or what is kept; None if nothing is."""
        if system == self._system and await self._memory.get(officer, system) is None:
            before = None
            with suppress(LauncherError):  # what was typed needs no store
                before = await self._kept.get(officer, system)
            seed = before.credential.seed if before is not None else None
            await self._memory.put(officer, system, replace(self._typed, seed=seed))
        return await self._of(system).get(officer, system)

    async def put(self, officer: OfficerId, system: str, credential: Credential) -> None:
        """Keep the credential in place of what is there; it counts as not refused."""
        await self._of(system).put(officer, system, credential)

    async def forget(self, officer: OfficerId, system: str) -> None:
        """Delete what is kept; nothing there is no fault."""
        await self._of(system).forget(officer, system)

    async def systems(self, officer: OfficerId) -> frozenset[str]:
        """Return the systems for which something readable is kept, or was typed and asked for."""
        return await self._kept.systems(officer) | await self._memory.systems(officer)

    async def mark_refused(self, officer: OfficerId, system: str, *, pending: bool = False) -> None:
        """Note that the system said no; nothing there is no fault."""
        await self._of(system).mark_refused(officer, system, pending=pending)

    async def propose(self, officer: OfficerId, system: str, current: Credential, new: Secret) -> None:
        """Keep the credential and, beside it, a pending password."""
        await self._of(system).propose(officer, system, current, new)

    async def mark_tried(self, officer: OfficerId, system: str, *, tried: bool) -> None:
        """Note that the pending password is about to be given to the system, or was not after all."""
        await self._of(system).mark_tried(officer, system, tried=tried)

    async def settle(self, officer: OfficerId, system: str, *, changed: bool) -> None:
        """End what is pending: the new password takes the old one's place, or is dropped."""
        await self._of(system).settle(officer, system, changed=changed)

    async def claim_code(self, officer: OfficerId, system: str, period: int) -> bool:
        """Note that the one-time code of the period is given out: the seed is the kept one, so it is noted there."""
        return await self._kept.claim_code(officer, system, period)

    def _of(self, system: str) -> CredentialStore:
        return self._memory if system == self._system else self._kept
