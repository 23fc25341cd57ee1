"""A screen at which nobody can sign in: it says why, and covers what it is asked to cover all the same."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from launcher.session import commands as c
from launcher.session.faults import error_view
from launcher.session.first import shown
from launcher.session.over import covered, shown_over
from launcher.wire import messages as m

if TYPE_CHECKING:
    from launcher.errors import LauncherError
    from launcher.session.ports import Screen, Station
    from launcher.session.session import Inbox
    from launcher.session.snapshot import Snapshot


log = logging.getLogger(__name__)


async def only_say(fault: LauncherError, first: Snapshot, screen: Screen, station: Station, inbox: Inbox) -> None:
    """Show what keeps this computer from signing anybody in, until the station ends this session."""
    log.error("%s: %s %s", fault.reference, fault.message, fault.detail)
    first = now = replace(first, sign_in=replace(first.sign_in, error=error_view(fault), attempt=1))
    while True:
        match await inbox.get():
            case m.Show() as show:
                now = shown(first, show)
            case m.ShowOver() as show_over:
                now = shown_over(first, show_over)
            case m.NotOver():
                now = replace(now, over=None)
            case m.Cover() as cover:
                now = covered(now, cover)
            case m.Uncover(sign_in=True):
                now = shown(first, m.Show())
            case m.Uncover():
                now = first
            case c.AnswerCover(end=end) if now.cover is not None:
                station.tell(m.CoverAnswered(end=end))
                now = replace(now, cover=replace(now.cover, waiting=not end))
            case c.SignInPainted():
                station.painted()
                continue
            case m.End():
                # A window that is still visible refuses to be closed, and the process would wait to be killed.
                screen.draw(replace(now, stage="ending"))
                return
            case _:
                continue
        screen.draw(now)
