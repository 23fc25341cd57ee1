"""The officer's session at the provider: made once, on its own page, and awaited by every system that needs it.

Two ways lead there. As the sign-in, the page is shown and the officer proves themselves on it. After a sign-in by
name and password, the page stays out of sight and the provider is one more system to sign on to, by recipe. Both end
the same way: the provider is told that the officer has gone, in the browser that it knows them by.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from launcher.connectors.plan import ANY_HTTPS, WebTarget
from launcher.errors import LauncherError
from launcher.identity.federated import AuthorizationRequest, FederatedMethod, FederatedSession, LogOffRequest
from launcher.identity.federated.errors import OtherOfficer
from launcher.identity.proof import Accepted
from launcher.policy.settings import FederatedSettings, LogoffRecipe
from launcher.recipes.steps import Recipe
from launcher.session.faults import place_of
from launcher.session.ports import Surfaces
from launcher.sign_on.driver import WebDriver
from launcher.sign_on.run import Values, run_recipe

SURFACE = "provider"
LOG_OFF_SURFACE = "provider-log-off"  # of its own: the other one may still be on its way to its end
HIDDEN_WITHIN_S = 60.0
KNOWN_WITHIN_S = 8.0  # whoever is known is led back at once; nobody waits long for a form that nobody sees
SHOWN_WITHIN_S = 600.0
LEFT_ALONE_S = 120.0
LOOK_S = 1.0
LAST_LOOK_S = 0.25
AHEAD_S = 60.0  # a logon page that has waited longer is asked for anew
OTHER_OFF_S = 2.0  # another officer's session is ended before anybody goes on
LED_ON_S = 1.0  # for a page that goes on by a script of its own

log = logging.getLogger(__name__)


class ProviderLogonError(LauncherError):
    """The provider did not take the officer's name and password, or its page was not the expected one."""

    reference = "provider-not-signed-on"
    hint = "Systems of the force account will ask you to log on. Tell the helpdesk the reference."
    # A password that was refused is not tried again by itself: the provider counts failures.
    retryable = False


