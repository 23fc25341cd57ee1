"""What is given and taken back: notices to the force's screens, and roles for some hours by a supervisor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from launcher.session.faults import error_view
from launcher.session.helpdesk.board import Board
from launcher.session.helpdesk.commands import HelpdeskGrant, HelpdeskNotice
from launcher.session.helpdesk.road import HelpdeskRoad
from launcher.session.helpdesk.view import NamedView, NoticeGiven
from launcher.wire.hub.helpdesk import GiveNotice
from launcher.wire.hub.officers import GrantRole


class Notices:
    """Gives notices and withdraws them; ``given``: called when what holds has changed."""

    def __init__(self, board: Board, road: HelpdeskRoad, given: Callable[[], None]) -> None:
        self._board = board
        self._road = road
        self._given = given

    def give(self, asked: HelpdeskNotice) -> None:
        """Give it; a key that is on its way is not sent twice."""
        now = self._board.view.notice
        if now.key == asked.key and (now.busy or now.done):
            return
        self._board.put(notice=NoticeGiven(asked.key, busy=True))
        self._board.spawn(self._give(asked))

    def withdraw(self, notice: int) -> None:
        """Withdraw it."""
        self._board.spawn(self._withdraw(notice))

    async def _give(self, asked: HelpdeskNotice) -> None:
        try:
            notice = GiveNotice(
                key=asked.key, text=asked.text, systems=asked.systems, places=asked.places, hours=asked.hours
            )
            await self._road.give_notice(notice)
        except Exception as fault:
            self._board.put(notice=NoticeGiven(asked.key, error=error_view(fault)))
        else:
            self._board.put(notice=NoticeGiven(asked.key, done=True))
            self._given()

    async def _withdraw(self, notice: int) -> None:
        try:
            await self._road.withdraw_notice(notice)
        except Exception as fault:
            self._board.put(notice=NoticeGiven(error=error_view(fault)))
        else:
            if not self._board.view.notice.key:  # what was refused before is over
                self._board.put(notice=NoticeGiven())
            self._given()


class GrantedRoles:
    """Grants roles and takes them back; of a supervisor."""

    def __init__(self, board: Board, road: HelpdeskRoad) -> None:
        self._board = board
        self._road = road

    def name(self, number: str) -> None:
        """Show whom a number is of; of several that are asked for one after the other the last one's."""
        number = number.strip()
        if not number:
            self._board.put(named=NamedView())
        elif self._board.view.named != NamedView(number, busy=True):
            self._board.put(named=NamedView(number, busy=True))
            self._board.spawn(self._name(number))

    def read(self) -> None:
        """Read what was granted."""
        self._board.spawn(self._read())

    def grant(self, asked: HelpdeskGrant) -> None:
        """Grant it; a key that is on its way is not sent twice."""
        now = self._board.view.grants
        if now.key == asked.key and (now.busy or now.done):
            return
        self._board.put(grants=replace(now, key=asked.key, busy=True, done=False, error=None))
        self._board.spawn(self._grant(asked))

    def end(self, grant: int) -> None:
        """Take it back."""
        self._board.spawn(self._end(grant))

    async def _name(self, number: str) -> None:
        try:
            found = NamedView(number, officer=await self._road.named(number))
        except Exception as fault:
            found = NamedView(number, error=error_view(fault))
        if self._board.view.named == NamedView(number, busy=True):
            self._board.put(named=found)

    async def _grant(self, asked: HelpdeskGrant) -> None:
        try:
            role = GrantRole(
                officer=asked.officer, role=asked.role, hours=asked.hours, reason=asked.reason, key=asked.key
            )
            await self._road.grant(role)
        except Exception as fault:
            self._board.put(grants=replace(self._board.view.grants, busy=False, error=error_view(fault)))
        else:
            self._board.put(grants=replace(self._board.view.grants, busy=False, done=True))
            await self._read()

    async def _end(self, grant: int) -> None:
        try:
            await self._road.end_grant(grant)
        except Exception as fault:
            # Of no card: the card that was sent last shows its own alone.
            self._board.put(grants=replace(self._board.view.grants, key="", done=False, error=error_view(fault)))
        else:
            await self._read()

    async def _read(self) -> None:
        try:
            granted = await self._road.grants()
        except Exception as fault:
            self._board.put(grants=replace(self._board.view.grants, error=error_view(fault)))
        else:
            now = self._board.view.grants
            of_a_card = now.error if now.key else None  # any other is over
            self._board.put(grants=replace(now, granted=granted, error=of_a_card))
