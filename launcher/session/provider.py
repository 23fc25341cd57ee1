"""The officer's session at the provider: made once, on its own page, and awaited by every system that needs it.

Two ways lead there. As the sign-in, the page is shown and the officer proves themselves on it. After a sign-in by
name and password, the page stays out of sight and the provider is one more system to sign on to, by recipe.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from launcher.connectors.plan import WebTarget
from launcher.errors import LauncherError
from launcher.identity.federated import AuthorizationRequest, FederatedMethod, FederatedSession, require_same_officer
from launcher.identity.proof import Accepted
from launcher.policy.settings import FederatedSettings
from launcher.recipes.steps import Recipe
from launcher.session.ports import Surfaces
from launcher.sign_on.driver import WebDriver
from launcher.sign_on.run import Values, run_recipe

SURFACE = "provider"
HIDDEN_WITHIN_S = 60.0
SHOWN_WITHIN_S = 600.0
LAST_LOOK_S = 0.25


class ProviderLogonError(LauncherError):
    """The provider did not take the officer's name and password, or its page was not the expected one."""

    reference = "provider-not-signed-on"
    hint = "Systems of the force account will ask you to log on. Tell the helpdesk the reference."
    # A password that was refused is not tried again by itself: the provider counts failures.
    retryable = False


class ProviderRoad:
    """Makes the provider session and keeps it for this officer's sitting."""

    def __init__(self, method: FederatedMethod, settings: FederatedSettings, surfaces: Surfaces) -> None:
        self._method = method
        self._settings = settings
        self._surfaces = surfaces
        self.session: FederatedSession | None = None

    async def shown(self) -> FederatedSession:
        """Let the officer prove themselves on the provider's page; cancel this to leave it."""
        request = await self._method.begin()
        page = await self._surfaces.open_web(SURFACE, self._target(request), shown=True)
        self.session = await self._through(page, request, SHOWN_WITHIN_S, None)
        return self.session

    async def behind(self, accepted: Accepted) -> FederatedSession:
        """Sign on to the provider with the name and password just proved. Raises :class:`ProviderLogonError` …"""
        logon, password = self._settings.logon, accepted.password
        if logon is None or password is None:
            raise ProviderLogonError("The force account is not signed on to by itself here.")
        request = await self._method.begin(accepted.officer.user_name)
        page = await self._surfaces.open_web(SURFACE, self._target(request), shown=False)
        values = Values(user_name=accepted.officer.user_name, password=password)

        async def fill() -> None:
            outcome = await run_recipe(page, Recipe(steps=logon.steps), logon.markers, values, within_s=HIDDEN_WITHIN_S)
            if outcome.outcome not in ("ready", "unknown"):
                raise ProviderLogonError(
                    outcome.says or "The force account did not take your name and password.",
                    detail=outcome.last_seen,
                )

        session = await self._through(page, request, HIDDEN_WITHIN_S, fill)
        try:
            require_same_officer(session.officer, accepted.officer)
        except LauncherError:
            await session.end()
            raise
        self.session = session
        return session

    async def drop(self) -> None:
        """End a session that came to nothing, so that whoever signs in next in this process is not given it."""
        session, self.session = self.session, None
        if session is not None:
            await session.end()

    async def end(self) -> None:
        """End the session at the provider, as far as it lets us."""
        await self.drop()
        self._method.close()

    def _target(self, request: AuthorizationRequest) -> WebTarget:
        # The provider leads where it must (its second factor, another force's provider): the officer's page may
        # follow over https, and is filled on the provider's own origins only.
        return WebTarget(request.url, self._settings.login_origins, visits=("https://*",))

    async def _through(
        self,
        page: WebDriver,
        request: AuthorizationRequest,
        within_s: float,
        fill: Callable[[], Awaitable[None]] | None,
    ) -> FederatedSession:
        """Load the page, fill it where a recipe does, and take the address it comes back to."""

        async def walk() -> None:
            await page.load(request.url)
            if fill is not None:
                await fill()

        coming = asyncio.create_task(page.callback(request.redirect_prefix, within_s))
        walking = asyncio.create_task(walk())
        try:
            # A provider that knows the officer comes back at once: then there is nothing to load or fill.
            done, _ = await asyncio.wait({coming, walking}, return_when=asyncio.FIRST_COMPLETED)
            if coming not in done and walking.exception() is not None:
                # The walk over the page may be cut short by the very navigation that leads back.
                await asyncio.wait({coming}, timeout=LAST_LOOK_S)
                if not coming.done():
                    walking.result()
            address = await coming
        finally:
            for task in (coming, walking):
                task.cancel()
                with suppress(asyncio.CancelledError, LauncherError):
                    await task
            await self._surfaces.close(SURFACE)
        if address is None:
            raise ProviderLogonError("The force account's page did not lead back.", detail=page.last_seen())
        return await self._method.complete(address)
