"""One system of a catalogue file, opened by an officer's launches over real pages, to its outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field

from launcher.bootstrap.parts import CONNECTORS
from launcher.catalogue.entry import Entry
from launcher.connectors.base import plan_of
from launcher.grants.credential import Credential
from launcher.grants.held import Grants
from launcher.grants.store import MemoryStore
from launcher.grants.tickets import Tickets
from launcher.identity.federated import FederatedMethod, FederatedSession
from launcher.identity.officer import Officer, OfficerId
from launcher.identity.proof import Accepted
from launcher.policy.settings import Settings
from launcher.secret import Secret
from launcher.session.further_providers import FurtherProviders
from launcher.session.launches import Launches
from launcher.session.provider import ProviderRoad
from launcher.session.snapshot import LaunchView
from launcher.sign_on.trace import Trace
from launcher.wire.records import LaunchRecord
from tests.servers.people import ALICE, Person
from tests.shell.surfaces.conftest import Desk
from tests.unit.session.launch_desk import entry

OFFICER = OfficerId("local", "id-4471")
WAITS = ("queued", "opening", "signing")


def settings(**sections: object) -> Settings:
    """Return a station's settings with the given sections."""
    common = {"station": {"terminal": "FD-02"}, "sign_in": {"methods": ["local"]}, "local": {}}
    return Settings.model_validate(common | sections)


@dataclass
class Sitting:
    """An officer with systems to open; ``sign_in`` is what they logged on with."""

    desk: Desk
    entries: Mapping[str, str]
    station: Settings
    sign_in: Credential | None = None
    officer: Person = ALICE
    store: MemoryStore = field(default_factory=MemoryStore)
    tickets: Tickets | None = None
    records: list[LaunchRecord] = field(default_factory=list)
    acknowledged: list[tuple[str, str]] = field(default_factory=list)
    trace: Trace = field(default_factory=Trace)

    def __post_init__(self) -> None:
        self.tasks: list[asyncio.Task[None]] = []
        federated = self.station.federated
        self.road = (
            ProviderRoad(FederatedMethod(federated), federated, self.desk.surfaces) if federated is not None else None
        )
        self.grants = Grants(
            OFFICER,
            self.store,
            sign_in=self.sign_in,
            tickets=self.tickets,
            provider=self._at_provider if self.road is not None else None,
        )
        self.read: dict[str, Entry] = {name: entry(name, text) for name, text in self.entries.items()}
        self.further = FurtherProviders(
            self.station.provider,
            self.desk.surfaces,
            accepted=lambda: self._accepted,
            force_account=self.grants.pages_sign_on,
            leads_on=federated.login_origins if federated is not None else (),
            tickets=self.tickets,
            ca_file=self.station.web.private_ca_file,
            trace=lambda _: self.trace,
        )
        self.grants.further = self.further.sessions
        self.launches = self.desk.run(self._begin())

    async def _at_provider(self) -> FederatedSession:
        assert self.road is not None
        return await self.road.behind(self._accepted)

    @property
    def _accepted(self) -> Accepted:
        name = self.sign_in.user_name if self.sign_in is not None else "4471"
        officer = Officer(OFFICER, name, self.officer.number, self.officer.name, frozenset())
        return Accepted(officer, "local", self.sign_in.password if self.sign_in is not None else None)

    async def _begin(self) -> Launches:
        def spawn(work: Coroutine[None, None, None]) -> asyncio.Task[None]:
            self.tasks.append(asyncio.get_running_loop().create_task(work))
            return self.tasks[-1]

        return Launches(
            officer_name="4471",
            plan=lambda one: plan_of(CONNECTORS, one, self.station),
            grants=self.grants,
            surfaces=self.desk.surfaces,
            spawn=spawn,
            changed=lambda: None,
            recorded=self.records.append,
            acknowledged=lambda system, page: self.acknowledged.append((system, page)),
            parallel=4,
            trace=lambda _: self.trace,
            left_signed_on=lambda _: None,
        )

    def open(self, system: str) -> LaunchView:
        """Open a system and wait until it is ready, has failed, or needs the officer."""
        self.does(lambda: self.launches.open(self.read[system]))
        return self.until_it_stands(system)

    def until_it_stands(self, system: str) -> LaunchView:
        self.desk.until(lambda: self.view(system).state not in WAITS)
        return self.view(system)

    def view(self, system: str) -> LaunchView:
        """Return an opening as it stands between two steps of the engine: its record is made by then, too."""

        async def in_the_loop() -> LaunchView:
            return next(one for one in self.launches.views() if one.system == system)

        return self.desk.start(in_the_loop()).result(10)

    def does(self, act: object) -> None:
        """Do something in the engine's loop."""

        async def in_the_loop() -> None:
            assert callable(act)
            act()

        self.desk.run(in_the_loop())

    def close(self) -> None:
        """Close every system and wait for what is done for it."""

        async def end() -> None:
            for system in self.launches.tabs:
                self.launches.close(system)
            if self.tasks:
                await asyncio.wait(self.tasks)
            if self.road is not None:
                await self.road.end(5.0)

        self.desk.run(end())


def own(user_name: str, password: str) -> Credential:
    return Credential(user_name, Secret(password))
