"""The certificates of one officer for one sitting: kept sealed beside names and passwords, under names of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from launcher.grants.client_certificate import ClientCertificate, from_store
from launcher.grants.credential import Credential
from launcher.grants.errors import CertificateFaultyError, CertificateMissing
from launcher.grants.store import Kept
from launcher.secret import Secret


def kept_under(name: str) -> str:
    """Return the name in the store of a certificate called so; no system's id holds a colon."""
    return f"certificate:{name}"


class Certificates:
    """What is held now. One that a system refused is in doubt: a newer one is looked for first, where there is one.

    ``kept`` and ``keep`` are the store's, whose faults are told elsewhere: then nothing is kept. ``forget`` raises
    them.
    """

    def __init__(
        self,
        kept: Callable[[str], Awaitable[Kept | None]],
        keep: Callable[[str, Credential], Awaitable[bool]],
        forget: Callable[[str], Awaitable[None]],
    ) -> None:
        self._kept = kept
        self._keep = keep
        self._forget = forget
        self._held: dict[str, ClientCertificate] = {}
        self._unproved: set[str] = set()  # given, and not kept yet
        self._doubted: set[str] = set()

    def is_in_doubt(self, name: str) -> bool:
        """Say whether a system has refused it since it was given."""
        return name in self._doubted

    async def get(self, name: str, now_s: float) -> ClientCertificate:
        """Return the officer's. Raises :class:`CertificateMissing` where none is known whose time is now."""
        if (held := self._held.get(name)) is None:
            kept = await self._kept(kept_under(name))
            if kept is None:
                raise CertificateMissing("No certificate of yours is known here.")
            try:
                held = from_store(kept.credential)
            except CertificateFaultyError as fault:
                raise CertificateMissing(fault.message) from None
            self._held[name] = held
        held.must_be_valid(now_s)
        return held

    def give(self, name: str, certificate: ClientCertificate) -> None:
        """Take one that the officer has opened; it is kept by :meth:`remember` once it has worked."""
        self._held[name] = certificate
        self._unproved.add(name)
        self._doubted.discard(name)

    def doubt(self, name: str) -> None:
        """Note that a system has refused it."""
        self._doubted.add(name)

    async def remember(self, name: str) -> None:
        """Keep one that has worked, where it is not kept already."""
        self._doubted.discard(name)
        if name in self._unproved and await self._keep(kept_under(name), self._held[name].kept_as()):
            self._unproved.discard(name)

    async def forget(self, name: str) -> None:
        """Forget one, for all systems that share it: the officer is asked for what opens the next one.

        Raises what is wrong with the store.
        """
        self._held.pop(name, None)
        self._unproved.discard(name)
        self._doubted.discard(name)
        await self._forget(kept_under(name))

    def secrets(self) -> tuple[Secret, ...]:
        """Return every key held, for a residue check."""
        return tuple(one.key for one in self._held.values())
