"""The officer's page in front of the analyst: asked for anew while it is looked at, and at once after each act."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from launcher.session.faults import error_view
from launcher.session.helpdesk.board import Board
from launcher.session.helpdesk.road import HelpdeskRoad
from launcher.session.helpdesk.view import PageView
from launcher.wire.hub.helpdesk import Case

EVERY_S: Final = 2.0
AT_MOST_EVERY_S: Final = 15.0
"""The pause grows up to this while the hub does not answer."""
CASE_OVER: Final = "helpdesk-case-over"
"""What the hub answers in a case that has been open for too long."""


class Page:
    """The page of one officer at a time. ``over`` is called once the hub says that the case is."""

    def __init__(
        self,
        board: Board,
        road: HelpdeskRoad,
        case: Callable[[], Case | None],
        over: Callable[[Exception], None],
        *,
        every_s: float = EVERY_S,
    ) -> None:
        self._board = board
        self._road = road
        self._case = case
        self._over = over
        self._every_s = every_s
        self._looked_at = False
        self._keeping: asyncio.Task[None] | None = None
        self._now = asyncio.Event()

    def show(self, officer: str) -> None:
        """Show the officer's page; empty: none."""
        if officer != self._view.officer:
            self._board.put(page=PageView(officer))
        self._again()

    def look(self, on: bool) -> None:
        """Ask for it anew while somebody looks at it, and no longer."""
        self._looked_at = on
        self._again()

    def refresh(self) -> None:
        """Ask for it at once: something was done."""
        self._now.set()

    def _again(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            self._keeping = None
        if self._looked_at and self._view.officer:
            self._keeping = self._board.spawn(self._keep(self._view.officer))

    async def _keep(self, officer: str) -> None:
        pause_s = self._every_s
        while True:
            self._now.clear()
            pause_s = self._every_s if await self._ask(officer) else min(pause_s * 2, AT_MOST_EVERY_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._now.wait()

    async def _ask(self, officer: str) -> bool:
        case = self._case()
        if case is None:
            return True
        try:
            page = await self._road.page(case.case, officer)
        except Exception as fault:
            now = self._case()
            if getattr(fault, "reference", "") == CASE_OVER and now is not None and now.case == case.case:
                self._over(fault)
                return False
            self._board.put(page=replace(self._view, error=error_view(fault)))
            return False
        # The time of it is told only with a page that says something else: an unchanged one is not drawn again.
        same = page == self._view.page and self._view.error is None
        if not same:
            self._board.put(page=PageView(officer, page, time.time()))
        return True

    @property
    def _view(self) -> PageView:
        return self._board.view.page
