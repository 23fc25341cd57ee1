"""Launches without a session: real grants, plans, entries and drivers, over paper pages of systems that end."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from launcher.bootstrap.parts import CONNECTORS
from launcher.catalogue.entry import Entry, read_entry
from launcher.connectors.base import kinds_of, plan_of
from launcher.grants.credential import Credential
from launcher.grants.held import Grants
from launcher.grants.store import MemoryStore
from launcher.identity.federated import AccessToken
from launcher.identity.federated.errors import ProviderSessionEnded
from launcher.identity.officer import OfficerId
from launcher.policy.settings import Settings
from launcher.policy.toml_text import TomlText, parse_toml
from launcher.secret import Secret
from launcher.session import signed_off
from launcher.session.launches import Launches
from launcher.session.snapshot import LaunchView
from launcher.wire.records import LaunchRecord
from tests.contract.drivers.paper import PaperDriver
from tests.contract.drivers.site import NAME, PASSWORD, TOKEN, Site, served
from tests.unit.grants.test_one_time import Clock
from tests.unit.session.bench import PaperSurfaces, page
from tests.unit.session.ending_site import PROVIDER, EndingProvider, EndingSite

WITHIN_S = 60.0
OFFICER = OfficerId("local", "id-4471")
OWN = Credential(NAME, Secret(PASSWORD))
SETTINGS = Settings.model_validate(
    {
        "station": {"terminal": "FD-02"},
        "sign_in": {"methods": ["local"]},
        "local": {},
        "programs": {"executables": [sys.executable]},
        "federated": {"authority": f"{PROVIDER}/oidc", "client_id": "station"},
    }
)


def look_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a look at a page pause for no longer than a test need wait."""
    for pause in ("LOOK_S", "STAYS_S"):
        monkeypatch.setattr(signed_off, pause, 0.002)


class Source:
    """A session at the paper provider, with the token of the sites."""

    def __init__(self, provider: EndingProvider) -> None:
        self._provider = provider

    async def token(self, scopes: tuple[str, ...]) -> AccessToken:
        if not self._provider.alive:
            raise ProviderSessionEnded("The session at the provider has ended.")
        return AccessToken(Secret(TOKEN), 1e12, scopes, 0.0)

    async def end(self) -> bool:
        return True

    def secrets(self) -> tuple[Secret, ...]:
        return ()


@dataclass
class Desk:
    """An officer's launches over paper pages, with real grants, plans and entries."""

    entries: Mapping[str, Entry]
    surfaces: PaperSurfaces
    grants: Grants
    provider: EndingProvider
    records: list[LaunchRecord] = field(default_factory=list)
    acknowledged: list[tuple[str, str]] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """The page that the entries open."""
        return plan_of(CONNECTORS, next(iter(self.entries.values())), SETTINGS).url

    @property
    def again(self) -> list[str]:
        """The systems that were signed on again, in order."""
        return [one.system for one in self.records if one.again]

    def build(self, spawn: Callable[[Coroutine[None, None, None]], asyncio.Task[None]], parallel: int) -> None:
        self.launches = Launches(
            officer_name="4471",
            plan=lambda entry: plan_of(CONNECTORS, entry, SETTINGS),
            grants=self.grants,
            surfaces=self.surfaces,
            spawn=spawn,
            changed=self._note,
            recorded=self.records.append,
            acknowledged=lambda system, page: self.acknowledged.append((system, page)),
            parallel=parallel,
            trace=lambda _: None,
            left_signed_on=lambda _: None,
        )

    def _note(self) -> None:
        self.states += [one.state for one in self.launches.views() if one.state != (self.states or [""])[-1]]
        self.changed.set()

    def view(self, system: str) -> LaunchView:
        return next(one for one in self.launches.views() if one.system == system)

    def tab(self, system: str) -> PaperDriver:
        return self.surfaces.open[system]

    async def until(self, holds: Callable[[], object]) -> None:
        try:
            async with asyncio.timeout(WITHIN_S):
                while not holds():
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            pytest.fail(f"it never came: {self.launches.views()}")

    async def opened(self, *systems: str) -> None:
        """Open systems and wait until each is ready."""
        for system in systems:
            self.launches.open(self.entries[system])
        await self.until(lambda: all(self.view(system).state == "ready" for system in systems))
        self.states.clear()

    async def stands_at(self, place: str) -> None:
        """Wait until the look at the one system has seen it ready at this address; its pages are :func:`moving`."""
        (opening,) = self.launches._openings.values()
        await self.until(lambda: opening.places[-1:] == ((place, True),))

    async def look_over(self, system: str) -> None:
        """Wait until the look at a system has come to its end."""
        looking = self.launches._openings[system].looked_at
        assert looking is not None
        await asyncio.wait({looking}, timeout=WITHIN_S)
        assert looking.done()


@asynccontextmanager
async def desk(
    entries: Mapping[str, str],
    sites: Mapping[str, Site],
    *,
    sign_in: Credential | None = OWN,
    kept: Credential | None = OWN,
    parallel: int = 4,
    clock: Clock | None = None,
) -> AsyncIterator[Desk]:
    provider = next((site for site in sites.values() if isinstance(site, EndingProvider)), EndingProvider())

    async def obtain() -> Source:
        provider.made += 1
        provider.alive = True
        return Source(provider)

    store = MemoryStore()
    if kept is not None:
        for system in entries:
            await store.put(OFFICER, system, kept)
    grants = Grants(OFFICER, store, sign_in=sign_in, provider=obtain)
    if clock is not None:
        grants = Grants(OFFICER, store, sign_in=sign_in, provider=obtain, now=clock, sleep=clock.sleep)
    here = Desk({name: entry(name, text) for name, text in entries.items()}, PaperSurfaces(sites), grants, provider)
    async with asyncio.TaskGroup() as work:
        here.build(work.create_task, parallel)
        yield here
        for system in here.launches.tabs:
            here.launches.close(system)  # which ends every task of it, or the group is never left


def entry(name: str, text: str) -> Entry:
    source = parse_toml(Path(f"{name}.toml"), text)
    assert isinstance(source, TomlText), source
    found = read_entry(source, kinds_of(CONNECTORS))
    assert isinstance(found, Entry), found
    return found


@contextmanager
def custody(**switches: bool) -> Iterator[tuple[str, EndingSite]]:
    """The system on a port, for whoever asks whether it is there, and by call, for the paper pages."""
    site = EndingSite(**switches)
    with served(site) as origin:
        yield origin, site


def form(origin: str, *, more: str = "") -> str:
    """An entry of the system, whose logon is a form."""
    return page(origin, "/start", more=more)


def moving(here: Desk) -> None:
    """Let the pages really go where they are sent, and stand where they say they do."""
    surfaces = here.surfaces

    async def follow(surface: str, url: str) -> None:
        surfaces.note(f"follow {surface} {url}")
        await surfaces.open[surface].load(url)

    def address(surface: str) -> str:
        here.changed.set()  # who asks is about to note it
        return f"http://{surfaces.open[surface].last_seen().partition(',')[0]}" if surface in surfaces.open else ""

    surfaces.follow, surfaces.address = follow, address  # type: ignore[method-assign]


async def signs_off(here: Desk, site: EndingSite, *systems: str) -> None:
    """End the session at the server, and let the pages notice it by themselves."""
    site.alive = False
    for system in systems or ("custody",):
        await here.tab(system).load(here.url)
