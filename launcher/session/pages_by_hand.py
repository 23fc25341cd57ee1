"""What the officer does on a page by hand: finishes the logon, reads a notice and presses it, gives a new password.

The launcher looks on. After a notice the way is the recipe's again, as far as it gives no secret a second time; that
the officer has pressed it is told only where they acted on the page, and the system then led on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Final

from launcher.connectors.plan import LaunchPlan, WebTarget
from launcher.errors import LauncherError
from launcher.grants.held import Grants
from launcher.recipes.pages import Page
from launcher.secret import Secret
from launcher.session.faults import error_view
from launcher.session.filling import Filling
from launcher.session.new_passwords import NewPasswords, change_of, credential_name
from launcher.session.opening import Opening
from launcher.session.snapshot import ErrorView
from launcher.sign_on.driver import WebDriver
from launcher.sign_on.methods import provider_prompts, sign_on_page
from launcher.sign_on.outcome import SignOnOutcome
from launcher.sign_on.page_run import PageVerbs, change_password_on_pages, sign_on_pages
from launcher.sign_on.run import Values
from launcher.sign_on.stage_run import PasswordChanged
from launcher.sign_on.stages import StageSeen

BY_HAND_S: Final = 900.0
_NEVER: Final = ("signed-off", "changed")
_ASKS_NEW: Final = ("change-password", "new-password", "password-unknown")


class PagesByHand:
    """One officer's. ``settle`` and ``fail`` say how an opening ended.

    ``acknowledged`` hears which system's notice the officer has read and pressed, and its name.
    """

    def __init__(
        self,
        *,
        grants: Grants,
        filling: Filling,
        new_passwords: NewPasswords,
        changed: Callable[[], None],
        settle: Callable[[Opening, SignOnOutcome], None],
        fail: Callable[[Opening, ErrorView], None],
        acknowledged: Callable[[str, str], None],
    ) -> None:
        self._grants = grants
        self._filling = filling
        self._new = new_passwords
        self._changed = changed
        self._settle = settle
        self._fail = fail
        self._acknowledged = acknowledged

    async def look_on(self, opening: Opening) -> None:
        """Look on while the officer finishes by hand; the system is ready when what proves that is seen."""
        page, plan = opening.page, opening.plan
        if page is None or plan is None or not isinstance(plan.target, WebTarget):
            return
        with suppress(LauncherError):
            if plan.target.pages:
                while opening.state in ("needs", "unknown"):
                    await self._over_pages(opening, page, plan, plan.target.pages)
                return
            ready = [marker.place for marker in plan.markers if marker.means == "ready"]
            if not ready:
                return
            while await page.first_of(ready, BY_HAND_S) is None:
                pass  # for as long as the tab is open
            self._tell(opening)
            await self._done(opening, page, plan)

    async def _over_pages(self, opening: Opening, page: WebDriver, plan: LaunchPlan, pages: Sequence[Page]) -> None:
        """Wait for the next thing that the officer does, and do what follows from it."""
        notice = next((one for one in pages if one.name == opening.notice), None)
        way = [one for one in pages if not one.secrets & opening.given]
        sought = [one for one in pages if one.means == "ready"]
        if notice is not None or opening.needs == "provider":  # what comes then is the recipe's again
            sought += [one for one in way if one not in sought and one != notice and one.means not in _NEVER]
        given, seen = await self._given_or_seen(opening, page, sought, notice)
        if given is not None:
            await self._change_password(opening, page, plan, given)
        if seen is None:
            return
        found = sought[seen.index]
        self._tell(opening)
        if found.means == "ready":
            await self._done(opening, page, plan)
        else:
            await self._go_on(opening, plan, partial(self._run, opening, page, plan, way))

    async def _given_or_seen(
        self, opening: Opening, page: WebDriver, sought: Sequence[Page], notice: Page | None
    ) -> tuple[Secret | None, StageSeen | None]:
        """Wait for a new password, or for one of the pages; what stands beside the notice is none."""
        verbs = PageVerbs(page, sought, by_hand=True)
        if notice is not None:
            await verbs.hold(beside=notice)
        with self._new.wanted(opening.system) as given:
            looking = asyncio.create_task(verbs.first_of(sought, BY_HAND_S))
            waited: set[asyncio.Future[Secret] | asyncio.Task[StageSeen | None]] = {given, looking}
            try:
                await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            finally:
                looking.cancel()
                await asyncio.wait({looking})
            if given.done():
                return given.result(), None
        return None, looking.result()

    def _tell(self, opening: Opening) -> None:
        """Have it recorded that the officer has pressed the notice: they acted on the page, and it led on."""
        if notice := opening.pressed_notice():
            self._acknowledged(opening.system, notice)

    async def _done(self, opening: Opening, page: WebDriver, plan: LaunchPlan) -> None:
        # Where the officer typed a password in the tab, that one was right, and nobody knows which it was.
        typed = page.officer_typed_hidden()
        name = credential_name(plan)
        if typed and name is not None and change_of(plan) is not None and opening.needs in _ASKS_NEW:
            await self._grants.changed_by_hand(name, opening.filled)
        elif opening.unproved and not typed:
            await self._grants.remember(opening.unproved, opening.filled)
        opening.goes_on()
        self._settle(opening, SignOnOutcome("ready"))

    async def _change_password(self, opening: Opening, page: WebDriver, plan: LaunchPlan, new: Secret) -> None:
        change = plan.target.change if isinstance(plan.target, WebTarget) else None
        if change is None:
            return

        async def changing(values: Values, keep: Callable[[], Awaitable[None]]) -> PasswordChanged:
            asked = partial(opening.have_answered, self._changed, self._acknowledged)
            values = replace(values, asked=asked)
            return await change_password_on_pages(page, change.pages, values, within_s=change.within_s, keep=keep)

        if await self._new.change(opening, plan, new, changing, page.last_seen):
            opening.given = frozenset()  # the new password has not been given yet
            # By its address: what a system shows after a change of password may be no page of its logon.
            await self._go_on(opening, plan, lambda values: sign_on_page(page, plan, values, opening.watch))

    async def _run(
        self, opening: Opening, page: WebDriver, plan: LaunchPlan, way: Sequence[Page], values: Values
    ) -> SignOnOutcome:
        prompts = provider_prompts(plan.visits) if plan.sign_on == "federated" else ()
        return await sign_on_pages(page, way, values, within_s=plan.within_s, prompts=prompts, watch=opening.watch)

    async def _go_on(
        self, opening: Opening, plan: LaunchPlan, run: Callable[[Values], Awaitable[SignOnOutcome]]
    ) -> None:
        """Let the recipe go on; the officer has done what was theirs."""
        opening.goes_on()
        self._changed()
        try:
            asked = partial(opening.have_answered, self._changed, self._acknowledged)
            outcome = await run(replace(self._filling.values(plan, opening.filled), asked=asked))
        except LauncherError as fault:
            self._fail(opening, error_view(fault))
            return
        if outcome.outcome == "ready" and opening.unproved:
            await self._grants.remember(opening.unproved, opening.filled)
        elif outcome.tried or outcome.outcome == "ready":
            await self._filling.keep(opening, plan, opening.filled, outcome)
        self._settle(opening, outcome)
