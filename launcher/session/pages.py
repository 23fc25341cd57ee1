"""The open pages of one officer: made, signed on, kept signed on, and finished by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Final

from launcher.connectors.plan import LaunchPlan, WebTarget
from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.held import Grants
from launcher.secret import Secret
from launcher.session.filling import Filling
from launcher.session.fresh_token import keep_token_fresh
from launcher.session.links import is_of
from launcher.session.opening import Opening
from launcher.session.ports import Surfaces
from launcher.session.reach import reach
from launcher.session.unseen import unseen_cookies
from launcher.sign_on.driver import NOWHERE, WebDriver
from launcher.sign_on.methods import sign_on_page
from launcher.sign_on.outcome import SignOnOutcome
from launcher.sign_on.run import Values
from launcher.sign_on.trace import Trace

MOST_PLACES: Final = 4
"""What is remembered of where a page was."""


class Pages:
    """One officer's."""

    def __init__(
        self,
        *,
        grants: Grants,
        filling: Filling,
        surfaces: Surfaces,
        spawn: Callable[[Coroutine[None, None, None]], asyncio.Task[None]],
        changed: Callable[[], None],
        acknowledged: Callable[[str, str], None],
    ) -> None:
        self._grants = grants
        self._filling = filling
        self._surfaces = surfaces
        self._spawn = spawn
        self._changed = changed
        self._acknowledged = acknowledged
        self._resumed = False
        self._sure: set[str] = set()  # the providers whose session has opened a system since, by name

    def resumed(self) -> None:
        """The officer is back from a lock: each provider may have signed them off meanwhile."""
        self._resumed = True
        self._sure.clear()

    async def open(
        self,
        opening: Opening,
        plan: LaunchPlan,
        target: WebTarget,
        credential: Credential | None,
        token: Secret | None,
        begun: Callable[[], None],
        trace: Trace | None,
    ) -> SignOnOutcome:
        """Make the page, unless it is there, and sign on. Raises :class:`LauncherError`."""
        opening.filled = credential
        page = await self._made(opening, plan, target)
        if opening.again and opening.system in await self._surfaces.edited():
            return SignOnOutcome("cancelled", last_seen=page.last_seen())  # what the officer typed is theirs
        opening.signed_on_as = self._filling.who(plan, credential)
        values = self._filling.values(plan, credential, token)
        asked = partial(opening.have_answered, self._changed, self._acknowledged)
        values = replace(values, certificate=opening.certificate, giving=opening.gives, asked=asked)
        given = await unseen_cookies(plan, target, values, self._grants, opening.timeline, trace)
        if isinstance(given, SignOnOutcome):
            return given
        if given:
            await self._surfaces.take_cookies(given, target.origins, plan.system)
        further = self._grants.further
        held = further.held(plan.through)
        outcome = await self._sign_on(opening, page, plan, values, begun, trace)
        if plan.sign_on != "federated":
            return outcome
        in_doubt = opening.again or (self._resumed and plan.through not in self._sure)
        in_doubt = in_doubt or further.by_ticket(plan.through)  # another ticket costs nobody anything
        if outcome.prompted and in_doubt and await self._provider_anew(opening, plan, held):
            outcome = await self._sign_on(opening, page, plan, values, begun, trace)
        if outcome.outcome == "ready":
            self._sure.add(plan.through)
        return outcome

    async def _provider_anew(self, opening: Opening, plan: LaunchPlan, held: int) -> bool:
        """Make another session at the provider, whose page asks for the officer; say whether that could be done."""
        with opening.timeline.phase("token"):
            if plan.through:
                return held > 0 and await self._grants.further.anew(plan.through, held)
            if not self._grants.signs_on_unseen:
                return False
            await self._grants.provider_anew(await self._grants.provider())
            return True

    async def _made(self, opening: Opening, plan: LaunchPlan, target: WebTarget) -> WebDriver:
        timeline = opening.timeline

        async def reachable() -> None:
            with timeline.phase("reach"):
                await reach(target.url)

        async def spawn() -> None:
            with timeline.phase("spawn"):
                opening.page = await self._surfaces.open_web(plan.system, target, shown=True)
                opening.surface = plan.system

        # The host is asked while the page is being made: neither waits for the other.
        async with asyncio.TaskGroup() as both:
            both.create_task(reachable())
            if opening.page is None:
                both.create_task(spawn())
        assert opening.page is not None  # noqa: S101 - it was made without a fault
        return opening.page

    async def _sign_on(
        self,
        opening: Opening,
        page: WebDriver,
        plan: LaunchPlan,
        values: Values,
        begun: Callable[[], None],
        trace: Trace | None,
    ) -> SignOnOutcome:
        return await sign_on_page(page, plan, values, opening.timeline, begun, trace)

    def keep_fresh(self, opening: Opening) -> None:
        """Keep the token that a page carries fresh from now on."""
        if opening.page is not None and opening.token is not None:
            opening.refreshing = self._spawn(keep_token_fresh(opening.page, self._grants.access_token, opening.token))

    def note(self, opening: Opening, ready: bool) -> None:
        """Note where the page stands, which shows no logon; ``ready``: it proves that the officer is signed on."""
        place = self._surfaces.address(opening.surface), ready
        if ready and place[0] != opening.led[1]:
            opening.led = "", ""  # it came, or has been somewhere else since
        if ready and opening.page is not None and place[0] != opening.page.followed().at:
            opening.arrived = opening.page.followed().number
        if place[0] and opening.places[-1:] != (place,):
            opening.places = (*opening.places, place)[-MOST_PLACES:]

    def go_back(self, opening: Opening) -> None:
        """Have the page, which has signed the officer off, go back to where they were once it is signed on again."""
        logon = self._surfaces.address(opening.surface)
        before = [place for place, ready in opening.places if ready or place != logon]
        # Where a link led to the logon, at whatever address that stands, it is the link's that is wanted.
        own = opening.page.followed() if opening.page is not None else NOWHERE
        theirs = own.to if own.number > opening.arrived else ""
        opening.arrived = own.number
        opening.wanted = opening.wanted or opening.led[0] or theirs or (before[-1] if before else "")

    async def go_on(self, opening: Opening) -> None:
        """Go to where a link has led, or where the officer was, once the system is ready."""
        if opening.state != "ready" or not opening.wanted:
            return
        wanted, opening.wanted = opening.wanted, ""
        here = self._surfaces.address(opening.surface)
        if is_of(opening.entry, wanted) and wanted != here:
            opening.led = wanted, here
            with suppress(LauncherError):
                await self._surfaces.follow(opening.surface, wanted)
