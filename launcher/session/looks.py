"""What follows when the officer looks at a tab: a system that has signed them off meanwhile is signed on again.

Only then, and once: nothing is done to a page that nobody looks at, and a system that signs the officer off again at
once is left to them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine
from functools import partial
from typing import Final

from launcher.session.opening import Opening
from launcher.session.signed_off import Signs, is_signed_off, look_on, signs_of
from launcher.sign_on.driver import WebDriver

AT_ONCE_S: Final = 60.0
"""A system that signs the officer off sooner after it was signed on again is not tried once more."""


class Looks:
    """One officer's looks: at one tab at a time.

    ``sign_on`` signs an opening on again, up to its outcome; ``needs`` says that an opening waits for the officer, and
    looks on while they finish by hand. ``stands`` hears whenever a page that is looked at is seen to show no logon, and
    whether it is ready.
    """

    def __init__(
        self,
        *,
        spawn: Callable[[Coroutine[None, None, None]], asyncio.Task[None]],
        sign_on: Callable[[Opening], Awaitable[None]],
        needs: Callable[[Opening], Awaitable[None]],
        stands: Callable[[Opening, bool], None],
    ) -> None:
        self._spawn = spawn
        self._sign_on = sign_on
        self._needs = needs
        self._stands = stands
        self._watching: asyncio.Task[None] | None = None
        self._current: tuple[Opening, bool] | None = None
        self._locked = False

    def at(self, opening: Opening, *, by_act: bool) -> None:
        """The officer looks at this tab, and at no other any more."""
        self.away()
        self._current = opening, by_act
        if self._locked:
            return  # until a fresh proof has come over, nothing is signed on with what held before
        page, plan, entry = opening.page, opening.plan, opening.entry
        if opening.state != "ready" or page is None or plan is None:
            return
        if not entry.sign_on_again or (entry.on_demand and not by_act):
            return
        signs = signs_of(plan)
        if signs is not None:
            self._watching = opening.looked_at = self._spawn(self._look(opening, page, signs))

    def ready(self, opening: Opening) -> None:
        """An opening has become ready: who looks at it already does so from now on."""
        if self._current is None or self._current[0].system != opening.system or opening.state != "ready":
            return
        if self._watching is None or self._watching.done():
            self.at(opening, by_act=self._current[1])

    def away(self) -> None:
        """The officer looks at no tab any more; a sign-on that has begun goes on."""
        self._current = None
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None

    def lock(self) -> None:
        """Nobody looks at anything before :meth:`back`."""
        self.away()
        self._locked = True

    def back(self, openings: Collection[Opening]) -> None:
        """The officer comes back from a lock: each page may have signed them off meanwhile."""
        self._locked = False
        for opening in openings:
            opening.back, opening.again_at = True, None
        if self._current is not None and any(one is self._current[0] for one in openings):
            opening, by_act = self._current
            self.at(opening, by_act=by_act)

    async def _look(self, opening: Opening, page: WebDriver, signs: Signs) -> None:
        clock = asyncio.get_running_loop().time
        this = self._watching
        while await is_signed_off(page, signs, back=opening.back, stands=partial(self._stands, opening)):
            opening.back = False
            if self._watching is this:
                self._watching = None  # what begins now is not ended by a look elsewhere
            if opening.again_at is not None and clock() - opening.again_at < AT_ONCE_S:
                opening.state, opening.needs = "needs", "signed-off"
                await self._left_to(opening)
                return
            await self._sign_on(opening)
            if opening.state != "ready":
                await self._left_to(opening)
                return
            opening.again_at = clock()
            if self._watching is not None:
                return  # the officer looks elsewhere by now
            self._watching = this
        opening.back = False
        await look_on(page, partial(self._stands, opening), signs)

    async def _left_to(self, opening: Opening) -> None:
        await self._needs(opening)
        self.ready(opening)
