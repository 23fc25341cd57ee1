"""What is wrong across the force now, and what waits for a second person: asked for anew while it is looked at."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Final

from launcher.session.faults import error_view
from launcher.session.helpdesk.board import Board
from launcher.session.helpdesk.commands import HelpdeskAskSupervisor, HelpdeskSecond
from launcher.session.helpdesk.road import HelpdeskRoad
from launcher.session.helpdesk.view import ForceView
from launcher.wire.hub.helpdesk import AskSupervisor, Second

EVERY_S: Final = 5.0


class Force:
    """The right-hand side of the panel."""

    def __init__(self, board: Board, road: HelpdeskRoad, *, every_s: float = EVERY_S) -> None:
        self._board = board
        self._road = road
        self._every_s = every_s
        self._keeping: asyncio.Task[None] | None = None
        self._now = asyncio.Event()

    def look(self, on: bool) -> None:
        """Ask for it anew while somebody looks at it, and no longer."""
        if self._keeping is not None:
            self._keeping.cancel()
            self._keeping = None
        if on:
            self._keeping = self._board.spawn(self._keep())

    def refresh(self) -> None:
        """Ask for it at once."""
        self._now.set()

    def answer(self, asked: HelpdeskSecond) -> None:
        """Answer a request as the second person."""
        self._board.spawn(self._answer(asked))

    def ask_supervisor(self, asked: HelpdeskAskSupervisor) -> None:
        """Ask for a supervisor at the officer's terminal."""
        self._board.spawn(self._ask_supervisor(asked))

    def close_told(self, number: str) -> None:
        """Note that what an officer has told is dealt with."""
        self._board.spawn(self._close_told(number))

    # --- inside

    async def _keep(self) -> None:
        while True:
            self._now.clear()
            await self._ask_wrong()
            if self._board.view.helpdesk:
                await self._ask_requests()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every_s):
                    await self._now.wait()

    async def _ask_wrong(self) -> None:
        try:
            wrong = await self._road.wrong()
        except Exception as fault:
            self._put(wrong_error=error_view(fault))
        else:
            before = self._view.wrong
            # The hub's clock alone is no news: what says the same is not drawn again.
            same = before is not None and wrong.model_copy(update={"at": before.at}) == before
            self._put(wrong=before if same else wrong, wrong_error=None)

    async def _ask_requests(self) -> None:
        try:
            requests = await self._road.requests()
        except Exception as fault:
            self._put(requests_error=error_view(fault))
        else:
            self._put(requests=requests, requests_error=None)

    async def _answer(self, asked: HelpdeskSecond) -> None:
        try:
            answer = Second(digest=asked.digest, approve=asked.approve, reason=asked.reason)
            await self._road.second(asked.request, answer)
        except Exception as fault:
            self._put(answer_error=error_view(fault))
        else:
            self._put(answer_error=None, answered=(*self._view.answered, asked.request)[-20:])
        self.refresh()

    async def _ask_supervisor(self, asked: HelpdeskAskSupervisor) -> None:
        try:
            await self._road.ask_supervisor(asked.request, AskSupervisor(sitting=asked.sitting))
        except Exception as fault:
            self._put(answer_error=error_view(fault))
        else:
            asked_of = (*self._view.supervisor_asked, asked.request)[-20:]
            self._put(answer_error=None, supervisor_asked=asked_of)

    async def _close_told(self, number: str) -> None:
        try:
            await self._road.close_told(number)
        except Exception as fault:
            self._put(wrong_error=error_view(fault))
        self.refresh()

    def _put(self, **changes: object) -> None:
        self._board.put(force=replace(self._view, **changes))  # type: ignore[arg-type]

    @property
    def _view(self) -> ForceView:
        return self._board.view.force
