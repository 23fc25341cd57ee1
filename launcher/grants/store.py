"""The contract of every place where officers' credentials are kept, and its implementation in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from launcher.grants.credential import Credential
from launcher.grants.one_time import used
from launcher.identity.officer import OfficerId
from launcher.secret import Secret


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept credential; ``refused`` when the system has said no to it since.

    ``pending`` is a new password that the host may have been given, and has neither confirmed nor refused;
    ``pending_refused`` when it was tried since, and has not been seen to work.
    """

    credential: Credential
    refused: bool = False
    last_code: int | None = None  # the last period whose one-time code was given out
    pending: Secret | None = None
    pending_refused: bool = False

    @property
    def with_pending(self) -> Credential | None:
        """The credential with the pending password, where there is one that was not refused."""
        if self.pending is None or self.pending_refused:
            return None
        return replace(self.credential, password=self.pending)


class CredentialStore(Protocol):
    """Keeps credentials by officer and system. Every method may raise a :class:`LauncherError` by reference."""

    async def get(self, officer: OfficerId, system: str) -> Kept | None:
        """Return what is kept, None if nothing is."""
        ...

    async def put(self, officer: OfficerId, system: str, credential: Credential) -> None:
        """Keep the credential in place of what is there; it counts as not refused."""
        ...

    async def forget(self, officer: OfficerId, system: str) -> None:
        """Delete what is kept; nothing there is no fault."""
        ...

    async def systems(self, officer: OfficerId) -> frozenset[str]:
        """Return the systems for which something readable is kept."""
        ...

    async def mark_refused(self, officer: OfficerId, system: str, *, pending: bool = False) -> None:
        """Note that the system said no, to the pending password where that is said; nothing there is no fault."""
        ...

    async def propose(self, officer: OfficerId, system: str, current: Credential, new: Secret) -> None:
        """Keep the credential and, beside it, a pending password; both last once this has returned."""
        ...

    async def mark_tried(self, officer: OfficerId, system: str, *, tried: bool) -> None:
        """Note that the pending password is about to be given to the system, or was not after all; none is no fault."""
        ...

    async def settle(self, officer: OfficerId, system: str, *, changed: bool) -> None:
        """End what is pending: the new password takes the old one's place, or is dropped; none is no fault."""
        ...

    async def claim_code(self, officer: OfficerId, system: str, period: int) -> bool:
        """Note that the one-time code of the period is given out; False if it, or a later one, was before.

        With nothing kept there is nothing to note, and it is True.
        """
        ...


class MemoryStore:
    """Keeps for as long as the process lives: the setting ``keep = "off"``."""

    def __init__(self) -> None:
        self._kept: dict[tuple[OfficerId, str], Kept] = {}

    async def get(self, officer: OfficerId, system: str) -> Kept | None:
        """Return what is kept, None if nothing is."""
        return self._kept.get((officer, system))

    async def put(self, officer: OfficerId, system: str, credential: Credential) -> None:
        """Keep the credential in place of what is there; it counts as not refused."""
        self._kept[officer, system] = renewed(self._kept.get((officer, system)), credential)

    async def forget(self, officer: OfficerId, system: str) -> None:
        """Delete what is kept; nothing there is no fault."""
        self._kept.pop((officer, system), None)

    async def systems(self, officer: OfficerId) -> frozenset[str]:
        """Return the systems for which something is kept."""
        return frozenset(system for owner, system in self._kept if owner == officer)

    async def mark_refused(self, officer: OfficerId, system: str, *, pending: bool = False) -> None:
        """Note that the system said no; nothing there is no fault."""
        if kept := self._kept.get((officer, system)):
            self._kept[officer, system] = refused(kept, pending=pending)

    async def propose(self, officer: OfficerId, system: str, current: Credential, new: Secret) -> None:
        """Keep the credential and, beside it, a pending password."""
        self._kept[officer, system] = proposed(self._kept.get((officer, system)), current, new)

    async def mark_tried(self, officer: OfficerId, system: str, *, tried: bool) -> None:
        """Note that the pending password is about to be given to the system, or was not after all."""
        if kept := self._kept.get((officer, system)):
            self._kept[officer, system] = pending_tried(kept, tried=tried)

    async def settle(self, officer: OfficerId, system: str, *, changed: bool) -> None:
        """End what is pending: the new password takes the old one's place, or is dropped."""
        if kept := self._kept.get((officer, system)):
            self._kept[officer, system] = settled(kept, changed=changed)

    async def claim_code(self, officer: OfficerId, system: str, period: int) -> bool:
        """Note that the one-time code of the period is given out; False if it, or a later one, was before."""
        kept = self._kept.get((officer, system))
        if kept is None:
            return True
        if used(period, kept.last_code):
            return False
        self._kept[officer, system] = replace(kept, last_code=period)
        return True


def renewed(kept: Kept | None, credential: Credential) -> Kept:
    """Return what to keep when a credential takes another's place: the codes of the same seed stay used."""
    same_seed = kept is not None and kept.credential.seed == credential.seed
    return Kept(credential, last_code=kept.last_code if kept is not None and same_seed else None)


def refused(kept: Kept, *, pending: bool) -> Kept:
    """Return what to keep when the system has said no, to the pending password or to the one before it."""
    return pending_tried(kept, tried=True) if pending else replace(kept, refused=True)


def pending_tried(kept: Kept, *, tried: bool) -> Kept:
    """Return what to keep when the pending password is given to the system: what ends us then must not try it again."""
    return replace(kept, pending_refused=tried and kept.pending is not None)


def proposed(kept: Kept | None, current: Credential, new: Secret) -> Kept:
    """Return what to keep when a new password is about to be given to a host that has just taken the current one."""
    return replace(renewed(kept, current), pending=new)


def settled(kept: Kept, *, changed: bool) -> Kept:
    """Return what to keep when it is known what became of the pending password."""
    if kept.pending is None:
        return kept
    if not changed:
        return replace(kept, pending=None, pending_refused=False)
    return Kept(replace(kept.credential, password=kept.pending), last_code=kept.last_code)
