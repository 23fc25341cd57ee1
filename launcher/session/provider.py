"""The officer's session at the provider: made once, on its own page, and awaited by every system that needs it.

Two ways lead there. As the sign-in, the page is shown and the officer proves themselves on it. After a sign-in by
name and password, the page stays out of sight and the provider is one more system to sign on to, by recipe. Both end
the same way: the provider is told that the officer has gone, in the browser that it knows them by.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from launcher.connectors.plan import ANY_HTTPS, WebTarget
from launcher.errors import LauncherError
from launcher.grants.errors import ProviderForgotError
from launcher.identity.federated import AuthorizationRequest, FederatedMethod, FederatedSession
from launcher.identity.federated.errors import OtherOfficer
from launcher.identity.proof import Accepted
from launcher.policy.federation_settings import FederatedSettings
from launcher.recipes.steps import Recipe
from launcher.residue.patterns import MIN_BYTES
from launcher.secret import Secret
from launcher.session.browser_cookie import BrowserCookie
from launcher.session.faults import log_fault
from launcher.session.fresh_proof import FreshProof, Handed
from launcher.session.ports import Surfaces
from launcher.session.provider_log_off import LAST_LOOK_S, LED_ON_S, led_off
from launcher.session.provider_logon import LogonPage
from launcher.sign_on.driver import WebDriver
from launcher.sign_on.run import Values, run_recipe

SURFACE = "provider"
HIDDEN_WITHIN_S = 60.0
KNOWN_WITHIN_S = 8.0  # whoever is known is led back at once; nobody waits long for a form that nobody sees
SHOWN_WITHIN_S = 600.0
LEFT_ALONE_S = 120.0
LOOK_S = 1.0
OTHER_OFF_S = 2.0  # another officer's session is ended before anybody goes on
FORGOT = "The force account does not know this session any more."
NOT_KNOWN = "login_required"  # OpenID Connect Core 1.0, 3.1.2.6
ANSWER_SHARE = 0.5  # of the time for the end, to hear whether the officer's own session goes on in ours


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


class ProviderRoad:
    """Makes the provider session and keeps it for this officer's sitting."""

    def __init__(self, method: FederatedMethod, settings: FederatedSettings, surfaces: Surfaces) -> None:
        self._method = method
        self._settings = settings
        self._surfaces = surfaces
        self._logon = LogonPage(method, settings, surfaces, SURFACE)
        self._looking = asyncio.Lock()  # one unseen look at a time: each is a sign-in that was begun
        self._handed: Handed | None = None
        self.session: FederatedSession | None = None
        self.noted: tuple[Secret, ...] = ()

    @property
    def label(self) -> str:
        """The provider's name on the screen."""
        return self._settings.label

    async def shown(self) -> FederatedSession:
        """Let the officer prove themselves on the provider's page; cancel this to leave it."""
        await self._logon.leave()
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
        loaded = await self._logon.loaded_ahead()
        page, request = loaded or await self._logon.opened()
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
        """Make the session anew where the provider still knows this browser. Raises :class:`ProviderForgotError` …"""
        async with self._looking:
            address = await self._unasked(silent=True)
            if _error_of(address):
                address = await self._unasked(silent=False)
            session = await self._method.complete(address)
        return await self._of(accepted, session)

    async def _unasked(self, *, silent: bool) -> str:
        """Return where the logon page leads back to, unseen and unfilled. Raises :class:`ProviderForgotError` …

        ``silent``: the provider is told to ask for nothing; it then answers at once, and says what it would ask for.
        """
        page, request = await self._logon.opened()

        async def asks() -> None:
            await asyncio.sleep(LED_ON_S if silent else KNOWN_WITHIN_S)
            raise ProviderForgotError(FORGOT, detail=page.last_seen())

        if silent:
            request = replace(request, url=f"{request.url}&prompt=none")
        address = await self._led_back(page, request, KNOWN_WITHIN_S, asks)
        if address is None or _error_of(address) == NOT_KNOWN:
            raise ProviderForgotError(FORGOT, detail=page.last_seen())
        return address

    # --- the session that another process of the officer's goes on in

    async def cookies(self) -> tuple[BrowserCookie, ...]:
        """Return the provider's cookies of the session that was made on its page here."""
        if self.session is None or not self._method.browser_signed_on:
            return ()
        return await self._surfaces.cookies_of(self._settings.login_origins)

    async def moves(self, fresh: FreshProof) -> bool:
        """Go on in the session of the fresh proof's cookies where this browser's own has ended; say whether it does.

        It is said to be taken only once the cookies hold: until then who proved it still ends it.
        """
        taken = False
        try:
            async with self._looking:
                with suppress(LauncherError):
                    taken = await self._is_forgotten() and await self._holds(fresh.cookies) and fresh.answer(True)
        finally:
            fresh.answer(False)  # not heard where it was taken
        return taken

    async def _holds(self, cookies: tuple[BrowserCookie, ...]) -> bool:
        """Take cookies; say whether the browser holds them all, for it may refuse one."""
        origins = self._settings.login_origins
        await self._surfaces.take_cookies(cookies, origins)
        held = {_known_by(one) for one in await self._surfaces.cookies_of(origins)}
        return all(_known_by(one) in held for one in cookies)

    async def _is_forgotten(self) -> bool:
        try:
            await self._unasked(silent=True)
        except ProviderForgotError:
            return True
        return False

    def note(self, cookies: tuple[BrowserCookie, ...]) -> None:
        """Keep what a proof brought, for the residue check."""
        self.noted += tuple(one.value for one in cookies if len(one.value.reveal()) >= MIN_BYTES)

    def hands_on(self, handed: Handed) -> None:
        """The session may be another process's from now on: :meth:`end` asks."""
        self.keeps()
        self._handed = handed

    def keeps(self) -> None:
        """The session stays here."""
        handed, self._handed = self._handed, None
        if handed is not None:
            handed.close()

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
        await self._logon.leave()
        if self._settings.logon is not None:
            self._logon.load_ahead()

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
        self.keeps()
        await self._logon.leave()
        await asyncio.gather(self.drop(), self._log_off(OTHER_OFF_S))

    @property
    def signed_on(self) -> bool:
        """Whether there is a session at the provider, in the browser or as tokens."""
        return self.session is not None or self._method.browser_signed_on

    async def revoke(self, within_s: float) -> bool:
        """End tokens and session, and go on being there; True when the provider confirmed that within the time."""
        await self._logon.leave()
        void, logged_off = await asyncio.gather(self.drop(), self._log_off(within_s))
        return void and logged_off

    async def end(self, within_s: float) -> bool:
        """End all there is at the provider, tokens and session; True when it confirmed that within the time.

        Not what the officer goes on with in another process: tokens of one session are often void together.
        """
        await self._logon.leave()
        by, handed = time.monotonic() + within_s, self._handed
        self._handed = None
        if handed is not None and await handed.taken(ANSWER_SHARE * within_s):
            self._let_go()
            return True
        within_s = by - time.monotonic()
        void, logged_off = await asyncio.gather(self.drop(), self._log_off(within_s))
        void = void and not self._method.redeeming  # tokens that come now are dropped alive
        self._method.close()
        return void and logged_off

    def _let_go(self) -> None:
        session, self.session = self.session, None
        if session is not None:
            session.let_go()
        self._method.logged_off()
        self._method.close()

    async def _log_off(self, within_s: float) -> bool:
        """End the browser's own session at the provider; never raises, so that all else is ended too."""
        if not self._method.browser_signed_on:
            return True
        request = self._method.log_off()
        if request is None or within_s <= 0:
            return False
        try:
            async with asyncio.timeout(within_s):
                confirmed = await led_off(self._surfaces, self._settings, request, within_s)
        except (LauncherError, TimeoutError):
            confirmed = False
        except Exception as fault:
            # Its traceback may quote the address, and that holds a token.
            log_fault("the provider was not logged off", fault)
            confirmed = False
        if confirmed:
            self._method.logged_off()
        return confirmed

    async def _through(
        self,
        page: WebDriver,
        request: AuthorizationRequest,
        within_s: float,
        then: Callable[[], Awaitable[None]],
        *,
        loaded: bool = False,
    ) -> FederatedSession:
        """Load the page, then fill it or look after it, and make a session of where it comes back."""
        address = await self._led_back(page, request, within_s, then, loaded=loaded)
        if address is None:
            raise ProviderLogonError("The force account's page did not lead back.", detail=page.last_seen())
        return await self._method.complete(address)

    async def _led_back(
        self,
        page: WebDriver,
        request: AuthorizationRequest,
        within_s: float,
        then: Callable[[], Awaitable[None]],
        *,
        loaded: bool = False,
    ) -> str | None:
        """Load the page, then do something with it, and return the address it comes back to; then it is closed."""

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
            return await coming
        finally:
            for task in (coming, walking):
                task.cancel()
                with suppress(asyncio.CancelledError, LauncherError):
                    await task
            await self._surfaces.close(SURFACE)


def _known_by(cookie: BrowserCookie) -> tuple[str, str, str, str]:
    return cookie.name, cookie.domain, cookie.path, cookie.value.reveal()


def _error_of(address: str) -> str:
    """Return the error that the provider leads back with, or nothing where it leads on."""
    return parse_qs(urlsplit(address).query).get("error", [""])[0]


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
