"""A force under test: a hub as it is served, terminals with their real links, and officers whom stations vouch for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TypeVar

from launcher.hub_client.errors import HubAwayError, HubRefusedError
from launcher.hub_client.officer import OfficerRoad, new_key
from launcher.hub_client.road import HubRoad
from launcher.signing import SigningKey
from launcher.station import OfficerSignedIn, SpareWarm, StationLimits
from launcher.station.hub.enrolment import ENROLLED, hub_folder
from launcher.station.hub.thread import HubThread
from launcher.wire.hub.helpdesk import Act, Acted, ActKind, ByLetters, OfficerPage, OpenCase, SittingView
from launcher.wire.hub.officers import OfficerProof, VouchedProof
from launcher.wire.hub.sittings import Vouched
from launcher.wire.hub.stations import Enrol, Enrolled, SignedEnrol
from tests.contract.hub.terminal import Place
from tests.journeys.station_bench import WITHIN_S, Hands, Station, station
from tests.servers.hub import HubProcess

LIMITS = StationLimits(heartbeat_s=0.2, unresponsive_s=2.0, end_within_s=1.0, cover_s=2.0, sign_off_within_s=1.0)

Said = TypeVar("Said")

ROLES = """
[roles]
helpdesk = ["helpdesk"]
supervisors = { sergeants = 1, inspectors = 2 }
"""


class Terminal:
    """One terminal, and the hands on who works there."""

    def __init__(self, at: Station, name: str) -> None:
        self.at = at
        self.name = name
        self.session = 0

    async def log_on(self, number: str, *groups: str, name: str = "") -> Hands:
        """Log an officer on at the screen that is shown; return once a spare is warm behind it."""
        shown, hands = await self.at.shown_session()
        user = {"number": number, "name": name or f"Officer {number}", "user_name": f"user.{number}"}
        await hands.do("sign-in", **user, groups=list(groups), proved_by="local")
        await self.at.next(OfficerSignedIn)
        self.session = shown.session
        return hands

    async def hands_on(self, session: int) -> Hands:
        """Return the hands on a session."""
        pid = next(one.pid for one in self.at.events if isinstance(one, SpareWarm) and one.session == session)
        return await self.at.hands_on(pid)


@asynccontextmanager
async def terminal(
    hub: HubProcess, folder: Path, name: str, limits: StationLimits = LIMITS, *, origin: str = ""
) -> AsyncIterator[Terminal]:
    """Run a terminal that is enrolled at the hub, for the block. ``origin``: the way it takes there."""
    key, road = SigningKey.made(), HubRoad([hub.origin])
    asked = Enrol(code=hub.code(name, "Front desk"), public_key=key.public, terminal=name, place="Front desk")
    said = SignedEnrol(enrol=asked, signature=key.sign("enrol", asked))
    enrolled = await road.ask("POST", "/stations/enrol", Enrolled, said)
    await road.close()
    state = folder / "state"
    await asyncio.to_thread(_keep, state, enrolled)
    link = HubThread(Place(state, (origin or hub.origin,), key, enrolled), state)
    async with station(folder, limits=limits, hub=link) as at:
        yield Terminal(at, name)


def _keep(state: Path, enrolled: Enrolled) -> None:
    hub_folder(state).mkdir(mode=0o700, parents=True)
    (hub_folder(state) / ENROLLED).write_text(enrolled.model_dump_json(), encoding="utf-8")


async def vouch_of(hands: Hands, nonce: str = "bm9uY2U=") -> Vouched | None:
    """Return what the terminal signs for the officer who works there; None: it cannot vouch now."""
    await hands.do("tell", message={"kind": "wants-vouch", "nonce": nonce, "until": time.time() + 60})
    said = (await hands.said("vouched"))["vouched"]
    assert isinstance(said, dict)
    return None if said["vouched"] is None else Vouched.model_validate(said["vouched"])


@asynccontextmanager
async def vouched(hub: HubProcess, hands: Hands) -> AsyncIterator[OfficerRoad]:
    """Return the road of the officer who works there: the terminal vouches for them."""

    async def proof() -> OfficerProof:
        for _ in range(50):
            said = await vouch_of(hands, (await road.nonce()).nonce)
            if said is not None:
                return OfficerProof(proof=VouchedProof(vouched=said))
        raise AssertionError("the terminal vouches for nobody")

    road = OfficerRoad(HubRoad([hub.origin]), proof)
    try:
        yield road
    finally:
        await road.close()


class Analyst:
    """An analyst with one case."""

    def __init__(self, road: OfficerRoad, case: str) -> None:
        self.road = road
        self.case = case

    @classmethod
    async def begins(cls, road: OfficerRoad) -> Analyst:
        """Open a case."""
        asked = OpenCase(reason="The officer has called", key=new_key())
        return cls(road, (await _soon(lambda: road.open_case(asked))).case)

    async def page(self, officer: str, *, sittings: int) -> OfficerPage:
        """Return an officer's page once it shows so many sittings."""
        async with asyncio.timeout(WITHIN_S):
            while len((page := await self.road.page(self.case, officer)).sittings) != sittings:  # noqa: ASYNC110 - the hub tells nobody in a test
                await asyncio.sleep(0.1)
        return page

    async def verified(self, letters: str) -> ByLetters:
        """Verify a caller by their letters, which a screen shows once the hub has them."""
        return await self.road.verify(self.case, letters)

    async def act(self, kind: ActKind, officer: str, view: SittingView | None, **more: str) -> Acted:
        """Order something."""
        sitting = None if view is None else view.sitting.sitting
        act = Act(
            key=new_key(), case=self.case, kind=kind, officer=officer, sitting=sitting, reason="As the officer asks",
            **more,
        )  # fmt: skip
        return await self.road.act(act)

    async def outcome(self, acted: Acted) -> Acted:
        """Follow an act to its end, also while its hub or the hub's store is away."""
        async with asyncio.timeout(2 * WITHIN_S):
            while True:
                try:
                    seen = await self.road.acted(acted.key, 5.0)
                except (HubAwayError, HubRefusedError):  # the store is away
                    await asyncio.sleep(0.5)
                    continue
                if seen.state == "answered" and all(one.state == "answered" for one in seen.commands):
                    return seen


