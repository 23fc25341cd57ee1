"""The browser's sessions at further providers: each signed on to once, and shared by all systems that need it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from launcher.errors import LauncherError
from launcher.grants.errors import ProviderForgotError, ProviderNotSetUpError
from launcher.grants.single_flight import SingleFlight

SignOn = Callable[[], Awaitable[None]]
Look = Callable[[], Awaitable[bool]]


class FurtherSessions:
    """One officer's. ``sign_ons`` says by name how each provider is signed on to.

    ``looks`` has those that are signed on to by ticket, and says whether such a session still holds: it is asked before
    each use, and a refusal is not remembered, for nothing is lost by another ticket. A password is not given again
    before a page has asked for it.
    """

    def __init__(self, sign_ons: Mapping[str, SignOn] | None = None, looks: Mapping[str, Look] | None = None) -> None:
        self._sign_ons = dict(sign_ons or {})
        self._looks = dict(looks or {})
        self._there: dict[str, int] = {}  # the number of the session that holds, by name
        self._made = 0
        self._refused: dict[str, LauncherError] = {}
        self._asks: set[str] = set()  # those that have asked for the officer
        self._running: SingleFlight[str, None] = SingleFlight()

    async def pages_sign_on(self, name: str) -> int:
        """Have the session made for a page that goes there by itself, and asks where it is not known.

        Returns its number; 0 where the provider asks the officer. What says that trying again cannot help (a refused
        password) is not tried again, nor is a provider that asked for more than it was given. Raises
        :class:`ProviderNotSetUpError` and what signing on raises.
        """
        if (name not in self._there or name in self._looks) and name not in self._asks:
            if (refused := self._refused.get(name)) is not None:
                raise refused.with_traceback(None)
            with suppress(ProviderForgotError):
                await self._running.do(name, lambda: self._sign_on(name))
        return self.held(name)

    def held(self, name: str) -> int:
        """Return the number of the session that holds, as far as is known; 0 where there is none."""
        return self._there.get(name, 0)

    def by_ticket(self, name: str) -> bool:
        """Say whether the provider wants the officer's ticket."""
        return name in self._looks

    async def anew(self, name: str, ended: int) -> bool:
        """Make another session than ``ended``, whose pages ask for the officer again; say whether there is one."""
        if self._there.get(name) == ended:
            del self._there[name]
        return await self.pages_sign_on(name) > 0

    def proved_again(self) -> None:
        """Take note of a fresh proof with another password: what was refused may be tried once more."""
        self._refused.clear()
        self._asks.clear()

    async def _sign_on(self, name: str) -> None:
        sign_on = self._sign_ons.get(name)
        if sign_on is None:
            raise ProviderNotSetUpError(
                f"This system wants the provider {name!r}, which the station file does not name."
            )
        if name in self._there and await self._looks[name]():
            return
        try:
            await sign_on()
        except ProviderForgotError:
            self._asks.add(name)
            raise
        except LauncherError as fault:
            if not fault.retryable and name not in self._looks:
                self._refused[name] = fault
            raise
        self._made += 1
        self._there[name] = self._made
