"""The road of an officer to the hub: who they are proved to be, what they may do, and all that the helpdesk asks there.

Each method is one address; what it takes and returns are the wire's own records. A record with a *key* is for something
that is wanted once: sent again with the same key it is the same, never a second one.
"""

from __future__ import annotations

import secrets
from typing import Final
from urllib.parse import quote

from launcher.hub_client.proved import ProvedRoad
from launcher.wire.hub.commands import CommandState
from launcher.wire.hub.helpdesk import (
    Act,
    Acted,
    AllWrong,
    AskSupervisor,
    AwayTerminals,
    ByLetters,
    Case,
    Found,
    GiveNotice,
    OfficerPage,
    OpenCase,
    Second,
    SecondRequest,
    ToldView,
    VerifyCaller,
)
from launcher.wire.hub.officers import GrantedRole, GrantRole, Me, NamedOfficer
from launcher.wire.hub.sittings import NoticeLine

LONGEST_WAIT_S: Final = 25.0
"""The hub's own limit of one wait; ask again for longer."""


def new_key() -> str:
    """Return a key for something that is to be done once."""
    return secrets.token_hex(16)


class OfficerRoad(ProvedRoad):
    """One officer at the hub, in one process: see :class:`ProvedRoad` for the proof."""

    # --- the officer's own

    async def me(self) -> Me:
        """Return the roles as they are now, and what was done to this officer's sessions."""
        return await self._ask("GET", "/officers/me", Me)

    async def grants(self) -> tuple[GrantedRole, ...]:
        """Return the roles that were granted."""
        return await self._ask("GET", "/officers/grants", tuple[GrantedRole, ...])

    async def grant(self, role: GrantRole) -> GrantedRole:
        """Grant a role for some hours."""
        return await self._ask("POST", "/officers/grants", GrantedRole, role, again=True)

    async def end_grant(self, grant: int) -> None:
        """Take a granted role back."""
        await self._ask("POST", f"/officers/grants/{grant}/end", object, again=True)

    async def named(self, number: str) -> NamedOfficer:
        """Return whom a whole number is of, to give them a role."""
        return await self._ask("GET", "/officers/named", NamedOfficer, query={"number": number})

    # --- a case, and looking

    async def open_case(self, asked: OpenCase) -> Case:
        """Open a case: all that follows belongs to one."""
        return await self._ask("POST", "/helpdesk/cases", Case, asked, again=True)

    async def verify(self, case: str, letters: str) -> ByLetters:
        """Find the caller by their letters, and verify them in the case. Letters hold once: it is not asked twice."""
        said = VerifyCaller(letters="".join(filter(str.isalpha, letters.upper())))
        return await self._ask("POST", f"/helpdesk/cases/{case}/letters", ByLetters, said)

    async def find(self, case: str, text: str) -> Found:
        """Find officers and terminals by what was written so far."""
        return await self._ask("GET", "/helpdesk/find", Found, query={"case": case, "q": text})

    async def page(self, case: str, officer: str) -> OfficerPage:
        """Return the page of one officer."""
        return await self._ask("GET", "/helpdesk/officers", OfficerPage, query={"case": case, "officer": officer})

    async def told(self, case: str, number: str) -> ToldView:
        """Return what an officer has told, by the number that they quote."""
        return await self._ask("GET", f"/helpdesk/told/{quote(number, safe='')}", ToldView, query={"case": case})

    # --- acts

    async def act(self, act: Act) -> Acted:
        """Do something to a session; the answer says whether a second person is waited for."""
        return await self._ask("POST", "/helpdesk/acts", Acted, act, again=True)

    async def acted(self, key: str, wait_s: float = 0.0, seen: int | None = None) -> Acted:
        """Return what came of an act, after ``wait_s`` at the latest: when it has changed from the version ``seen``.

        Without ``seen`` the hub waits for the last answer.
        """
        wait_s = min(wait_s, LONGEST_WAIT_S)
        query = {"wait_s": f"{wait_s:g}"} | ({} if seen is None else {"seen": str(seen)})
        return await self._ask("GET", f"/helpdesk/acts/{key}", Acted, query=query, wait_s=wait_s)

    async def requests(self) -> tuple[SecondRequest, ...]:
        """Return the acts that wait for a second person."""
        return await self._ask("GET", "/helpdesk/requests", tuple[SecondRequest, ...])

    async def second(self, request: str, answer: Second) -> SecondRequest:
        """Answer somebody's request as the second person, for exactly what was read."""
        return await self._ask("POST", f"/helpdesk/requests/{request}", SecondRequest, answer)

    async def ask_supervisor(self, request: str, asked: AskSupervisor) -> CommandState:
        """Ask for a supervisor at the officer's terminal."""
        return await self._ask("POST", f"/helpdesk/requests/{request}/supervisor", CommandState, asked)

    # --- what is wrong now, notices

    async def wrong(self) -> AllWrong:
        """Return what fails or is slow now, what officers have told, and the notices."""
        return await self._ask("GET", "/helpdesk/wrong", AllWrong)

    async def close_told(self, number: str) -> None:
        """Note that what an officer told is dealt with."""
        await self._ask("POST", f"/helpdesk/told/{quote(number, safe='')}/closed", object, again=True)

    async def notices(self) -> tuple[NoticeLine, ...]:
        """Return all notices that hold, at whatever place."""
        return await self._ask("GET", "/helpdesk/notices", tuple[NoticeLine, ...])

    async def give_notice(self, notice: GiveNotice) -> NoticeLine:
        """Give a notice to sign-in screens and tiles."""
        return await self._ask("POST", "/helpdesk/notices", NoticeLine, notice, again=True)

    async def withdraw_notice(self, notice: int) -> None:
        """Withdraw a notice."""
        await self._ask("POST", f"/helpdesk/notices/{notice}/withdrawn", object, again=True)

    async def away(self) -> AwayTerminals:
        """Return the terminals that the hub does not hear."""
        return await self._ask("GET", "/helpdesk/away", AwayTerminals)
