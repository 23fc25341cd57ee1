"""What the helpdesk has done in a session from outside, and only the session can do: each is answered, once."""

from __future__ import annotations

import asyncio
import time
from typing import Final, Protocol

from launcher.errors import LauncherError
from launcher.grants.held import Grants
from launcher.session import commands as c
from launcher.session.faults import log_fault
from launcher.session.hub.desk import HubDesk
from launcher.session.hub.errors import NothingToRevoke, SystemNotOpen, SystemNotTheirs, SystemOnDemand
from launcher.session.hub.views import DeedStands
from launcher.session.ports import Station
from launcher.session.provider_roads import ProviderRoads
from launcher.session.snapshot import LeavingView
from launcher.wire.hub.commands import Outcome
from launcher.wire.hub_messages import DoHere, DoneHere

REVOKED_WITHIN_S = 12.0
"""A provider may be slow; the station waits some seconds longer than this for an answer."""

WARNED_S = 10.0
"""So long an officer at work has to send what they have typed in a system that is to be closed: as at a log-off."""
LOOK_S = 1.0
_WARNED: Final = "What is not sent there would be lost: its officer is told, and has {seconds:.0f} s."


class AtWork(Protocol):
    """The officer's sitting, as far as it is set right from outside."""

    @property
    def grants(self) -> Grants | None:
        """What the officer holds."""
        ...

    def serve(self, command: object) -> None:
        """Carry out one command, as the officer's own."""
        ...

    def certificates_of(self, system: str) -> tuple[str, ...]:
        """Name the officer's certificates that a system is signed on to with."""
        ...

    async def tell_canaries(self) -> None:
        """Tell the station, masked, what is held now."""
        ...

    async def edited(self) -> tuple[str, ...]:
        """Name what holds something that was typed and not sent; the station is told how many."""
        ...

    async def leaving(self) -> LeavingView | None:
        """Name what an end would lose."""
        ...


class Deeds(Protocol):
    """Where the officer reads what is done (:class:`launcher.session.hub.for_officer.ForOfficer`)."""

    def became(self, command: int, stands: DeedStands) -> None:
        """Say what becomes of what was begun here."""
        ...

    def loses(self, command: int, lost: bool) -> None:
        """Say beside it whether what was typed and not sent goes with it."""
        ...


class Doing:
    """Carries out what is asked, as the officer's own act would be, and no more than that."""

    def __init__(self, desk: HubDesk, station: Station, sitting: AtWork, roads: ProviderRoads, deeds: Deeds) -> None:
        self._desk = desk
        self._deeds = deeds
        self._station = station
        self._sitting = sitting
        self._roads = roads
        self._begun: set[int] = set()

    def do(self, asked: DoHere) -> None:
        """Begin; the same command is not carried out twice."""
        if asked.command not in self._begun:
            self._begun.add(asked.command)
            self._desk.spawn(self._answered(asked))

    async def _answered(self, asked: DoHere) -> None:
        outcome: Outcome
        try:
            outcome, reference, words = await self._done(asked), "", ""
        except (SystemNotOpen, SystemNotTheirs, SystemOnDemand, NothingToRevoke) as answer:
            outcome, reference, words = "refused", answer.reference, answer.message
        except LauncherError as fault:
            outcome, reference, words = "failed", fault.reference, fault.message
        except Exception as fault:
            log_fault(f"{asked.what} was not carried out", fault)
            outcome, reference, words = "failed", "internal-fault", ""
        self._deeds.became(asked.command, "" if outcome in ("done", "partly") else "not-done")
        self._station.tell(DoneHere(command=asked.command, outcome=outcome, reference=reference, words=words[:500]))

    async def _done(self, asked: DoHere) -> Outcome:
        match asked.what:
            case "close-system":
                await self._close(asked)
            case "open-system":
                await self._open(asked)
            case "forget-credential":
                await self._forget(asked.system)
            case "revoke":
                return await self._revoke()
        return "done"

    async def _close(self, asked: DoHere) -> None:
        if asked.system not in self._desk.snapshot.tabs:
            raise SystemNotOpen("The system is not open there.")
        await self._warn(asked)
        self._sitting.serve(c.CloseSystem(asked.system))

    async def _open(self, asked: DoHere) -> None:
        system = asked.system
        view = self._desk.snapshot.system(system)
        if view is None:
            raise SystemNotTheirs("The officer may not open this system.")
        if view.on_demand:
            raise SystemOnDemand("This system is signed on to by the officer's own hand alone.")
        if system in self._desk.snapshot.tabs:
            await self._warn(asked)
        is_open = system in self._desk.snapshot.tabs  # its officer may have closed it meanwhile
        self._sitting.serve(c.RetrySystem(system) if is_open else c.OpenSystem(system))

    async def _warn(self, asked: DoHere) -> None:
        """Say to an officer at work what they would lose, and give them time to send it; to others, what they lose."""
        until = time.monotonic() + WARNED_S
        told = False
        while await self._would_lose(asked.system):
            left_s = until - time.monotonic()
            at_work = self._desk.snapshot.stage == "signed-in"
            if not told:
                self._deeds.loses(asked.command, True)
                if at_work:
                    self._deeds.became(asked.command, "soon")
                    words = _WARNED.format(seconds=WARNED_S)
                    self._station.tell(DoneHere(command=asked.command, outcome="done", words=words, more=True))
                told = True
            if not at_work or left_s <= 0:
                return
            await asyncio.sleep(min(LOOK_S, left_s))
        if told:
            self._deeds.loses(asked.command, False)

    async def _would_lose(self, system: str) -> bool:
        leaving = await self._sitting.leaving()
        return leaving is not None and system in (*leaving.running, *leaving.edited)

    async def _forget(self, system: str) -> None:
        if self._desk.snapshot.system(system) is None:
            raise SystemNotTheirs("The officer has no such system.")
        if (grants := self._sitting.grants) is not None:
            await grants.forget(system)
            for name in self._sitting.certificates_of(system):
                await grants.certificates.forget(name)

    async def _revoke(self) -> Outcome:
        road, grants = self._roads.current, self._sitting.grants
        if road is None or grants is None or not road.signed_on:
            raise NothingToRevoke("There is no session of the force account at this terminal.")
        grants.revoked()
        return "done" if await road.revoke(REVOKED_WITHIN_S) else "partly"