class ProviderPageLeftError(LauncherError):
    """The provider's page was left alone with something on it."""

    reference = "provider-page-left"
    hint = "Start again. A page that is left alone is closed, so that nobody else goes on with it."
    retryable = True


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The logon page that is loaded while the officer is being proved; nothing where it did not come."""

    since: float
    loading: asyncio.Task[tuple[WebDriver, AuthorizationRequest] | None]


class ProviderRoad:
    """Makes the provider session and keeps it for this officer's sitting."""

    def __init__(self, method: FederatedMethod, settings: FederatedSettings, surfaces: Surfaces) -> None:
        self._method = method
        self._settings = settings
        self._surfaces = surfaces
        self._ahead: _Ahead | None = None
        self.session: FederatedSession | None = None

    async def shown(self) -> FederatedSession:
        """Let the officer prove themselves on the provider's page; cancel this to leave it."""
        await self._leave_ahead()
        request = await self._method.begin()
        # The provider leads where it must (its second factor, another force's provider): the officer's own eyes follow.
        target = WebTarget(request.url, self._settings.login_origins, visits=(ANY_HTTPS,))
        page = await self._surfaces.open_web(SURFACE, target, shown=True)
        self.session = await self._through(page, request, SHOWN_WITHIN_S, lambda: _attended(page))
        return self.session

    async def behind(self, accepted: Accepted) -> FederatedSession:
        """Sign on to the provider with the name and password just proved. Raises :class:`ProviderLogonError` …"""
        logon, password = self._settings.logon, accepted.password
        if logon is None or password is None:
            raise ProviderLogonError("The force account is not signed on to by itself here.")
        loaded = await self._loaded_ahead()
        page, request = loaded or await self._logon_page()
        values = Values(user_name=accepted.officer.user_name, password=password)

        async def fill() -> None:
            outcome = await run_recipe(page, Recipe(steps=logon.steps), logon.markers, values, within_s=HIDDEN_WITHIN_S)
            if outcome.outcome not in ("ready", "unknown"):
                raise ProviderLogonError(
                    outcome.says or "The force account did not take your name and password.",
                    detail=outcome.last_seen,
                )

        return await self._of(
            accepted, await self._through(page, request, HIDDEN_WITHIN_S, fill, loaded=loaded is not None)
        )

    async def by_cookies(self, accepted: Accepted) -> FederatedSession:
        """Make the session anew where the provider still knows this browser. Raises :class:`ProviderLogonError` …"""
        page, request = await self._logon_page()

        async def nothing() -> None:
            """Whoever is known is led back at once; nothing is filled in for anybody else."""

        return await self._of(accepted, await self._through(page, request, KNOWN_WITHIN_S, nothing))

    async def _of(self, accepted: Accepted, session: FederatedSession) -> FederatedSession:
        """Keep the session, which must be of the officer who logged on."""
        try:
            await session.must_be_of(accepted.officer)
        except OtherOfficer:
            await self._log_off(OTHER_OFF_S)
            raise
        self.session = session
        return session

    async def ahead(self) -> None:
        """Begin to load the logon page, unseen, while the name and password are being proved elsewhere.

        Nothing is filled in before :meth:`behind` says who was accepted, and the provider is not told the name that
        was typed: before it is proved it may be anything, a password too.
        """
        await self._leave_ahead()
        if self._settings.logon is not None:
            self._ahead = _Ahead(time.monotonic(), asyncio.create_task(self._load_ahead()))

    async def _load_ahead(self) -> tuple[WebDriver, AuthorizationRequest] | None:
        try:
            page, request = await self._logon_page()
            await page.load(request.url)
        except LauncherError:
            return None  # whoever needs the page asks again, and is told
        return page, request

    async def _logon_page(self) -> tuple[WebDriver, AuthorizationRequest]:
        request = await self._method.begin()
        # Nobody sees this page: it goes nowhere but where the station file lets the provider be filled in.
        target = WebTarget(request.url, self._settings.login_origins)
        return await self._surfaces.open_web(SURFACE, target, shown=False), request

    async def _loaded_ahead(self) -> tuple[WebDriver, AuthorizationRequest] | None:
        """Return the page that was loaded ahead, if there is one."""
        ahead = self._ahead
        if ahead is None or time.monotonic() - ahead.since > AHEAD_S:
            await self._leave_ahead()
            return None
        try:
            loaded = await asyncio.shield(ahead.loading)
        except asyncio.CancelledError:
            await self._leave_ahead()
            raise
        finally:
            self._ahead = None
        return loaded

    async def _leave_ahead(self) -> None:
        ahead, self._ahead = self._ahead, None
        if ahead is None:
            return
        ahead.loading.cancel()
        await asyncio.gather(ahead.loading, return_exceptions=True)
        with suppress(LauncherError):
            await self._surfaces.close(SURFACE)

    async def prepare(self) -> None:
        """Fetch what the provider says of itself while the officer still types; never raises."""
        with suppress(LauncherError):
            await self._method.prepare()

    async def drop(self) -> bool:
        """End a session that came to nothing, so that whoever signs in next in this process is not given it.

        Returns whether the provider confirmed that its tokens are void, as far as nobody else has ended it before.
        """
        session, self.session = self.session, None
        return await session.end() if session is not None else True

    async def leave(self) -> None:
        """End a session that nobody goes on with, tokens and the browser's own: who proved themselves is sent away."""
        await self._leave_ahead()
        await asyncio.gather(self.drop(), self._log_off(OTHER_OFF_S))

    async def end(self, within_s: float) -> bool:
        """End all there is at the provider, tokens and session; True when it confirmed that within the time."""
        await self._leave_ahead()
        void, logged_off = await asyncio.gather(self.drop(), self._log_off(within_s))
        void = void and not self._method.redeeming  # tokens that come now are dropped alive
        self._method.close()
        return void and logged_off

    async def _log_off(self, within_s: float) -> bool:
        """End the browser's own session at the provider; never raises, so that all else is ended too."""
        if not self._method.browser_signed_on:
            return True
        request = self._method.log_off()
        if request is None or within_s <= 0:
            return False
        try:
            async with asyncio.timeout(within_s):
                confirmed = await self._led_off(request, within_s)
        except (LauncherError, TimeoutError):
            confirmed = False
        except Exception as fault:
            _log_fault(fault)
            confirmed = False
        if confirmed:
            self._method.logged_off()
        return confirmed

    async def _led_off(self, request: LogOffRequest, within_s: float) -> bool:
        """Load the provider's page for it, unseen, and look for what proves that the session has ended."""
        # It goes where the provider's own pages are: nothing is filled, and the token in its address goes nowhere else.
        target = WebTarget(request.endpoint, (), visits=self._settings.login_origins)
        page = await self._surfaces.open_web(LOG_OFF_SURFACE, target, shown=False)
        coming = asyncio.create_task(self._back(page, request, within_s))
        walking = asyncio.create_task(self._walk_off(page, request, within_s))
        try:
            await asyncio.wait({coming, walking}, return_when=asyncio.FIRST_COMPLETED)
            if coming.done() and coming.result():
                return True
            if await walking:
                return True
            return await coming
        except LauncherError:
            # As on the way in: a load may be cut short by the very navigation that leads back.
            await asyncio.wait({coming}, timeout=LAST_LOOK_S)
            return coming.done() and not coming.exception() and coming.result()
        finally:
            coming.cancel()
            walking.cancel()
            await asyncio.gather(coming, walking, return_exceptions=True)
            with suppress(LauncherError):
                await self._surfaces.close(LOG_OFF_SURFACE)

    async def _back(self, page: WebDriver, request: LogOffRequest, within_s: float) -> bool:
        if not request.redirect_prefix:
            return False
        address = await page.callback(request.redirect_prefix, within_s)
        return address is not None and request.confirmed_by(address)

    async def _walk_off(self, page: WebDriver, request: LogOffRequest, within_s: float) -> bool:
        await page.load(request.url.reveal())
        logoff = self._settings.logoff
        if logoff is None:
            if not request.redirect_prefix:
                await asyncio.sleep(LED_ON_S)  # nothing will tell when it is done
            return False
        proofs = [marker.place for marker in logoff.markers if marker.means == "ready"]
        answering = asyncio.create_task(_answer(page, logoff, within_s))
        try:
            if proofs:
                return await page.first_of(proofs, within_s) is not None
            await answering
            if not request.redirect_prefix:
                await asyncio.sleep(LED_ON_S)
            return False
        finally:
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)

    async def _through(
        self,
        page: WebDriver,
        request: AuthorizationRequest,
        within_s: float,
        then: Callable[[], Awaitable[None]],
        *,
        loaded: bool = False,
    ) -> FederatedSession:
        """Load the page, then fill it or look after it, and take the address it comes back to."""

        async def walk() -> None:
            if not loaded:
                await page.load(request.url)
            await then()

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


async def _answer(page: WebDriver, logoff: LogoffRecipe, within_s: float) -> None:
    """Answer a page that still asks after a moment; one that goes on by itself is not answered twice."""
    await asyncio.sleep(LED_ON_S)
    with suppress(LauncherError):
        await run_recipe(page, Recipe(steps=logoff.steps), logoff.markers, Values(), within_s=within_s)


def _log_fault(fault: Exception) -> None:
    """Log kind and place only: a traceback may quote the address, and that holds a token."""
    log.error("the provider was not logged off", extra={"fault": type(fault).__name__, "place": place_of(fault)})


async def _attended(page: WebDriver) -> None:
    """Return never while somebody types or clicks on the page. Raises :class:`ProviderPageLeftError`.

    Longer than a sign-in screen may stand: a second factor is a walk to the telephone.
    """
    acts, since = page.officer_acts(), time.monotonic()
    while time.monotonic() - since < LEFT_ALONE_S:
        await asyncio.sleep(LOOK_S)
        if page.officer_acts() != acts:
            acts, since = page.officer_acts(), time.monotonic()
    raise ProviderPageLeftError("The force account's page was left alone and is closed.")
