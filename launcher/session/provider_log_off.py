"""The provider's own page for logging off, loaded unseen: it ends its session with the browser, where it says so."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from launcher.connectors.plan import WebTarget
from launcher.errors import LauncherError
from launcher.identity.federated import LogOffRequest
from launcher.policy.federation_settings import FederatedSettings, LogoffRecipe
from launcher.recipes.steps import Recipe
from launcher.session.ports import Surfaces
from launcher.sign_on.driver import WebDriver
from launcher.sign_on.run import Values, run_recipe

LOG_OFF_SURFACE = "provider-log-off"  # of its own: the logon page may still be on its way to its end
LAST_LOOK_S = 0.25
LED_ON_S = 1.0  # for a page that goes on by a script of its own


async def led_off(surfaces: Surfaces, settings: FederatedSettings, request: LogOffRequest, within_s: float) -> bool:
    """Load the provider's page for it, unseen, and look for what proves that the session has ended."""
    # It goes where the provider's own pages are: nothing is filled, and the token in its address goes nowhere else.
    target = WebTarget(request.endpoint, (), visits=settings.login_origins)
    page = await surfaces.open_web(LOG_OFF_SURFACE, target, shown=False)
    coming = asyncio.create_task(_back(page, request, within_s))
    walking = asyncio.create_task(_walk_off(page, request, settings.logoff, within_s))
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
            await surfaces.close(LOG_OFF_SURFACE)


async def _back(page: WebDriver, request: LogOffRequest, within_s: float) -> bool:
    if not request.redirect_prefix:
        return False
    address = await page.callback(request.redirect_prefix, within_s)
    return address is not None and request.confirmed_by(address)


async def _walk_off(page: WebDriver, request: LogOffRequest, logoff: LogoffRecipe | None, within_s: float) -> bool:
    await page.load(request.url.reveal())
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


async def _answer(page: WebDriver, logoff: LogoffRecipe, within_s: float) -> None:
    """Answer a page that still asks after a moment; one that goes on by itself is not answered twice."""
    await asyncio.sleep(LED_ON_S)
    with suppress(LauncherError):
        await run_recipe(page, Recipe(steps=logoff.steps), logoff.markers, Values(), within_s=within_s)
