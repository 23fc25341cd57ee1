"""All that a session has to do with the hub, in one place: each message goes to the part whose business it is."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from launcher.hub_client.officer import OfficerRoad
from launcher.identity.officer import Officer
from launcher.identity.proof import Accepted
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.hub.at_hub import AtHub
from launcher.session.hub.at_terminal import AtTerminal
from launcher.session.hub.barred import Barred
from launcher.session.hub.desk import HubDesk
from launcher.session.hub.doing import AtWork, Doing
from launcher.session.hub.errors import OfficerSuspended
from launcher.session.hub.for_officer import ForOfficer
from launcher.session.hub.open_systems import OpenTold
from launcher.session.hub.second import Second
from launcher.session.hub.telling import Telling
from launcher.session.hub.views import HubView
from launcher.session.parts import Parts
from launcher.session.ports import Station
from launcher.session.provider_roads import ProviderRoads
from launcher.session.sign_in import proved_by
from launcher.session.snapshot import Snapshot
from launcher.wire import hub_messages as h
from launcher.wire import messages as m
from launcher.wire.records import LaunchRecord, Record

if TYPE_CHECKING:
    from launcher.session.helpdesk.panel import Helpdesk

COUNTED_EACH_S = 2.0


class NotingStation:
    """The road to the station, on which the hub's parts see the records go by."""

    def __init__(self, station: Station, hub: SessionHub) -> None:
        self._station = station
        self._hub = hub

    def tell(self, message: Record) -> None:
        """Send one message, and note what was timed."""
        self._station.tell(message)
        if isinstance(message, m.Recorded):
            self._hub.recorded(message.record)

    def painted(self) -> None:
        """Say that the sign-in screen is painted."""
        self._station.painted()


