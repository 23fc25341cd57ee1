"""What the parts of the panel write on: its view, drawn at each change, and the tasks that end with it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Protocol

from launcher.session.helpdesk.view import (
    ActView,
    ForceView,
    GrantsView,
    HelpdeskView,
    LookingView,
    NamedView,
    NoticeGiven,
    PageView,
)


class PanelDesk(Protocol):
    """What the panel needs of its session (:class:`launcher.session.desk.Desk`)."""

    def draw(self, **changes: object) -> None:
        """Change the picture and show it."""
        ...

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Begin a task that ends with the session."""
        ...


class Board:
    """The panel's view. After :meth:`wipe` nothing is drawn any more, whatever answer comes late."""

    def __init__(self, desk: PanelDesk, view: HelpdeskView) -> None:
        self._desk = desk
        self._view = view
        self._tasks: set[asyncio.Task[None]] = set()
        self._wiped = False
        self._draw()

    @property
    def view(self) -> HelpdeskView:
        """The view now."""
        return self._view

    def put(
        self,
        *,
        looking: LookingView | None = None,
        page: PageView | None = None,
        acts: tuple[ActView, ...] | None = None,
        force: ForceView | None = None,
        notice: NoticeGiven | None = None,
        grants: GrantsView | None = None,
        named: NamedView | None = None,
    ) -> None:
        """Change parts of the view, and show it where that has changed anything."""
        now = self._view
        changed = replace(
            now,
            looking=now.looking if looking is None else looking,
            page=now.page if page is None else page,
            acts=now.acts if acts is None else acts,
            force=now.force if force is None else force,
            notice=now.notice if notice is None else notice,
            grants=now.grants if grants is None else grants,
            named=now.named if named is None else named,
        )
        self._show(changed)

    def hold(self, *, supervisor: bool, it: bool) -> None:
        """Note which of the roles besides the helpdesk's are held now."""
        self._show(replace(self._view, supervisor=supervisor, it=it))

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Begin a task that ends with the panel."""
        task = self._desk.spawn(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def wipe(self) -> None:
        """Take the panel out of the picture, and end what was asked for it."""
        self._wiped = True
        for task in tuple(self._tasks):
            task.cancel()
        self._desk.draw(helpdesk=None)

    def _show(self, view: HelpdeskView) -> None:
        if view != self._view:
            self._view = view
            self._draw()

    def _draw(self) -> None:
        if not self._wiped:
            self._desk.draw(helpdesk=self._view)
