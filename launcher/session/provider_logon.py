"""The provider's logon page that nobody sees: opened when it is needed, or loaded ahead while an officer is proved."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass

from launcher.connectors.plan import WebTarget
from launcher.errors import LauncherError
from launcher.identity.federated import AuthorizationRequest, FederatedMethod
from launcher.policy.federation_settings import FederatedSettings
from launcher.session.ports import Surfaces
from launcher.sign_on.driver import WebDriver

AHEAD_S = 60.0  # a page that has waited longer is asked for anew

Opened = tuple[WebDriver, AuthorizationRequest]
"""The page, and what it was asked for with."""


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The page that is loaded ahead; nothing where it did not come."""

    since: float
    loading: asyncio.Task[Opened | None]


class LogonPage:
    """Opens the page on one surface; at most one at a time is loaded ahead."""

    def __init__(self, method: FederatedMethod, settings: FederatedSettings, surfaces: Surfaces, surface: str) -> None:
        self._method = method
        self._settings = settings
        self._surfaces = surfaces
        self._surface = surface
        self._ahead: _Ahead | None = None

    async def opened(self) -> Opened:
        """Return a page on which nothing is loaded yet."""
        request = await self._method.begin()
        # Nobody sees this page: it goes nowhere but where the station file lets the provider be filled in.
        target = WebTarget(request.url, self._settings.login_origins)
        return await self._surfaces.open_web(self._surface, target, shown=False), request

    def load_ahead(self) -> None:
        """Begin to load one; :meth:`leave` the one before first."""
        self._ahead = _Ahead(time.monotonic(), asyncio.create_task(self._load()))

    async def loaded_ahead(self) -> Opened | None:
        """Return the page that was loaded ahead, if there is one."""
        ahead = self._ahead
        if ahead is None or time.monotonic() - ahead.since > AHEAD_S:
            await self.leave()
            return None
        try:
            loaded = await asyncio.shield(ahead.loading)
        except asyncio.CancelledError:
            await self.leave()
            raise
        finally:
            self._ahead = None
        return loaded

    async def leave(self) -> None:
        """Close the page that was loaded ahead, if there is one."""
        ahead, self._ahead = self._ahead, None
        if ahead is None:
            return
        ahead.loading.cancel()
        await asyncio.gather(ahead.loading, return_exceptions=True)
        with suppress(LauncherError):
            await self._surfaces.close(self._surface)

    async def _load(self) -> Opened | None:
        try:
            page, request = await self.opened()
            await page.load(request.url)
        except LauncherError:
            return None  # whoever needs the page asks again, and is told
        return page, request
