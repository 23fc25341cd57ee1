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
from launcher.wire.hub.helpdesk import Act, Acted, ActKind, Case, OfficerPage

KEPT: Final = 20
WAIT_S: Final = 20.0
"""So long the hub holds the question back until something has changed."""
AT_LEAST_S: Final = 0.5
"""Between two questions after one that was answered at once, and said nothing new."""
AT_MOST_S: Final = 5.0
"""Between two questions while the hub is away: what it has taken it carries out when it is back."""
LATE_S: Final = 2.0
"""A terminal that has not taken a command by then is said not to have answered: a line may be cut without a word."""
LISTED_S: Final = 10.0
"""So long after a suspension a terminal may be found not to have taken it: one that is connected has some seconds."""
LISTED_AGAIN_S: Final = 5.0
"""How long the question for that list is held back: what is away comes back without anybody's answer."""
TRIES: Final = 4
"""So often an act is sent while nobody knows whether it has come: the same key is the same act, never a second one."""


def is_answered(command: CommandState) -> bool:
    """Say whether the terminal has said something of it: also that more follows."""
    return command.answer is not None


def is_over(acted: Acted, *, may_be_listed: bool = False) -> bool:
    """Say whether nothing more will come of it. ``may_be_listed``: terminals may still turn out not to know of it."""
    if acted.state in ("refused", "expired"):
        return True
    if acted.unreachable or acted.others_away or may_be_listed:
        return False
    return acted.state == "answered" and all(one.answer is None or not one.answer.more for one in acted.commands)


def _waiting(acted: Acted) -> frozenset[int]:
    return frozenset(one.id for one in acted.commands if one.state == "waiting")


def _lists(kind: ActKind, acted: Acted) -> bool:
    """Say whether the act has a list of terminals that could not be told, which changes without their answers."""
    return kind == "suspend" and acted.state in ("sent", "answered")


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
        late_s: float = LATE_S,
        listed_s: float = LISTED_S,
    ) -> None:
        self._board = board
        self._road = road
        self._case = case
        self._done = done
        self._at_least_s = at_least_s
        self._late_s = late_s
        self._listed_s = listed_s
        self._listed_until: dict[str, float] = {}
        self._awaited: frozenset[int] = frozenset()

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
                wait_s = LISTED_AGAIN_S if _lists(asked.kind, before) else WAIT_S
                acted = await self._tried(partial(self._road.acted, before.key, wait_s, before.version))
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
        self._look_later(acted)
        return not is_over(acted, may_be_listed=_lists(before.kind, acted) and self._may_be_listed(acted.key))

    def _may_be_listed(self, key: str) -> bool:
        now = time.monotonic()
        return now < self._listed_until.setdefault(key, now + self._listed_s)

    def _look_later(self, acted: Acted) -> None:
        """Look again, once, at each command that its terminal has not taken yet."""
        new = _waiting(acted) - self._awaited
        if new:
            self._awaited |= new
            self._board.spawn(self._call_late(acted.key, new))

    async def _call_late(self, key: str, commands: frozenset[int]) -> None:
        await asyncio.sleep(self._late_s)
        act = self._find(key)
        if act is not None and act.acted is not None:
            self._change(key, late=act.late | (commands & _waiting(act.acted)))

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
