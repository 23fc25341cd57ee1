"""The desk of an analyst's session on paper: what the panel has drawn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from launcher.session.helpdesk.view import HelpdeskView

WITHIN_S = 20.0


class PaperDesk:
    """The desk of a session: the picture as it was drawn last, and all there were."""

    def __init__(self, tasks: asyncio.TaskGroup) -> None:
        self.view: HelpdeskView | None = None
        self.drawn: list[HelpdeskView | None] = []
        self._tasks = tasks
        self._changed = asyncio.Event()

    def draw(self, **changes: object) -> None:
        view = changes["helpdesk"]
        assert view is None or isinstance(view, HelpdeskView)
        self.view = view
        self.drawn.append(view)
        self._changed.set()

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        return self._tasks.create_task(work)

    async def until(self, true: Callable[[HelpdeskView], object]) -> HelpdeskView:
        async with asyncio.timeout(WITHIN_S):
            while self.view is None or not true(self.view):
                self._changed.clear()
                await self._changed.wait()
        return self.view
