"""A hub on paper: the analyst's road in memory, whose terminals answer when they are told to.

It keeps the rules that the panel must live with: a case first, letters that hold once, one act a key, acts that wait
for a second person, terminals that are away.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field

from launcher.errors import LauncherError
from launcher.wire.hub.commands import Answer, CommandState
from launcher.wire.hub.helpdesk import (
    Act,
    Acted,
    ActKind,
    AllowedAct,
    AllWrong,
    AskSupervisor,
    ByLetters,
    Case,
    Found,
    FoundOfficer,
    FoundTerminal,
    GiveNotice,
    OfficerPage,
    OpenCase,
    Second,
    SecondRequest,
    SittingView,
    ToldView,
    UnreachableTerminal,
    Waterfall,
    WrongNow,
)
from launcher.wire.hub.officers import GrantedRole, GrantRole, NamedOfficer
from launcher.wire.hub.sittings import NoticeLine, Person, Sitting

NOW = 1_790_000_000.0
SENSITIVE = frozenset({"suspend", "unsuspend", "revoke", "forget-credential"})
KINDS: tuple[ActKind, ...] = (
    "log-off",
    "lock",
    "close-system",
    "open-system",
    "forget-credential",
    "revoke",
    "message",
    "suspend",
    "unsuspend",
)


class RefusedOnPaperError(LauncherError):
    """What the hub refuses."""

    reference = "hub-not-now"
    hint = "Look again."

    def __init__(self, message: str, *, retry_after_s: float | None = None, retryable: bool = False) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.retryable = retryable  # type: ignore[misc]


class CaseOverOnPaperError(RefusedOnPaperError):
    """The case has been open for too long."""

    reference = "helpdesk-case-over"
    hint = "Open a new case with the reason."


@dataclass
class Terminal:
    """A terminal with one officer; ``away``: it does not hear the hub."""

    station: str
    terminal: str
    place: str
    sitting: Sitting
    away: bool = False
    letters: str = ""


@dataclass
class PaperHub:
    """The hub. ``asked`` is what was asked of it, in order; ``faults``: what the next of a name raise."""

    people: dict[str, Person] = field(default_factory=dict)
    terminals: list[Terminal] = field(default_factory=list)
    recent: tuple[Waterfall, ...] = ()
    asked: list[tuple[str, ...]] = field(default_factory=list)
    faults: dict[str, list[LauncherError]] = field(default_factory=dict)
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    acts: dict[str, Acted] = field(default_factory=dict)
    waiting: dict[str, SecondRequest] = field(default_factory=dict)
    all_wrong: tuple[WrongNow, ...] = ()
    told: tuple[ToldView, ...] = ()
    notices_now: list[NoticeLine] = field(default_factory=list)
    granted: list[GrantedRole] = field(default_factory=list)
    suspended: set[str] = field(default_factory=set)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)

    # --- the road

    async def open_case(self, asked: OpenCase) -> Case:
        await self._ask("open_case", asked.reason)
        case = Case(case=f"case-{len(self.cases) + 1}", reason=asked.reason, opened=NOW)
        self.cases[case.case] = case
        return case

    async def find(self, case: str, text: str) -> Found:
        await self._ask("find", case, text)
        low = text.casefold()
        officers = [self._found(one) for one in self.people.values() if low in f"{one.number} {one.name}".casefold()]
        terminals = [self._terminal(one) for one in self.terminals if low in f"{one.terminal} {one.place}".casefold()]
        return Found(officers=tuple(officers), terminals=tuple(terminals))

    async def verify(self, case: str, letters: str) -> ByLetters:
        await self._ask("verify", case)
        for one in self.terminals:
            if one.letters and one.letters == letters:
                one.letters = ""
                officer = one.sitting.person.officer
                self.cases[case] = self.cases[case].model_copy(
                    update={"verified": officer, "verified_until": NOW + 900.0}
                )
                return ByLetters(case=self.cases[case], terminal=self._terminal(one), officer=officer)
        raise RefusedOnPaperError("No screen shows these letters.")

    async def page(self, case: str, officer: str) -> OfficerPage:
        await self._ask("page", case, officer)
        person = self.people.get(officer)
        if person is None:
            raise RefusedOnPaperError("There is nobody of this name.")
        return OfficerPage(
            officer=officer,
            number=person.number,
            name=person.name,
            suspended=officer in self.suspended,
            sittings=tuple(self._sitting(one) for one in self.terminals if one.sitting.person.officer == officer),
            recent=self.recent,
            deeds=tuple(command for acted in self.acts.values() for command in acted.commands),
            acts=tuple(
                AllowedAct(kind=kind, needs_verified=kind in SENSITIVE, needs_second=kind in SENSITIVE)
                for kind in KINDS
                if kind != ("suspend" if officer in self.suspended else "unsuspend")
            ),
        )

    async def act(self, act: Act) -> Acted:
        kind, key, officer, sitting, reason = act.kind, act.key, act.officer, act.sitting, act.reason
        await self._ask("act", kind, key)
        if key in self.acts:
            return self.acts[key]
        where = [
            one
            for one in self.terminals
            if one.sitting.person.officer == officer and sitting in (None, one.sitting.sitting)
        ]
        if kind in SENSITIVE:
            request = f"request-{len(self.waiting) + 1}"
            self.waiting[request] = SecondRequest(
                request=request,
                digest=hashlib.sha256(key.encode()).hexdigest(),
                kind=kind,
                officer=officer,
                name=self.people[officer].name,
                terminal=where[0].terminal if where else "",
                system=act.system or "",
                reason=reason,
                by_name="J. Field",
                made=NOW,
                expires=NOW + 900,
                state="waiting",
            )
            self._note(Acted(key=key, state="waits-for-second", request=request))
            return self.acts[key]
        self._note(Acted(key=key, state="sent", commands=tuple(self._command(one, kind, reason) for one in where)))
        return self.acts[key]

    async def acted(self, key: str, wait_s: float = 0.0, seen: int | None = None) -> Acted:
        await self._ask("acted", key)
        while self.acts[key].version == seen:
            self.changed.clear()
            await self.changed.wait()
        return self.acts[key]

    async def requests(self) -> tuple[SecondRequest, ...]:
        await self._ask("requests")
        return tuple(self.waiting.values())

    async def second(self, request: str, answer: Second) -> SecondRequest:
        await self._ask("second", request, "approved" if answer.approve else "refused")
        asked = self.waiting[request]
        if asked.digest != answer.digest:
            raise RefusedOnPaperError("It was changed meanwhile.")
        answered = asked.model_copy(
            update={"state": "approved" if answer.approve else "refused", "second_name": "S. Marsh"}
        )
        self.waiting[request] = answered
        return answered

    async def ask_supervisor(self, request: str, asked: AskSupervisor) -> CommandState:
        await self._ask("ask_supervisor", request, asked.sitting)
        return self._command(self._at(asked.sitting), "lock", "ask").model_copy(update={"kind": "ask-supervisor"})

    async def wrong(self) -> AllWrong:
        await self._ask("wrong")
        return AllWrong(at=NOW, wrong=self.all_wrong, told=self.told, notices=tuple(self.notices_now))

    async def close_told(self, number: str) -> None:
        await self._ask("close_told", number)
        self.told = tuple(one for one in self.told if one.number != number)

    async def give_notice(self, notice: GiveNotice) -> NoticeLine:
        await self._ask("give_notice", notice.text)
        line = NoticeLine(
            id=len(self.notices_now) + 1,
            text=notice.text,
            systems=notice.systems,
            since=NOW,
            until=None if notice.hours is None else NOW + notice.hours * 3600,
        )
        self.notices_now.append(line)
        return line

    async def withdraw_notice(self, notice: int) -> None:
        await self._ask("withdraw_notice", str(notice))
        self.notices_now = [one for one in self.notices_now if one.id != notice]

    async def named(self, number: str) -> NamedOfficer:
        await self._ask("named", number)
        if number != "4471":
            raise RefusedOnPaperError("No officer of this number is known.")
        return NamedOfficer(officer="local#id-4471", number=number, name="Alice Carr")

    async def grant(self, role: GrantRole) -> GrantedRole:
        await self._ask("grant", role.role)
        granted = GrantedRole(
            id=len(self.granted) + 1,
            officer=role.officer,
            name=self.people[role.officer].name,
            role=role.role,
            granted_by="S. Marsh",
            at=NOW,
            until=NOW + role.hours * 3600,
            reason=role.reason,
            ended=False,
        )
        self.granted.append(granted)
        return granted

    async def grants(self) -> tuple[GrantedRole, ...]:
        await self._ask("grants")
        return tuple(self.granted)

    async def end_grant(self, grant: int) -> None:
        await self._ask("end_grant", str(grant))
        self.granted[grant - 1] = self.granted[grant - 1].model_copy(update={"ended": True})

    # --- what happens elsewhere

    def answers(self, key: str, answer: Answer) -> None:
        """The terminals answer all commands of an act."""
        acted = self.acts[key]
        commands = tuple(
            one.model_copy(update={"state": "answered", "answer": answer, "acknowledged_at": NOW})
            for one in acted.commands
        )
        self._note(acted.model_copy(update={"state": "sent" if answer.more else "answered", "commands": commands}))

    def lists(self, key: str, *terminals: str) -> None:
        """These terminals could not be told of a suspension."""
        unreachable = tuple(UnreachableTerminal(terminal=one, place="", last_heard=NOW) for one in terminals)
        self._note(self.acts[key].model_copy(update={"unreachable": unreachable}))

    def approved(self, key: str) -> None:
        """The second person has approved the act, and its command is on its way."""
        acted = self.acts[key]
        assert acted.request is not None
        asked = self.waiting.pop(acted.request)
        where = [one for one in self.terminals if one.sitting.person.officer == asked.officer]
        self._note(
            acted.model_copy(
                update={
                    "state": "sent",
                    "request": None,
                    "commands": tuple(self._command(one, asked.kind, asked.reason) for one in where),
                }
            )
        )

    # --- inside

    async def _ask(self, what: str, *more: str) -> None:
        self.asked.append((what, *more))
        self.was_asked.set()
        if (held := self.held.get(what)) is not None:
            await held.wait()
        else:
            await asyncio.sleep(0)
        if self.faults.get(what):
            raise self.faults[what].pop(0)

    def _note(self, acted: Acted) -> None:
        before = self.acts.get(acted.key)
        version = before.version + 1 if before is not None else 1
        self.acts[acted.key] = acted.model_copy(update={"version": version})
        self.changed.set()

    def _command(self, where: Terminal, kind: ActKind, reason: str) -> CommandState:
        return CommandState(
            id=sum(len(one.commands) for one in self.acts.values()) + 1,
            kind=kind if kind != "unsuspend" else "suspend",
            station=where.station,
            terminal=where.terminal,
            by_name="J. Field",
            reason=reason,
            made=NOW,
            expires=NOW + 300,
            state="away" if where.away else "waiting",
        )

    def _found(self, person: Person) -> FoundOfficer:
        on = any(one.sitting.person.officer == person.officer for one in self.terminals)
        return FoundOfficer(officer=person.officer, number=person.number, name=person.name, logged_on=on)

    def _terminal(self, one: Terminal) -> FoundTerminal:
        return FoundTerminal(
            station=one.station,
            terminal=one.terminal,
            place=one.place,
            reachable=not one.away,
            officers=(self._found(one.sitting.person),),
        )

    def _sitting(self, one: Terminal) -> SittingView:
        return SittingView(
            station=one.station,
            terminal=one.terminal,
            place=one.place,
            reachable=not one.away,
            last_heard=NOW - (1800 if one.away else 2),
            sitting=one.sitting,
        )

    def _at(self, sitting: str) -> Terminal:
        return next(one for one in self.terminals if one.sitting.sitting == sitting)
