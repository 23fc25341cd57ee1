"""The officer at the hub: proved behind their work, roles as they are now. Its absence hinders nothing."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace

from launcher.errors import LauncherError
from launcher.grants.held import Grants
from launcher.hub_client.errors import HubAwayError, HubRefusedError
from launcher.hub_client.officer import OfficerRoad
from launcher.secret import Secret
from launcher.session.faults import error_view, log_fault
from launcher.session.hub.desk import HubDesk
from launcher.session.hub.proving import Proving
from launcher.session.hub.views import HubView
from launcher.session.parts import Parts
from launcher.wire.hub.officers import Deed, HeldRole, OfficerProof
from launcher.wire.hub_messages import VouchedHere

AGAIN_S = (1.0, 2.0, 5.0, 15.0, 60.0)
"""After so many seconds it is tried again, and from then on after the last: at a random point within."""

REFUSED_FROM = 3
"""A refusal is asked about again from this one on: what it was for may be over."""

LEAST_S = 1.0
"""Between two questions for roles, however near the end of one is by this computer's clock."""

ENDED_WITHIN_S = 1.0


def again_s(tries: int) -> float:
    """Return after how many seconds to try again: a force's officers do not all come back at once."""
    return random.uniform(0.0, AGAIN_S[min(tries, len(AGAIN_S) - 1)])  # noqa: S311 - no secret is made of it


def _says_nothing(fault: Exception) -> bool:
    """Say whether the hub has said nothing of the officer: it is away, its store is, or it was asked too often."""
    return isinstance(fault, HubAwayError) or (isinstance(fault, HubRefusedError) and fault.retryable)


OnRoles = Callable[[tuple[str, ...], bool, OfficerRoad | None], None]
OnDeeds = Callable[[tuple[Deed, ...]], None]


class AtHub:
    """One officer's road and roles. ``on_roles`` is told of each change; no road: they are not proved any more.

    ``on_deeds`` is told what was done to their sessions, also where no screen could show it. ``federated``: they have
    logged on at the provider.
    """

    def __init__(
        self,
        desk: HubDesk,
        parts: Parts,
        grants: Grants,
        on_roles: OnRoles,
        on_deeds: OnDeeds,
        *,
        federated: bool,
    ) -> None:
        self._desk = desk
        self._parts = parts
        self._grants = grants
        self._federated = federated
        self._on_roles = on_roles
        self._on_deeds = on_deeds
        self._road: OfficerRoad | None = None
        self._proving: Proving | None = None
        self._running: asyncio.Task[None] | None = None
        self._asked_again = asyncio.Event()
        self._ended: tuple[Secret, ...] = ()
        self._clock_s = 0.0  # how far the hub's clock is ahead

    def begin(self) -> None:
        """Begin to prove the officer, where this station has a hub; nobody waits for it."""
        if self._running is None and self._parts.officer_road is not None and self._parts.settings.hub is not None:
            self._running = self._desk.spawn(self._be_known())

    def ask_again(self) -> None:
        """Ask for the roles again: they may have changed, or the hub is back."""
        self._asked_again.set()

    def back(self) -> None:
        """The officer is back from a lock: meanwhile no station vouched for them, and a proof may have failed."""
        if not self._view.proved:
            self.ask_again()

    def vouched(self, answer: VouchedHere) -> None:
        """Take the station's word for the officer."""
        if self._proving is not None:
            self._proving.vouched(answer)

    def secrets(self) -> tuple[Secret, ...]:
        """Return the hub's token, for a residue check; also one that was just ended."""
        return self._road.secrets() if self._road is not None else self._ended

    async def end(self) -> None:
        """End the officer's session at the hub, within a second at most."""
        if self._running is not None:
            self._running.cancel()  # else it would prove them anew, with a token that nobody ends
        self._ended = self.secrets()
        road, self._road = self._road, None
        if road is not None:
            with suppress(LauncherError, TimeoutError):
                async with asyncio.timeout(ENDED_WITHIN_S):
                    await road.end()
            await road.close()

    async def _be_known(self) -> None:
        road = await self._made()
        tries = 0
        while True:
            self._asked_again.clear()
            try:
                wait_s = await self._ask(road)
                tries = 0
            except LauncherError as fault:
                self._lost(fault)
                wait_s = again_s(tries if fault.retryable else max(tries, REFUSED_FROM))
                tries += 1
            except Exception as fault:
                log_fault("the officer could not be proved to the hub", fault)
                self._lost(fault)
                wait_s = again_s(max(tries, REFUSED_FROM))
                tries += 1
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._asked_again.wait()

    async def _made(self) -> OfficerRoad:
        """Make the road, with its library, in a worker: loading takes a third of a second."""
        make, settings = self._parts.officer_road, self._parts.settings.hub
        assert make is not None  # noqa: S101 - as begin() has it
        assert settings is not None  # noqa: S101
        road = self._road = await asyncio.to_thread(make, self._proof, self._refused)
        self._proving = Proving(settings, self._grants, self._parts.station, road.nonce, federated=self._federated)
        return road

    async def _proof(self) -> OfficerProof:
        assert self._proving is not None  # noqa: S101 - made with the road
        return await self._proving.proof()

    def _refused(self, reference: str) -> bool:
        return self._proving is not None and self._proving.refused(reference)

    async def _ask(self, road: OfficerRoad) -> float | None:
        """Ask for the roles; return after how many seconds one of them ends."""
        if road.session is None:
            session = await road.known()
            self._clock_s = session.now - time.time()
            self._known(session.roles, session.supervisor)
        me = await road.me()
        self._on_deeds(me.deeds)
        return self._known(me.roles, me.supervisor)

    def _known(self, held: Iterable[HeldRole], supervisor: bool) -> float | None:
        ends = [one.until for one in held if one.until is not None]
        roles = tuple(dict.fromkeys(one.role for one in held))
        self._say(roles, supervisor, self._road)
        return max(LEAST_S, min(ends) - time.time() - self._clock_s) if ends else None

    def _lost(self, fault: Exception) -> None:
        """Show what hinders; whoever is not proved any more has no roles, but an absent hub takes none away."""
        self._desk.draw(hub=replace(self._view, error=error_view(fault)))
        if not _says_nothing(fault):
            self._say((), False, None)

    def _say(self, roles: tuple[str, ...], supervisor: bool, road: OfficerRoad | None) -> None:
        before = self._view
        proved = road is not None
        now = replace(before, proved=proved, roles=roles, supervisor=supervisor, error=None if proved else before.error)
        if now != before:
            self._desk.draw(hub=now)
            self._on_roles(roles, supervisor, road)

    @property
    def _view(self) -> HubView:
        return self._desk.snapshot.hub or HubView()
