"""Work that is done again whenever there is some, and again a little later where the hub could not be had."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Final

from launcher.errors import LauncherError
from launcher.hub_client.errors import HubAwayError
from launcher.station.log import say

AGAIN_S: Final = 10.0

_log = logging.getLogger("launcher.station.hub")


async def whenever(asked: asyncio.Event, once: Callable[[], Awaitable[None]]) -> None:
    """Call ``once`` whenever ``asked`` is set; runs until it is cancelled."""
    while True:
        await asked.wait()
        asked.clear()
        try:
            await once()
        except LauncherError as fault:
            if not isinstance(fault, HubAwayError):
                say(_log, "hub-refuses", level=logging.WARNING, reference=fault.reference, message=fault.message)
            asyncio.get_running_loop().call_later(AGAIN_S * (0.5 + random.random()), asked.set)  # noqa: S311 - a wait
