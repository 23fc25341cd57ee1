"""Keeps the access token on a page's fetches fresh for as long as the page is open.

By the wall clock, looked at every few seconds: a computer that slept wakes up with its timers late and its tokens old.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from launcher.errors import LauncherError
from launcher.grants.names import TokenName
from launcher.identity.federated import AccessToken
from launcher.secret import Secret

LOOK_S = 10.0

log = logging.getLogger(__name__)


class Carrier(Protocol):
    """The page, as far as it matters here."""

    def carry_token(self, token: Secret) -> None:
        """Put the token on fetches until replaced."""
        ...


async def keep_token_fresh(
    page: Carrier,
    obtain: Callable[[TokenName], Awaitable[AccessToken]],
    name: TokenName,
    *,
    now: Callable[[], float] = time.time,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Replace the token whenever it is due; returns only when no new one can be had without the officer.

    A provider that is away for a moment is asked again at the next look; the old token stays on meanwhile.
    """
    token: AccessToken | None = None
    while True:
        if token is None or token.due(now()):
            try:
                newer = await obtain(name)
            except LauncherError as fault:
                log.warning("a token was not renewed: %s", fault.reference)
                if not fault.retryable:
                    return
            else:
                if token is None or newer.value != token.value:
                    page.carry_token(newer.value)
                token = newer
        await pause(LOOK_S)