class Force:
    """An officer at work at A, an analyst at B."""

    def __init__(self, officer: str, a: Terminal, hands: Hands, desk: Hands, analyst: Analyst) -> None:
        self.officer = officer
        self.a = a
        self.hands = hands
        self.desk = desk
        self.analyst = analyst

    async def message(self, text: str) -> tuple[Acted, object]:
        """Send the officer a message; return the act, and the command that stands on their screen next."""
        page = await self.analyst.page(self.officer, sittings=1)
        acted = await self.analyst.act("message", self.officer, page.sittings[0], text=text)
        shown = (await self.hands.said("helpdesk-message"))["helpdesk-message"]
        assert isinstance(shown, dict)
        assert shown["text"] == text
        return acted, shown["command"]

    async def read(self, command: object) -> None:
        """Let the officer read a message."""
        await self.hands.do("tell", message={"kind": "message-read", "command": command})

    async def reads_while_away(self, go: Callable[[], object], come_back: Callable[[], object]) -> None:
        """Hold that a message which is read while the hub or its store is away is known to be, once that is back."""
        acted, command = await self.message("Please call.")
        await asyncio.to_thread(go)
        await self.read(command)
        await asyncio.to_thread(come_back)
        await self._has_read(acted)
        again, command = await self.message("Thank you.")  # it comes next: the first was shown once
        await self.read(command)
        await self._has_read(again)

    async def _has_read(self, acted: Acted) -> None:
        (command,) = (await self.analyst.outcome(acted)).commands
        assert command.answer is not None
        assert (command.answer.outcome, command.answer.words) == ("done", "It has been read.")


@asynccontextmanager
async def force(hub: HubProcess, folder: Path, number: str, *, a_by: str = "") -> AsyncIterator[Force]:
    """Run two terminals, each with spares, and an officer at each. ``a_by``: the way A takes to the hub."""
    async with AsyncExitStack() as all_of_it:
        a = await all_of_it.enter_async_context(terminal(hub, folder / "a", f"A{number}", origin=a_by))
        b = await all_of_it.enter_async_context(terminal(hub, folder / "b", f"B{number}"))
        hands, desk = await a.log_on(number, "cid"), await b.log_on(f"1{number}", "helpdesk")
        for one in (a, b):
            await one.at.spare()
            await one.at.spare()
        road = await all_of_it.enter_async_context(vouched(hub, desk))
        yield Force(f"test#{number}", a, hands, desk, await Analyst.begins(road))


async def _soon(ask: Callable[[], Awaitable[Said]]) -> Said:
    """Ask until the hub knows what a terminal shows already: it is told a moment later."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            try:
                return await ask()
            except HubRefusedError:
                await asyncio.sleep(0.5)
