"""The demo's servers, run for a module's tests in a thread of their own."""

from __future__ import annotations

import asyncio
import gc
import shutil
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.demo.content import OWN_ACCOUNTS, PROGRAMS, SYSTEMS, TERMINALS, WITH_CODE, DemoSystem
from launcher.demo.estate import Estate
from launcher.demo.files import Appearance, write_station
from launcher.demo.people import Account, DemoOfficer, make_officers
from launcher.demo.web import Sessions
from launcher.policy.federation_settings import FederatedSettings
from launcher.policy.station_file import load
from tests.servers.visitor import Page, Visitor

WEB = tuple(one for one in SYSTEMS if one not in (*PROGRAMS, *TERMINALS) and one.how != "certificate")
"""Those that a visitor walks into without a certificate."""


class Served:
    """A running estate and its first officer. ``folder`` takes one copy of the station's files."""

    def __init__(self, estate: Estate, officers: tuple[DemoOfficer, ...], folder: Path) -> None:
        self.estate = estate
        self.officers = officers
        self.officer = officers[0]
        self.addresses = estate.addresses
        self._folder = folder

    def station_in(self, folder: Path) -> Path:
        """Write the station's files into a test's own folder, and return its own file.

        They are made once: the officers' passwords are hashed there, which takes longer than most tests.
        """
        if not self._folder.exists():
            self._folder.mkdir()
            write_station(self._folder, self.addresses, self.officers, Appearance())
        shutil.copytree(self._folder, folder, dirs_exist_ok=True)
        return folder / "station.toml"

    def origin(self, system: DemoSystem | str) -> str:
        return self.addresses.systems[system if isinstance(system, str) else system.id]

    @property
    def provider_origin(self) -> str:
        return self.addresses.issuer.rsplit("/", 1)[0]

    def visitor(self, **more: object) -> Visitor:
        return Visitor(self.addresses.ca_file, **more)  # type: ignore[arg-type]

    def account(self, system: DemoSystem | str) -> Account:
        """The officer's name and password for a system: its own, or those of the sign-in."""
        own = self.officer.accounts.get(system if isinstance(system, str) else system.id)
        return own or Account(self.officer.user_name, self.officer.password)

    def sessions(self, system: str) -> Sessions:
        found: Sessions = self.estate.apps[system].state.sessions
        return found

    def at_provider(self, visitor: Visitor, page: Page, password: str = "") -> Page:
        """Fill in the provider's page and follow where it leads."""
        fields = {"username": self.officer.user_name, "password": password or self.officer.password}
        return visitor.submit(page, page.form(containing="password"), fields)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the estate on loopback until the module's tests are done."""
    officers = make_officers(OWN_ACCOUNTS, WITH_CODE)
    estate = Estate(tmp_path_factory.mktemp("estate"), officers)
    begun = threading.Event()
    stops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        stop, ready = asyncio.Event(), asyncio.Event()
        stops.append((asyncio.get_running_loop(), stop))
        serving = asyncio.create_task(estate.run(stop, ready))
        await ready.wait()
        begun.set()
        await serving

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="estate")
    thread.start()
    assert begun.wait(30), "the estate did not start"
    try:
        yield Served(estate, officers, tmp_path_factory.mktemp("files") / "station")
    finally:
        loop, stop = stops[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)
        with warnings.catch_warnings():
            # A connection that was still being closed when the servers' loop ended says so when it is collected.
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


@pytest.fixture
def settings(served: Served, tmp_path: Path) -> FederatedSettings:
    """How officers are signed in at the estate's provider, as the station's own file says it."""
    found = load(served.station_in(tmp_path)).federated
    assert found is not None
    return found
