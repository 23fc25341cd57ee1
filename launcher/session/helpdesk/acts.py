"""What is done to an officer's sessions: asked once by its own key, then watched until each terminal has answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Final

from launcher.errors import LauncherError
from launcher.session.faults import error_view
from launcher.session.helpdesk.board import Board
from launcher.session.helpdesk.commands import HelpdeskAct
from launcher.session.helpdesk.errors import ReasonMissingError
from launcher.session.helpdesk.looking import is_reason
from launcher.session.helpdesk.road import HelpdeskRoad
from launcher.session.helpdesk.view import ActView
from launcher.wire.hub.commands import CommandState
from launcher.wire.hub.helpdesk import Act, Acted, Case, OfficerPage

KEPT: Final = 20
WAIT_S: Final = 20.0
"""So long the hub holds the question back until something has changed."""
AT_LEAST_S: Final = 0.5
"""Between two questions after one that was answered at once, and said nothing new."""
AT_MOST_S: Final = 5.0
"""Between two questions while the hub is away: what it has taken it carries out when it is back."""
TRIES: Final = 4
"""So often an act is sent while nobody knows whether it has come: the same key is the same act, never a second one."""


def is_answered(command: CommandState) -> bool:
    """Say whether the terminal has said something of it: also that more follows."""
    return command.answer is not None


def is_over(acted: Acted) -> bool:
    """Say whether nothing more will come of it."""
    if acted.state in ("refused", "expired"):
        return True
    return acted.state == "answered" and all(one.answer is None or not one.answer.more for one in acted.commands)


class Acts:
    """The acts of this analyst, the newest first. ``done``: called whenever a terminal has answered."""

    def __init__(
        self,
        board: Board,
        road: HelpdeskRoad,
        case: Callable[[], Case | None],
        done: Callable[[], None],
        *,
        at_least_s: float = AT_LEAST_S,
    ) -> None:
        self._board = board
        self._road = road
        self._case = case
        self._done = done
        self._at_least_s = at_least_s

    def do(self, asked: HelpdeskAct) -> None:
        """Do it, once: a key that was seen is being done already."""
        case = self._case()
        if case is None or any(one.key == asked.key for one in self._board.view.acts):
            return
        view = self._named(asked)
        if not is_reason(asked.reason):
            view = replace(view, error=error_view(ReasonMissingError("There is no reason yet.")))
        self._board.put(acts=(view, *self._board.view.acts)[:KEPT])
        if view.error is not None:
            return
        self._board.spawn(self._carry_through(case.case, asked, time.monotonic()))

    def _named(self, asked: HelpdeskAct) -> ActView:
        page = self._board.view.page.page
        known = page if page is not None and page.officer == asked.officer else None
        terminal, system = _names(known, asked)
        return ActView(
            asked.key,
            asked.kind,
            asked.officer,
            known.name or known.number if known is not None else "",
            terminal,
            system,
            asked.sitting or "",
        )

    async def _carry_through(self, case: str, asked: HelpdeskAct, pressed: float) -> None:
        try:
            acted = await self._tried(partial(self._send, case, asked), TRIES)
            while self._note(acted, pressed):
                began, before = time.monotonic(), acted
                acted = await self._tried(partial(self._road.acted, before.key, WAIT_S, before.version))
                if acted == before and time.monotonic() - began < self._at_least_s:
                    await asyncio.sleep(self._at_least_s)
        except Exception as fault:
            self._change(asked.key, error=error_view(fault))

    async def _send(self, case: str, asked: HelpdeskAct) -> Acted:
        act = Act(
            key=asked.key,
            case=case,
            kind=asked.kind,
            officer=asked.officer,
            sitting=asked.sitting,
            system=asked.system,
            text=asked.text,
            reason=asked.reason,
        )
        return await self._road.act(act)

    async def _tried(self, ask: Callable[[], Awaitable[Acted]], tries: int | None = None) -> Acted:
        """Ask until there is an answer, so often at most; None: as long as the panel is there."""
        for tried in count(1):
            try:
                return await ask()
            except LauncherError as fault:
                if not fault.retryable or tried == tries:
                    raise
            await asyncio.sleep(min(self._at_least_s * tried, AT_MOST_S))
        raise AssertionError("unreachable")

    def _note(self, acted: Acted, pressed: float) -> bool:
        """Note what came; say whether it is to be asked for again."""
        before = self._find(acted.key)
        if before is None:  # so many others came since that nobody is shown it any more
            return False
        done_ms = before.done_ms
        if done_ms is None and any(is_answered(one) for one in acted.commands):
            done_ms = (time.monotonic() - pressed) * 1000.0
        if acted != before.acted:
            self._change(acted.key, acted=acted, done_ms=done_ms)
            self._done()
        return not is_over(acted)

    def _find(self, key: str) -> ActView | None:
        return next((one for one in self._board.view.acts if one.key == key), None)

    def _change(self, key: str, **changes: object) -> None:
        acts = self._board.view.acts
        self._board.put(acts=tuple(replace(one, **changes) if one.key == key else one for one in acts))  # type: ignore[arg-type]


def _names(page: OfficerPage | None, asked: HelpdeskAct) -> tuple[str, str]:
    """Return what the terminal and the system are called on the page that the act was asked from."""
    if page is None:
        return "", asked.system or ""
    sitting = next((one for one in page.sittings if one.sitting.sitting == asked.sitting), None)
    if sitting is None:
        return "", asked.system or ""
    system = next((one.name for one in sitting.sitting.systems if one.system == asked.system), asked.system or "")
    return sitting.terminal, system