class SessionHub:
    """The parts, as far as there is something for them: an officer's begin with their launchpad."""

    def __init__(self, desk: HubDesk, parts: Parts) -> None:
        self._desk = desk
        self._parts = parts
        station = parts.station
        self._terminal = AtTerminal(desk, station)
        self._telling = Telling(desk, station)
        self._barred = Barred()
        self._open = OpenTold(station)
        self.second = Second(desk, station)
        self._officer: Officer | None = None
        self._sitting: AtWork | None = None
        self._for_officer: ForOfficer | None = None
        self._doing: Doing | None = None
        self._at_hub: AtHub | None = None
        self._helpdesk: Helpdesk | None = None
        self._locked = False

    def noting(self) -> Parts:
        """Return the session's parts, with a road to the station on which records are noted."""
        return replace(self._parts, station=NotingStation(self._parts.station, self))

    async def admit(self, officer: Officer, roads: ProviderRoads) -> None:
        """Pass who may come in; who may not is sent away from the provider, too. Raises :class:`OfficerSuspended`."""
        try:
            self._barred.admit(officer)
        except OfficerSuspended:
            if roads.current is not None:
                await roads.current.leave()
            raise

    @property
    def suspended(self) -> bool:
        """Whether the officer of this session is suspended: their PIN opens nothing any more."""
        return self._officer is not None and self._barred.holds(self._officer)

    def entered(self, accepted: Accepted, sitting: AtWork, roads: ProviderRoads) -> None:
        """Begin what is the officer's."""
        self._officer, self._sitting = accepted.officer, sitting
        self._for_officer = ForOfficer(self._desk, self._parts.station)
        self._doing = Doing(self._desk, self._parts.station, sitting, roads, self._for_officer)
        if sitting.grants is not None:
            self._at_hub = AtHub(
                self._desk,
                self._parts,
                sitting.grants,
                self._roles,
                self._for_officer.earlier,
                federated=proved_by(accepted) == "federated",
            )
        self._terminal.ask(False)
        self._desk.spawn(self._keep_counting(sitting))

    async def _keep_counting(self, sitting: AtWork) -> None:
        """Keep the count of unsaved pages fresh, where somebody else may look at it."""
        while True:
            await asyncio.sleep(COUNTED_EACH_S)
            if self._desk.snapshot.hub is not None and self._desk.snapshot.hub.enrolled:
                await sitting.edited()

    def launchpad_responds(self) -> None:
        """Begin what waits until the officer has their launchpad."""
        if self._at_hub is not None:
            self._at_hub.begin()

    def _roles(self, roles: tuple[str, ...], supervisor: bool, road: OfficerRoad | None) -> None:
        """Take the officer's roles as they are now; who has one of the helpdesk's has its panel."""
        if self._helpdesk is None and road is not None and (supervisor or set(roles) - {"officer"}):
            from launcher.session.helpdesk.panel import Helpdesk  # late: most officers have no such role

            self._helpdesk = Helpdesk(self._desk)
        if self._helpdesk is not None:
            self._helpdesk.roles(roles, supervisor, road)
        if self._parts.residue_check and self._sitting is not None:
            self._desk.spawn(self._sitting.tell_canaries())

    def secrets(self) -> tuple[Secret, ...]:
        """Return what is held of the hub's, for a residue check."""
        return self._at_hub.secrets() if self._at_hub is not None else ()

    def recorded(self, record: Record) -> None:
        """Note a record that was told to the station."""
        self._telling.recorded(record)
        if isinstance(record, LaunchRecord):
            self._open.recorded(record)

    def drawn(self, snapshot: Snapshot) -> None:
        """Look at a new picture for what the hub is told of it."""
        if self._doing is not None:
            self._open.drawn(snapshot)
        locked = snapshot.stage == "locked"
        if locked != self._locked:
            self._locked = locked
            if locked and self._helpdesk is not None:
                self._helpdesk.locked()
            if not locked and self._at_hub is not None:
                self._at_hub.back()

    async def end(self) -> None:
        """Tell nothing more, and end the officer's session at the hub; a second is waited for that, no longer."""
        self._open.end()
        if self._helpdesk is not None:
            self._helpdesk.end()
        if self._at_hub is not None:
            await self._at_hub.end()

    def serve(self, message: object) -> bool:
        """Carry out what is the hub's business; False for all else."""
        return self._of_terminal(message) or self._of_officer(message) or self._of_helpdesk(message)

    def _of_helpdesk(self, message: object) -> bool:
        return self._helpdesk is not None and self._helpdesk.serve(message)

    def _of_terminal(self, message: object) -> bool:
        was_there = (self._desk.snapshot.hub or HubView()).reachable
        if isinstance(message, h.HubState) and message.reachable and not was_there and self._at_hub is not None:
            self._at_hub.ask_again()  # it is back
        if self._terminal.serve(message):
            return True
        match message:
            case h.BarredHere():
                self._barred.take(message)
            case h.ToldHere():
                self._telling.answered(message)
            case c.TellHelpdesk(reference=reference, system=system):
                self._telling.tell(reference, system)
            case c.RefuseSecond():
                self.second.refused()
            case _:
                return False
        return True

    def _of_officer(self, message: object) -> bool:
        officer, doing = self._for_officer, self._doing
        if officer is None or doing is None:
            return isinstance(message, _OFFICERS)  # said too late, or too early: there is nobody to hear it
        match message:
            case h.StillLoggedOn():
                officer.still_logged_on(message)
            case c.LeaveElsewhere(sitting=sitting):
                officer.leave(sitting)
            case c.BringHere(sitting=sitting):
                officer.bring(sitting)
            case h.BroughtHere():
                officer.brought(message)
            case h.MessageHere():
                officer.message(message)
            case c.AcknowledgeMessage(command=command):
                officer.read(command)
            case h.DeedHere():
                officer.deed(message)
            case h.DoHere():
                doing.do(message)
            case h.RolesChanged() if self._at_hub is not None:
                self._at_hub.ask_again()
            case h.VouchedHere() if self._at_hub is not None:
                self._at_hub.vouched(message)
            case _:
                return False
        return True


_OFFICERS = (
    h.StillLoggedOn, h.BroughtHere, h.MessageHere, h.DeedHere, h.DoHere, h.VouchedHere, h.RolesChanged,
    c.LeaveElsewhere, c.BringHere, c.AcknowledgeMessage,
)  # fmt: skip
