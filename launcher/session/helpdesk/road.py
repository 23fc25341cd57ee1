"""The analyst's road to the hub, as the panel and the command line use it; ``hub_client.officer`` has the real one.

Each method raises a :class:`LauncherError`, or returns what the hub has answered.
"""

from __future__ import annotations

from typing import Protocol

from launcher.wire.hub.commands import CommandState
from launcher.wire.hub.helpdesk import (
    Act,
    Acted,
    AllWrong,
    AskSupervisor,
    ByLetters,
    Case,
    Found,
    GiveNotice,
    OfficerPage,
    OpenCase,
    Second,
    SecondRequest,
)
from launcher.wire.hub.officers import GrantedRole, GrantRole, NamedOfficer
from launcher.wire.hub.sittings import NoticeLine


class HelpdeskRoad(Protocol):
    """What the hub answers to an analyst and to a supervisor."""

    async def open_case(self, asked: OpenCase) -> Case:
        """Begin a case."""
        ...

    async def find(self, case: str, text: str) -> Found:
        """Find officers and terminals."""
        ...

    async def verify(self, case: str, letters: str) -> ByLetters:
        """Verify the caller by the letters on their screen."""
        ...

    async def page(self, case: str, officer: str) -> OfficerPage:
        """Return an officer's page."""
        ...

    async def act(self, act: Act) -> Acted:
        """Ask for an act; the same key again is the same act."""
        ...

    async def acted(self, key: str, wait_s: float = 0.0, seen: int | None = None) -> Acted:
        """Return how far an act is: once it has changed from the version ``seen``, or after ``wait_s``."""
        ...

    async def requests(self) -> tuple[SecondRequest, ...]:
        """Return what waits for a second person."""
        ...

    async def second(self, request: str, answer: Second) -> SecondRequest:
        """Answer as the second person."""
        ...

    async def ask_supervisor(self, request: str, asked: AskSupervisor) -> CommandState:
        """Ask for a supervisor at the officer's terminal."""
        ...

    async def wrong(self) -> AllWrong:
        """Return what is wrong now."""
        ...

    async def close_told(self, number: str) -> None:
        """Note that what an officer has told is dealt with."""
        ...

    async def give_notice(self, notice: GiveNotice) -> NoticeLine:
        """Give a notice."""
        ...

    async def withdraw_notice(self, notice: int) -> None:
        """Withdraw one."""
        ...

    async def named(self, number: str) -> NamedOfficer:
        """Return whom a whole number is of."""
        ...

    async def grant(self, role: GrantRole) -> GrantedRole:
        """Grant a role for some hours."""
        ...

    async def grants(self) -> tuple[GrantedRole, ...]:
        """Return the roles that were granted."""
        ...

    async def end_grant(self, grant: int) -> None:
        """Take a granted role back."""
        ...
