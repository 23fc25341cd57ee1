"""An officer at work: their systems, grants, provider session and favourites, from the proof to the log-off."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from launcher.catalogue.catalogue import visible
from launcher.catalogue.entry import Entry
from launcher.connectors.plan import LaunchPlan, ProgramTarget
from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.held import Grants
from launcher.grants.names import CertificateName, CredentialName
from launcher.identity.federated import FederatedSession
from launcher.identity.proof import Accepted, Stopwatch
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.desk import Desk
from launcher.session.faults import error_view
from launcher.session.favourites import Choosing
from launcher.session.fresh_proof import FreshProof
from launcher.session.further_providers import FurtherProviders, further_providers
from launcher.session.holding import Holding
from launcher.session.launches import Launches
from launcher.session.masked_secrets import masked_secrets
from launcher.session.notices_read import tell_acknowledged
from launcher.session.parts import Parts
from launcher.session.proved_by_road import prove_by_road
from launcher.session.provider import ProviderLogonError, ProviderRoad
from launcher.session.snapshot import LeavingView, OfficerView, RoundView, WeekView
from launcher.session.system_views import system_views
from launcher.session.week import seen_by
from launcher.timings import own_ms
from launcher.wire import messages as m
from launcher.wire.records import LaunchRecord

log = logging.getLogger(__name__)


class Sitting:
    """Everything an officer holds and has open. It ends with the session and is not used again."""

    def __init__(self, desk: Desk, parts: Parts, accepted: Accepted, provider: ProviderRoad | None) -> None:
        self._desk = desk
        self._parts = parts
        self._accepted = accepted
        self._provider = provider
        self._entries: dict[str, Entry] = {}
        self._grants: Grants | None = None
        self._further: FurtherProviders | None = None
        self._launches: Launches | None = None
        self._said_not_kept = False
        self._reading_week = False
        self._provider_taken = False
        self._holding: Holding | None = None
        self._choosing: Choosing | None = None
        self.besides: Callable[[], tuple[Secret, ...]] = tuple
        """What is held for this officer elsewhere in the session, for a residue check."""
        self.pin: Secret | None = None
        """The PIN of this sitting, for :class:`launcher.session.locking.Locking`."""

    async def begin(self, watch: Stopwatch) -> None:
        """Make the launchpad: what the officer may open, what they hold, what is usual here."""
        officer, parts = self._accepted.officer, self._parts
        with watch.phase("entitle"):
            catalogue = await asyncio.to_thread(parts.catalogue)
            entries = visible(catalogue, officer.groups)
            for fault in catalogue.left_out:
                log.warning("a catalogue entry is left out: %s", fault)
            for fault in catalogue.keyboard_faults:
                log.warning("a keyboard map is faulty: %s", fault)
            self._entries = {entry.id: entry for entry in entries}
        with watch.phase("prefetch"):
            store, favourites, systems = await asyncio.gather(
                asyncio.to_thread(parts.store),
                asyncio.to_thread(parts.favourites.of, officer.id),
                asyncio.to_thread(system_views, entries, parts),
            )
        self._choosing = Choosing(parts.favourites, officer.id, favourites, lambda: self._desk.snapshot.favourites)
        password = self._accepted.password
        sign_in = Credential(officer.user_name, password) if password else None
        tickets = parts.tickets(sign_in)
        self._grants = Grants(
            officer.id,
            store,
            sign_in=sign_in,
            tickets=tickets,
            provider=self._session_at_provider if self._provider is not None else None,
        )
        self._further = further_providers(parts, self._grants, lambda: self._accepted)
        prove_by_road(officer.user_name, password, tickets)
        self._launches = Launches(
            officer_name=officer.user_name,
            plan=self._plan,
            grants=self._grants,
            surfaces=parts.surfaces,
            spawn=self._desk.spawn,
            changed=self._launches_changed,
            recorded=self._launch_recorded,
            acknowledged=partial(tell_acknowledged, parts.station, str(officer.id)),
            parallel=parts.settings.limits.parallel_launches,
            trace=parts.trace,
            left_signed_on=self._desk.left_signed_on,
        )
        self._holding = Holding(self._desk, parts, self._launches, self._open_again)
        lock = parts.settings.lock.at(parts.settings.station.place)
        self._desk.draw(
            officer=OfficerView(officer.number, officer.display_name, self._accepted.warning),
            systems=systems,
            favourites=favourites,
            my_systems=tuple(entry.id for entry in entries if not entry.on_demand),
            catalogue_faults=len(catalogue.left_out),
            pin_digits=lock.pin_digits if lock.grace_s else 0,
            lock_after_s=lock.idle_s if self.locks else 0.0,
            tells_touches=True,  # the station takes what it cannot see itself
        )
        if catalogue.left_out:
            self._desk.left_out(len(catalogue.left_out))
        if self._provider is not None:
            self._desk.spawn(self._ahead_of_need(self._grants))
        if tickets is not None:
            self._desk.spawn(tickets.keep())
        if self._parts.residue_check:
            self._desk.spawn(self.tell_canaries())

    def serve(self, command: object) -> None:
        """Carry out one command of an officer at work; others are none of its business."""
        launches = self._launches
        if launches is None:
            return
        match command:
            case c.OpenMySystems():
                mine = self._desk.snapshot.my_systems
                self._desk.draw(round=RoundView(mine, time.monotonic()))
                for system in mine:
                    self._open(system)
                self._launches_changed()  # where all are open already, nothing else says that the round is over
            case c.OpenSystem(system=system, at=at):
                self._open(system, at)
            case c.RetrySystem(system=system):
                if (entry := self._entries.get(system)) is not None:
                    launches.open_again(entry)
            case c.SkipSignOff(system=system):
                launches.skip_sign_off(system)
            case c.CloseSystem(system=system):
                launches.close(system)
            case c.GiveCredential() | c.OpenCertificate() | c.GiveNewPassword():
                launches.given(command)
            case c.FunctionKeys(wanted=wanted):
                self._parts.lock_key.spare_f12(wanted)
            case c.SetFavourite(system=system, on=on):
                self._favourite(system, on)
            case c.AskWeek() if not self._reading_week:
                self._reading_week = True
                self._desk.spawn(self._read_week())
            case c.LookedAt(system=system):
                self._parts.outside.let_be()
                launches.looked_at(system)
            case c.BringForward(system=system) if (pid := launches.program(system)) is not None:
                self._desk.spawn(self._parts.outside.bring_forward(pid))
            case _ if self._holding is not None:
                self._holding.serve(command)
            case _:
                pass

    @property
    def grants(self) -> Grants | None:
        """What the officer holds; nothing before the launchpad is made."""
        return self._grants

    def certificates_of(self, system: str) -> tuple[str, ...]:
        """Name the officer's certificates that a system is signed on to with. Raises what hinders its opening, too."""
        names = self._parts.plan(self._entries[system]).grants
        return tuple(name.name for name in names if isinstance(name, CertificateName))

    @property
    def locks(self) -> bool:
        """Whether this officer's screen locks by itself: that of a view-only account need not."""
        never = {group.lower() for group in self._parts.settings.lock.never_groups}
        return not never & self._accepted.officer.groups

    def look_ahead(self) -> None:
        """Learn what the launchpad says besides, now that it stands and responds, and open again what was open."""
        if self._grants is not None:
            self._desk.spawn(self._learn_what_asks(self._grants))
        if self._holding is not None:
            self._holding.launchpad_stands()

    async def leaving(self) -> LeavingView | None:
        """Name what logging off would end; None when nothing is lost by it."""
        running, edited = self.running_programs(), await self.edited()
        return LeavingView(running, edited) if running or edited else None

    def running_programs(self) -> tuple[str, ...]:
        """Return the systems whose program runs."""
        return self._launches.running_programs() if self._launches is not None else ()

    async def edited(self) -> tuple[str, ...]:
        """Return the systems whose page holds something that was typed and not sent; the station is told how many."""
        return await self._holding.look() if self._holding is not None else ()

    def locked(self) -> None:
        """Nobody looks at any system any more."""
        if self._launches is not None:
            self._launches.locked()

    async def renew(self, coming: Callable[[], Awaitable[FreshProof | None]] | None) -> None:
        """Take the fresh proof that comes in the place of the one before; what has expired meanwhile is had with it.

        A session at the provider that has ended is made anew, and only such a one; tokens come by refresh.
        """
        grants = self._grants
        if grants is None:
            return

        async def moved() -> bool:
            return await self._proved_again(grants, await coming() if coming is not None else None)

        await grants.renew(moved)
        if self._parts.residue_check:
            await self.tell_canaries()

    async def _proved_again(self, grants: Grants, fresh: FreshProof | None) -> bool:
        """Take the fresh proof; say whether the browser goes on in the session at the provider that was made for it."""
        officer = self._accepted.officer
        password = fresh.password if fresh is not None and fresh.user_name == officer.user_name else None
        if password:
            self._accepted = replace(self._accepted, password=password)
        sign_in = Credential(officer.user_name, password) if password else None
        grants.proved_again(sign_in)
        if password:
            grants.further.proved_again()
        if grants.tickets is not None:
            grants.tickets.proved_again(sign_in)
        prove_by_road(officer.user_name, password, grants.tickets)
        return fresh is not None and await self._moved(fresh)

    async def _moved(self, fresh: FreshProof) -> bool:
        road, mine = self._provider, fresh.user_name == self._accepted.officer.user_name
        if road is None or not mine or not fresh.cookies:
            return fresh.answer(False)
        if self._parts.residue_check:
            road.note(fresh.cookies)
            self._desk.spawn(self.tell_canaries())
        return await road.moves(fresh)

    def shown(self) -> None:
        """The work is shown again: terminals go on at once."""
        if self._launches is not None:
            self._launches.shown()

    def resumed(self) -> None:
        """The officer is back: each system may have signed them off meanwhile."""
        if self._launches is not None:
            self._launches.resumed()

    async def sign_off(self, within_s: float) -> None:
        """Keep what was chosen last, and end the sessions at the providers, as far as they let us."""
        if self._choosing is not None:
            await self._choosing.keep()
        if self._grants is None or self._further is None:
            return
        confirmed, left = await asyncio.gather(self._grants.end(), self._further.end(within_s))
        for label in left:
            self._desk.left_signed_on(label)
        if not confirmed and self._provider is not None:
            self._desk.left_signed_on(self._provider.label)

    async def end_tickets(self) -> None:
        """Destroy the officer's Kerberos tickets, and lock their card; until now a road out may have needed them."""
        if self._grants is not None and self._grants.tickets is not None:
            self._grants.tickets.end()
        if self._launches is not None:
            await self._launches.end_card()

    async def end_programs(self, *, at_once: bool = False) -> None:
        """End every program the officer started; ``at_once``: without asking them first."""
        if self._launches is not None:
            await (self._launches.end_programs(0.0) if at_once else self._launches.end_programs())

    async def end_terminals(self, within_s: float) -> None:
        """Sign off at every host with a terminal, within the time."""
        if self._launches is not None:
            await self._launches.end_terminals(within_s)

    async def canaries(self) -> m.Canaries:
        """Return, masked, every secret held here; the clear values never leave this process."""
        besides = [*self.besides(), *(self._provider.noted if self._provider is not None else ())]
        return await masked_secrets(self._parts.surfaces, self._grants, self._launches, besides, self.pin)

    # --- the provider

    async def _session_at_provider(self) -> FederatedSession:
        """Return the session of the sign-in, or sign on to the provider with the name and password just proved."""
        if self._provider is None:
            raise ProviderLogonError("There is no force account here.")
        session = self._provider.session
        if session is not None and not self._provider_taken:
            self._provider_taken = True
            return session
        # Asked for again: what was handed out has ended since.
        self._provider_taken = True
        await self._provider.drop()
        if self._accepted.password is None:
            return await self._provider.by_cookies(self._accepted)
        return await self._provider.behind(self._accepted)

    async def _ahead_of_need(self, grants: Grants) -> None:
        """Sign on to the provider while the officer looks at the launchpad; who needs it is told what hindered it."""
        with suppress(LauncherError):
            await grants.provider()

    # --- systems

    async def _learn_what_asks(self, grants: Grants) -> None:
        """Say which of my systems will ask for a name and password."""
        names: list[CredentialName] = []
        for system in self._desk.snapshot.my_systems:
            await asyncio.sleep(0)  # a plan takes a moment, and there may be hundreds
            with suppress(LauncherError):  # said where it is opened
                grants_of = self._parts.plan(self._entries[system]).grants
                names += [name for name in grants_of if isinstance(name, CredentialName)]
        unknown = await grants.unknown(names)
        ready = {view.system for view in self._desk.snapshot.launches if view.state == "ready"}
        self._desk.draw(will_ask=unknown - ready)

    def _plan(self, entry: Entry) -> LaunchPlan:
        """Plan a launch; where a program will work is told before it can have written anything there."""
        plan = self._parts.plan(entry)
        if self._parts.residue_check and isinstance(plan.target, ProgramTarget) and plan.target.cwd:
            self._parts.station.tell(m.WorksIn(folder=plan.target.cwd))
        return plan

    def _open_again(self, system: str) -> bool:
        """Open a system that was open when the last session ended, unless it is for the officer alone to open."""
        entry = self._entries.get(system)
        if entry is None or entry.on_demand:
            return False
        self._open(system)
        return True

    def _open(self, system: str, at: str = "") -> None:
        entry = self._entries.get(system)
        if entry is not None and self._launches is not None:
            self._launches.open(entry, at)

    def _favourite(self, system: str, on: bool) -> None:
        if system not in self._entries or self._choosing is None:
            return
        before = self._desk.snapshot.favourites
        favourites = before | {system} if on else before - {system}
        self._desk.draw(favourites=favourites)
        self._desk.spawn(self._choosing.keep())

    async def _read_week(self) -> None:
        try:
            week = await asyncio.to_thread(lambda: seen_by(self._parts.week(), self._entries))
        except Exception as fault:
            week = WeekView(error=error_view(fault))
        finally:
            self._reading_week = False
        self._desk.draw(week=week)

    def _launches_changed(self) -> None:
        if self._launches is None:
            return
        views = self._launches.views()
        current = self._desk.snapshot.round
        if current is not None and current.took_ms is None:
            states = {view.system: view.state for view in views}
            if not any(states.get(system) in ("queued", "opening", "signing") for system in current.systems):
                current = replace(current, took_ms=(time.monotonic() - current.started) * 1000.0)
        will_ask = self._desk.snapshot.will_ask - {view.system for view in views if view.state == "ready"}
        self._desk.draw(launches=views, tabs=self._launches.tabs, round=current, will_ask=will_ask)
        if self._holding is not None:
            self._holding.changed()

    def _launch_recorded(self, record: LaunchRecord) -> None:
        self._parts.station.tell(m.Recorded(record=record))
        if record.outcome == "ready" and record.again:
            self._desk.signed_off(record.system)
        elif record.outcome == "ready":
            self._desk.ready(record.system, own_ms(record))
        if self._grants is not None and self._grants.store_fault is not None and not self._said_not_kept:
            self._said_not_kept = True
            self._desk.not_kept(record.system, self._grants.store_fault.message)
        if self._parts.residue_check:
            self._desk.spawn(self.tell_canaries())

    async def tell_canaries(self) -> None:
        """Tell the station, masked, what is held now: a session that is killed has no last word."""
        self._parts.station.tell(await self.canaries())
