"""A screen that is to be replaced stands until the next one is there: nobody looks at a bare desktop."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from launcher.wire import messages as m

if TYPE_CHECKING:
    from launcher.session.session import Inbox
    from launcher.session.sign_in import SignIn


async def stand_until_replaced(inbox: Inbox, sign_in: SignIn) -> None:
    """Return when the station says that this session ends, which it does too where the station itself has gone.

    What was typed is gone and what is typed until then is for nobody: the card takes nothing. What else is said
    concerns nobody any more.
    """
    sign_in.view = replace(sign_in.view, attempt=sign_in.view.attempt + 1)
    sign_in.waits(True)
    while not isinstance(await inbox.get(), m.End):
        pass
