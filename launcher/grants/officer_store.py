"""One officer's part of the store of credentials: a fault of it stops nothing, and is kept for whoever says so."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from typing import TypeVar

from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.errors import STORE_FAULTS
from launcher.grants.single_flight import SingleFlight
from launcher.grants.store import CredentialStore, Kept
from launcher.identity.officer import OfficerId
from launcher.secret import Secret

_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class OfficerStore:
    """The store for one officer and one sitting. Where it is faulty nothing is kept, and nothing is noted.

    :meth:`forget` and :meth:`propose` alone raise what is wrong: whoever calls them must know that it was not done.
    """

    def __init__(self, officer: OfficerId, store: CredentialStore) -> None:
        self._officer = officer
        self._store = store
        self._reads: SingleFlight[str, Kept | None] = SingleFlight()
        self.fault: LauncherError | None = None
        """What was wrong last."""

    async def get(self, system: str) -> Kept | None:
        """Return what is kept, None if nothing is; who asks for the same meanwhile waits for the same answer."""
        reading = self._reads.do(system, lambda: self._store.get(self._officer, system))
        return await self._of_store(reading, otherwise=None)

    async def systems(self) -> frozenset[str]:
        """Return the systems for which something is kept. A fault is said when one of them is opened, and not here."""
        try:
            return await self._store.systems(self._officer)
        except STORE_FAULTS:
            return frozenset()

    async def put(self, system: str, credential: Credential) -> bool:
        """Keep the credential in place of what is there; say whether it is kept."""
        return await self._of_store(self._put(system, credential), otherwise=False)

    async def mark_refused(self, system: str, *, pending: bool = False) -> None:
        """Note that the system said no, to the pending password where that is said."""
        await self._of_store(self._store.mark_refused(self._officer, system, pending=pending), otherwise=None)

    async def mark_tried(self, system: str, *, tried: bool) -> None:
        """Note that the pending password is about to be given to the system, or was not after all."""
        await self._of_store(self._store.mark_tried(self._officer, system, tried=tried), otherwise=None)

    async def settle(self, system: str, *, changed: bool) -> None:
        """End what is pending; where the store cannot be written it stays so there, and both are kept."""
        await self._of_store(self._store.settle(self._officer, system, changed=changed), otherwise=None)

    async def claim_code(self, system: str, period: int) -> bool:
        """Note that the one-time code of the period is given out; False if it, or a later one, was before."""
        return await self._of_store(self._store.claim_code(self._officer, system, period), otherwise=True)

    async def propose(self, system: str, current: Credential, new: Secret) -> None:
        """Keep the credential and, beside it, a pending password. Raises what is wrong with the store."""
        await self._store.propose(self._officer, system, current, new)

    async def forget(self, system: str) -> None:
        """Delete what is kept. Raises what is wrong with the store."""
        await self._store.forget(self._officer, system)

    async def _put(self, system: str, credential: Credential) -> bool:
        await self._store.put(self._officer, system, credential)
        return True

    async def _of_store(self, asked: Awaitable[Answer], otherwise: Answer) -> Answer:
        try:
            return await asked
        except STORE_FAULTS as fault:
            _log.warning("%s: %s (%s)", fault.reference, fault.message, fault.detail)
            self.fault = fault
            return otherwise
