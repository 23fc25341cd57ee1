"""The roads to further providers: each is one more system to sign on to, unseen, and to sign off from at the end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path

from launcher.connectors.plan import WebTarget
from launcher.errors import LauncherError
from launcher.grants.errors import ProviderForgotError
from launcher.grants.further import FurtherSessions
from launcher.grants.held import Grants
from launcher.grants.tickets import Tickets
from launcher.identity.federated.errors import ProviderUnreachableError
from launcher.identity.kerberos import TicketCache
from launcher.identity.kerberos.errors import KerberosNotSetUpError
from launcher.identity.proof import Accepted
from launcher.policy.provider_settings import FurtherProviderSettings
from launcher.recipes.steps import Recipe
from launcher.secret import Secret
from launcher.session.faults import log_fault
from launcher.session.negotiated import asks_for_ticket, negotiated_cookies
from launcher.session.parts import Parts
from launcher.session.ports import Surfaces
from launcher.session.provider import ProviderLogonError
from launcher.sign_on.outcome import SignOnOutcome
from launcher.sign_on.run import Values, run_recipe
from launcher.sign_on.trace import Trace

TRACED = "provider"
"""Before a provider's name: where the steps of its sign-on are noted, beside a system's, for a trial."""


class FurtherProviders:
    """One officer's. ``accepted`` gives the latest proof; ``force_account`` signs on to that first, where one leads on.
    ``tickets`` are for those that take one, asked out of the browser, which trusts ``ca_file`` too.

    ``sessions`` is what systems ask; a provider that nobody asks for is never signed on to.
    """

    def __init__(
        self,
        providers: Iterable[FurtherProviderSettings],
        surfaces: Surfaces,
        *,
        accepted: Callable[[], Accepted],
        force_account: Callable[[], Awaitable[None]],
        leads_on: tuple[str, ...],
        tickets: Tickets | None = None,
        ca_file: Path | None = None,
        trace: Callable[[str], Trace | None] = lambda _: None,
    ) -> None:
        self._providers = tuple(providers)
        self._surfaces = surfaces
        self._accepted = accepted
        self._force_account = force_account
        self._leads_on = leads_on
        self._tickets = tickets
        self._ca_file = ca_file
        self._trace = trace
        self._signed_on: dict[str, FurtherProviderSettings] = {}
        self.sessions = FurtherSessions(
            {one.name: partial(self._sign_on, one) for one in self._providers},
            {one.name: partial(self._is_known, one) for one in self._providers if one.sign_on == "kerberos"},
        )

    async def end(self, within_s: float) -> tuple[str, ...]:
        """End the browser's sessions, all at once; return the labels of those that have not confirmed it in time."""
        signed_on, self._signed_on = tuple(self._signed_on.values()), {}
        confirmed = await asyncio.gather(*(self._log_off(one, within_s) for one in signed_on))
        return tuple(one.label for one, off in zip(signed_on, confirmed, strict=True) if not off)

    async def _sign_on(self, provider: FurtherProviderSettings) -> None:
        trace = self._trace(provider.name) or Trace()
        if provider.sign_on == "kerberos":
            await self._by_ticket(provider, trace)
        else:
            await self._on_its_page(provider, trace)
        self._signed_on[provider.name] = provider

    async def _by_ticket(self, provider: FurtherProviderSettings, trace: Trace) -> None:
        began = time.monotonic()
        cookies = await negotiated_cookies(self._target(provider), await self._ticket(), provider.within_s)
        await self._surfaces.take_cookies(cookies, provider.origins)
        taken_ms = (time.monotonic() - began) * 1000.0
        did = f"sign on to {provider.label} first: show the ticket at {provider.url}"
        trace.note(0, did, f"{len(cookies)} cookies for its pages", taken_ms)

    async def _is_known(self, provider: FurtherProviderSettings) -> bool:
        """Say whether the browser's session holds still; where that cannot be said, its pages will tell."""
        cookies = await self._surfaces.cookies_of(provider.origins)
        try:
            return not await asks_for_ticket(self._target(provider), cookies, provider.within_s)
        except LauncherError:
            return True

    async def _ticket(self) -> TicketCache:
        if self._tickets is None:
            raise KerberosNotSetUpError("There is no Kerberos realm here.")
        return await self._tickets.ticket()

    def _target(self, provider: FurtherProviderSettings) -> WebTarget:
        return WebTarget(provider.url, provider.origins, ca_file=self._ca_file)

    async def _on_its_page(self, provider: FurtherProviderSettings, trace: Trace) -> None:
        accepted, logon = self._accepted(), provider.logon
        assert logon is not None  # noqa: S101 - as the settings have it
        if provider.led_on:
            await self._force_account()
        elif accepted.password is None:
            raise ProviderForgotError(f"{provider.label} asks for you: you logged on without a password.")
        given: list[Secret] = []
        values = Values(user_name=accepted.officer.user_name, password=accepted.password, giving=given.append)
        # Nobody sees this page: it goes nowhere but where the station file lets it be filled in, or is led on from.
        visits = self._leads_on if provider.led_on else ()
        surface = f"provider-{provider.name}"
        page = await self._surfaces.open_web(surface, WebTarget(provider.url, provider.origins, visits), shown=False)
        began = time.monotonic()
        try:
            async with asyncio.timeout(provider.within_s):
                await page.load(provider.url)
            taken_ms = (time.monotonic() - began) * 1000.0
            trace.note(0, f"sign on to {provider.label} first: load {provider.url}", page.last_seen(), taken_ms)
            recipe, markers = Recipe(steps=logon.steps), logon.markers
            outcome = await run_recipe(page, recipe, markers, values, within_s=provider.within_s, trace=trace)
        except TimeoutError:
            raise ProviderUnreachableError(
                f"{provider.label} did not answer in time.", detail=page.last_seen()
            ) from None
        except LauncherError as fault:
            if not given:
                raise
            # What became of the password is not known: it is not given to that page again.
            raise ProviderLogonError(
                f"{provider.label} was not signed on: {fault.message}", detail=fault.detail
            ) from None
        finally:
            await self._surfaces.close(surface)
        _require_ready(provider, outcome)

    async def _log_off(self, provider: FurtherProviderSettings, within_s: float) -> bool:
        if not provider.log_off or provider.logoff is None or within_s <= 0:
            return False
        surface = f"provider-{provider.name}-log-off"
        try:
            async with asyncio.timeout(within_s):
                target = WebTarget(provider.log_off, (), visits=provider.origins)
                page = await self._surfaces.open_web(surface, target, shown=False)
                await page.load(provider.log_off)
                recipe = Recipe(steps=provider.logoff.steps)
                outcome = await run_recipe(page, recipe, provider.logoff.markers, Values(), within_s=within_s)
                return outcome.outcome == "ready"
        except (LauncherError, TimeoutError):
            return False
        except Exception as fault:
            log_fault("a provider was not logged off", fault)
            return False
        finally:
            with suppress(LauncherError):
                await self._surfaces.close(surface)


def further_providers(parts: Parts, grants: Grants, accepted: Callable[[], Accepted]) -> FurtherProviders:
    """Return the officer's, and let their grants know of them."""
    federated = parts.settings.federated

    async def force_account() -> None:
        if federated is not None:
            await grants.pages_sign_on()

    further = FurtherProviders(
        parts.settings.provider,
        parts.surfaces,
        accepted=accepted,
        force_account=force_account,
        leads_on=federated.login_origins if federated is not None else (),
        tickets=grants.tickets,
        ca_file=parts.settings.web.private_ca_file,
        trace=lambda name: parts.trace(f"{TRACED} {name}"),
    )
    grants.further = further.sessions
    return further


def _require_ready(provider: FurtherProviderSettings, outcome: SignOnOutcome) -> None:
    """Pass where it is signed on. A page that wants more than it was given is the officer's, in a system's own tab."""
    if outcome.outcome == "ready":
        return
    if outcome.outcome == "failed" and outcome.tried:
        said = outcome.says or "it did not take your name and password"
        raise ProviderLogonError(f"{provider.label} was not signed on: {said.rstrip('.')}.", detail=outcome.last_seen)
    raise ProviderForgotError(f"{provider.label} asks for you.", detail=outcome.last_seen)
