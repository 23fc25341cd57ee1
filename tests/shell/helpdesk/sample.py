"""Pictures of the panel, made of what the hub on paper answers."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from launcher.session.helpdesk.view import (
    ActView,
    ForceView,
    GrantsView,
    HelpdeskView,
    LookingView,
    PageView,
)
from launcher.session.snapshot import ErrorView, OfficerView, SignInView, Snapshot, StationView, SystemView
from launcher.wire.hub.commands import Answer
from launcher.wire.hub.helpdesk import (
    Act,
    ActKind,
    AllWrong,
    ByLetters,
    Found,
    FoundTerminal,
    OpenCase,
    RefusedLogOn,
    ToldView,
    UnreachableTerminal,
    WrongNow,
)
from launcher.wire.hub.officers import GrantedRole
from launcher.wire.hub.sittings import NoticeLine
from tests.unit.session.helpdesk.paper_force import ALICE, BOB, sample
from tests.unit.session.helpdesk.paper_hub import NOW, PaperHub

REASON = "Caller cannot open Warrants; the screen does not answer"
AWAY = ErrorView(
    "hub-unreachable",
    "The hub cannot be reached.",
    "Work goes on without it. Try again in a minute; if it stays so, tell the helpdesk the reference.",
    retryable=True,
)
TOO_OFTEN = ErrorView(
    "hub-asked-too-often", "You have looked up too many in this minute.", "Wait a moment, then try again.", True
)


def snapshot(view: HelpdeskView | None) -> Snapshot:
    """Return the picture of an analyst's session."""
    return Snapshot(
        stage="signed-in",
        station=StationView("HD-01", "Helpdesk", "2222"),
        sign_in=SignInView(()),
        officer=OfficerView("9001", "J. Field"),
        systems=(SystemView("warrants", "Warrants Register", "Courts", "web", "slate"),),
        helpdesk=view,
    )


def empty() -> HelpdeskView:
    """Before a case."""
    return HelpdeskView(helpdesk=True, supervisor=False)


def opened(hub: PaperHub | None = None) -> HelpdeskView:
    """A case, and what was found in it."""
    return asyncio.run(_opened(hub or sample()))


async def _opened(hub: PaperHub) -> HelpdeskView:
    case = await hub.open_case(OpenCase(reason=REASON, key="case"))
    found = await hub.find(case.case, "a")
    return replace(empty(), looking=LookingView(case=case, query="a", found=found))


def refused() -> HelpdeskView:
    """The letters of a sign-in screen that let nobody in, and the terminal found by its name."""
    view = opened()
    assert view.looking.case is not None
    last = (
        RefusedLogOn(at=NOW - 60, reference="account-locked"),
        RefusedLogOn(at=NOW - 90, reference="directory-unreachable", words="ldap1.station.test: timed out"),
    )
    there = FoundTerminal(
        station="s-9", terminal="FD-09", place="Front desk", reachable=True, officers=(), refused=last
    )  # fmt: skip
    found = Found(officers=(), terminals=(there,))
    read = ByLetters(case=view.looking.case, terminal=there, officer=None)
    return replace(view, looking=replace(view.looking, query="fd", found=found, by_letters=read))


def shown(hub: PaperHub | None = None, *, verified: bool = True) -> HelpdeskView:
    """An officer's page, with acts in every state."""
    return asyncio.run(_shown(hub or sample(), verified))


async def _shown(hub: PaperHub, verified: bool) -> HelpdeskView:
    view = await _opened(hub)
    case = view.looking.case
    assert case is not None
    if verified:
        by_letters = await hub.verify(case.case, "BKDMRT")
        view = replace(view, looking=replace(view.looking, case=by_letters.case, by_letters=by_letters))
    page = await hub.page(case.case, ALICE)
    return replace(view, page=PageView(ALICE, page, NOW), force=force())


async def _acts(hub: PaperHub, case: str) -> tuple[ActView, ...]:
    async def act(key: str, kind: ActKind, sitting: str | None, **more: object) -> ActView:
        acted = await hub.act(
            Act(key=key, case=case, kind=kind, officer=ALICE, sitting=sitting, reason="Screen does not answer")
        )
        fields: dict[str, object] = {"acted": acted, "sitting": sitting or ""} | more
        return ActView(key, kind, ALICE, "Alice Carr", **fields)  # type: ignore[arg-type]

    away = await act("away", "log-off", "sitting-b", terminal="CU-09")
    waits = await act("waits", "forget-credential", "sitting-a", terminal="FD-02", system="Warrants Register")
    done = await act("done", "log-off", "sitting-a", terminal="FD-02", done_ms=412.0)
    left = ("HOST9, line L21",)
    hub.answers("done", Answer(outcome="partly", at=NOW, covered_ms=38.0, took_ms=2100.0, left_signed_on=left))
    done = replace(done, acted=hub.acts["done"])
    suspend = await act("suspend", "suspend", None)
    hub.approved("suspend")
    told = hub.acts["suspend"].model_copy(
        update={
            "unreachable": (UnreachableTerminal(terminal="CU-09", place="Custody suite", last_heard=NOW - 1800),),
            "others_away": 2,
        }
    )
    failed = ActView("failed", "lock", ALICE, "Alice Carr", terminal="FD-02", error=AWAY)
    return (failed, done, waits, away, replace(suspend, acted=told))


def busy(hub: PaperHub | None = None) -> HelpdeskView:
    """A page with everything on it: of an analyst who is a supervisor, too."""

    async def made() -> HelpdeskView:
        here = hub or sample()
        view = await _shown(here, verified=True)
        assert view.looking.case is not None
        acts = await _acts(here, view.looking.case.case)
        page = await here.page(view.looking.case.case, ALICE)
        requests = tuple(here.waiting.values())
        return replace(
            view,
            supervisor=True,
            acts=acts,
            page=PageView(ALICE, page.model_copy(update={"left_signed_on": ("HOST9, line L21",)}), NOW),
            force=replace(force(), requests=requests),
            grants=GrantsView(granted=(granted(),)),
        )

    return asyncio.run(made())


def granted() -> GrantedRole:
    """Bob is helpdesk tonight."""
    return GrantedRole(
        id=1,
        officer=BOB,
        name="Bob Noor",
        role="helpdesk",
        granted_by="S. Marsh",
        at=NOW,
        until=NOW + 8 * 3600,
        reason="Night shift",
        ended=False,
    )


def force() -> ForceView:
    """Something of each kind that can be wrong."""
    wrong = (
        WrongNow(
            system="warrants",
            name="Warrants Register",
            place="Front desk",
            kind="failing",
            n=14,
            failures=9,
            terminals=5,
            reference="sign-on-refused",
            words="Account locked after 3 attempts. Call the registry.",
            since=NOW - 900,
        ),
        WrongNow(
            system="pnc",
            name="National Computer",
            place="",
            kind="slow",
            n=40,
            failures=0,
            terminals=22,
            p95_ms=31_000.0,
            usual_p95_ms=6200.0,
            since=NOW - 600,
        ),
        WrongNow(
            system="", name="", place="Custody suite", kind="terminals-away", n=3, failures=0, terminals=3, since=NOW
        ),
    )
    told = ToldView(
        number="T-4821",
        at=NOW - 60,
        terminal="FD-02",
        place="Front desk",
        officer=ALICE,
        name="Alice Carr",
        reference="sign-on-refused",
        system="warrants",
    )
    notice = NoticeLine(id=7, text="Warrants is slow; the registry knows", systems=("warrants",), since=NOW - 300)
    return ForceView(wrong=AllWrong(at=NOW, wrong=wrong, told=(told,), notices=(notice,)))
