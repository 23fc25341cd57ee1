"""One-time codes that have to be waited for: before a system is opened, and where it has refused one of them.

A code may have been used at another terminal, or by the officer's own device, in the same half minute, and nobody here
knows. A system that refuses the code, and says by a marker, page or screen of its entry that it was the code alone, is
given the next one: its password was right, so no count of wrong passwords grows. Never a third.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from launcher.connectors.plan import LaunchPlan
from launcher.grants.credential import Credential
from launcher.grants.errors import OneTimeSeedFaultyError
from launcher.grants.held import Grants
from launcher.session.opening import Opening
from launcher.sign_on.outcome import SignOnOutcome

log = logging.getLogger(__name__)


class NextCode:
    """One officer's; ``changed`` is called when an opening begins or ends to wait for a code."""

    def __init__(self, grants: Grants, changed: Callable[[], None]) -> None:
        self._grants = grants
        self._changed = changed

    async def tried(
        self,
        opening: Opening,
        plan: LaunchPlan,
        credential: Credential | None,
        attempt: Callable[[], Awaitable[SignOnOutcome]],
        put_away: Callable[[Opening], Awaitable[None]],
    ) -> SignOnOutcome:
        """Sign on by ``attempt``; where the code alone was refused, ``put_away`` what it has left and try once more."""
        await self._free(opening, plan, credential)
        outcome = await attempt()
        if not outcome.code_refused:
            return outcome
        log.warning("%s has refused a one-time code: it is given the next one", plan.system)
        await put_away(opening)
        opening.anew()
        await self._free(opening, plan, credential)
        return await attempt()

    async def _free(self, opening: Opening, plan: LaunchPlan, credential: Credential | None) -> None:
        """Wait for a code that was not given out here: a page that waits for it while it is filled may time out."""
        if plan.coded is None or credential is None or credential.seed is None:
            return

        def waits(seconds: float) -> None:
            opening.state, opening.code_at = "queued", time.monotonic() + seconds
            self._changed()

        try:
            with opening.timeline.phase("secret"), suppress(OneTimeSeedFaultyError):  # which is said at the fill
                await self._grants.code_is_free(plan.coded, credential.seed, waits)
        finally:
            opening.code_at = 0.0
