"""A screen at which nobody can sign in: it says why, and covers what it is asked to cover all the same."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING

from launcher.session import commands as c
from launcher.session.faults import error_view
from launcher.session.first import shown
from launcher.session.hub.at_terminal import AtTerminal
from launcher.session.hub.telling import Telling
from launcher.session.over import covered, shown_over
from launcher.wire import messages as m

if TYPE_CHECKING:
    from launcher.errors import LauncherError
    from launcher.session.ports import Screen, Station
    from launcher.session.session import Inbox
    from launcher.session.snapshot import Snapshot


log = logging.getLogger(__name__)


class _Still:
    """The picture of a screen at which nobody can sign in. What the hub says of the terminal stays on it."""

    def __init__(self, first: Snapshot, screen: Screen) -> None:
        self._first = first
        self._screen = screen
        self._tasks: set[asyncio.Task[None]] = set()
        self.snapshot = first

    @property
    def first(self) -> Snapshot:
        """The picture of a spare."""
        now = self.snapshot
        return replace(self._first, hub=now.hub, hub_notices=now.hub_notices, letters=now.letters, told=now.told)

    def show(self, snapshot: Snapshot) -> None:
        """Show this."""
        self.snapshot = snapshot
        self._screen.draw(snapshot)

    def draw(self, **changes: object) -> None:
        """Change the picture and show it."""
        self.show(replace(self.snapshot, **changes))  # type: ignore[arg-type] # names are Snapshot's fields

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Begin a task that ends with this screen."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def end(self) -> None:
        """End what was begun."""
        for task in self._tasks:
            task.cancel()


async def only_say(fault: LauncherError, first: Snapshot, screen: Screen, station: Station, inbox: Inbox) -> None:
    """Show what keeps this computer from signing anybody in, until the station ends this session."""
    log.error("%s: %s %s", fault.reference, fault.message, fault.detail)
    still = _Still(replace(first, sign_in=replace(first.sign_in, error=error_view(fault), attempt=1)), screen)
    of_hub, telling = AtTerminal(still, station), Telling(still, station)
    while True:
        message = await inbox.get()
        if of_hub.serve(message):
            continue
        now = still.snapshot
        match message:
            case m.Show() as show:
                now = shown(still.first, show)
            case m.ShowOver() as show_over:
                now = shown_over(still.first, show_over)
            case m.NotOver():
                now = replace(now, over=None)
            case m.Cover() as cover:
                now = covered(now, cover)
            case m.Uncover(sign_in=True):
                now = shown(still.first, m.Show())
            case m.Uncover():
                now = still.first
            case c.AnswerCover(end=end) if now.cover is not None:
                station.tell(m.CoverAnswered(end=end))
                now = replace(now, cover=replace(now.cover, waiting=not end))
            case c.TellHelpdesk(reference=reference, system=system):
                telling.tell(reference, system)
                continue
            case m.ToldHere():
                telling.answered(message)
                continue
            case c.SignInPainted():
                station.painted()
                continue
            case m.End():
                still.end()
                # A window that is still visible refuses to be closed, and the process would wait to be killed.
                screen.draw(replace(now, stage="ending"))
                return
            case _:
                continue
        still.show(now)
