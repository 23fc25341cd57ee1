"""A screen that is to be replaced stands until the next one is there: nobody looks at a bare desktop."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from launcher.wire import messages as m

if TYPE_CHECKING:
    from launcher.session.session import Inbox
    from launcher.session.sign_in import SignIn

WITHIN_S: Final = 30.0
"""A station that says nothing for so long does not answer any more."""


async def stand_until_replaced(reason: str, inbox: Inbox, sign_in: SignIn) -> None:
    """Return when the station says that this session ends, where it ends as one that is replaced.

    What is typed until then is for nobody: the card takes nothing. What else is said concerns nobody any more.
    """
    if reason != "replaced":
        return
    sign_in.waits(True)
    with suppress(TimeoutError):
        async with asyncio.timeout(WITHIN_S):
            while not isinstance(await inbox.get(), m.End):
                pass
