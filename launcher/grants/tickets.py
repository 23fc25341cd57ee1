"""The officer's Kerberos ticket: had once for all who need it, renewed in time, destroyed at the end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.single_flight import SingleFlight
from launcher.identity.kerberos import Ticket, TicketCache
from launcher.identity.kerberos.errors import KerberosNoPasswordError, KerberosTicketEndedError

LOOK_S: Final = 30.0
"""By the wall clock, looked at every so often: a computer that slept wakes up with its timers late."""

_log = logging.getLogger(__name__)


class Tickets:
    """One officer's for one sitting. ``sign_in`` is the name and password just proved, where there was a password."""

    def __init__(
        self,
        cache: TicketCache,
        sign_in: Credential | None,
        *,
        renew: bool = True,
        now: Callable[[], float] = time.time,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._cache = cache
        self._sign_in = sign_in
        self._renew = renew
        self._now = now
        self._pause = pause
        self._held: Ticket | None = None
        self._given: Credential | None = None
        self._refused: LauncherError | None = None
        self._flights: SingleFlight[None, Ticket] = SingleFlight()

    @property
    def by_card(self) -> bool:
        """Whether what is given by :meth:`give` is a card's PIN."""
        return self._cache.by_card

    async def ticket(self) -> TicketCache:
        """Return the cache with a ticket in it that is good.

        Raises :class:`LauncherError`; what the realm refused is not asked for again with the same password.
        """
        if self._held is None or self._held.ended(self._now()):
            await self._flights.do(None, self._obtain)
        return self._cache

    def give(self, credential: Credential) -> None:
        """Take what the officer typed because they logged on without a password: tried once, and kept nowhere."""
        self._given = credential

    async def keep(self) -> None:
        """Have a ticket before anybody needs one, and keep it good until cancelled; what hinders is said to who asks.

        Without ``renew`` it is had once.
        """
        with suppress(LauncherError):
            await self.ticket()
        while self._renew:
            await self._pause(LOOK_S)
            if self._held is not None and self._held.due(self._now()):
                with suppress(LauncherError):
                    await self._flights.do(None, self._anew)

    def proved_again(self, sign_in: Credential | None) -> None:
        """Take the name and password of a fresh proof; what was refused stays so unless it is another password."""
        if sign_in is None or (self._sign_in is not None and self._sign_in.password == sign_in.password):
            return
        self._sign_in, self._refused = sign_in, None

    def secrets(self) -> tuple[bytes, ...]:
        """Return keys and tickets, for a residue check."""
        return self._cache.secrets()

    def end(self) -> None:
        """Destroy the tickets; none is asked for any more."""
        self._sign_in = self._given = self._held = None
        self._cache.destroy()

    async def _obtain(self) -> Ticket:
        given, self._given = self._given, None
        if given is not None:
            obtain = self._cache.obtain_by_card if self._cache.by_card else self._cache.obtain
            self._held = await obtain(given.user_name, given.password)
            return self._held
        if self._refused is not None:
            raise self._refused.with_traceback(None)
        if self._sign_in is None:
            raise KerberosNoPasswordError("You logged on without a password that a ticket is given for.")
        try:
            self._held = await self._cache.obtain(self._sign_in.user_name, self._sign_in.password)
        except LauncherError as fault:
            _log.warning("no ticket: %s (%s)", fault.reference, fault.detail)
            if not fault.retryable:
                self._refused = fault
            raise
        return self._held

    async def _anew(self) -> Ticket:
        """Renew the ticket, or ask for another one where it cannot be renewed; the old one stays good meanwhile."""
        try:
            self._held = await self._cache.renew()
            if not self._held.due(self._now()):
                return self._held
        except KerberosTicketEndedError as fault:
            _log.info("a ticket was not renewed: %s", fault.detail)
        return await self._obtain()
