"""One log-on opens all systems of the demo, by name and password and by the provider's page, without a screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from launcher.bootstrap.parts import session_parts
from launcher.bootstrap.where import Where
from launcher.demo.content import SYSTEMS
from launcher.demo.prepared import enrol
from launcher.grants.keeping import credential_store
from launcher.residue import Patterns
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.end import end_descendants
from launcher.session.provider import SURFACE
from launcher.session.session import Inbox, Message, Session
from launcher.wire import messages as m
from tests.servers.visitor import Page
from tests.unit.demo.conftest import Served
from tests.unit.demo.visiting import VisitorDriver, VisitorSurfaces
from tests.unit.session.bench import PaperSurfaces, Running, Watched, subreaper

ALL = {one.id for one in SYSTEMS}


@dataclass
class Station:
    """The demo's station files, over the running servers."""

    where: Where
    served: Served

    @asynccontextmanager
    async def session(self, *, residue_check: bool = False) -> AsyncIterator[tuple[Running, VisitorSurfaces]]:
        watched, inbox = Watched(), asyncio.Queue[Message]()
        surfaces = VisitorSurfaces(self.served.addresses.ca_file)
        watched.inbox = inbox
        with subreaper() as others:
            parts = session_parts(
                self.where,
                self.where.settings(),
                surfaces=surfaces,
                screen=watched,
                station=watched,
                residue_check=residue_check,
            )
            session = Session(replace(parts, end_below=partial(end_descendants, spared=others)))
            task = asyncio.create_task(session.run(cast(Inbox, inbox)))
            running = Running(inbox, watched, cast(PaperSurfaces, surfaces), task)
            try:
                yield running, surfaces
            finally:
                running.send(m.End(reason="station-stopping", deadline_ms=1000))
                await running.ended()
            assert surfaces.released
            assert asyncio.all_tasks() == {asyncio.current_task()}

    def log_on(self, number: int = 0, password: str = "") -> c.SubmitPassword:
        officer = self.served.officers[number]
        return c.SubmitPassword("local", officer.user_name, Secret(password or officer.password))


@pytest.fixture
def station(served: Served, tmp_path: Path) -> Iterator[Station]:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    file = served.station_in(tmp_path)
    asyncio.run(enrol(credential_store("file", state), served.officers, served.estate))
    yield Station(Where(file, state), served)
    for one in served.estate.apps.values():
        if hasattr(one.state, "sessions"):
            one.state.sessions.expire_all()


def secrets_of(served: Served) -> list[str]:
    accounts = [account for one in served.officers for account in one.accounts.values()]
    return [
        *(one.password for one in served.officers),
        *(one.password for one in accounts),
        *(one.otp_seed for one in accounts if one.otp_seed),
    ]


def test_one_log_on_opens_every_system_without_a_prompt(station: Station) -> None:
    async def play() -> None:
        async with station.session(residue_check=True) as (here, surfaces):
            here.send(m.Show(), station.log_on())
            now = await here.until(lambda now: now.stage == "signed-in")
            assert set(now.my_systems) == ALL
            here.send(c.LaunchpadResponds(), c.OpenMySystems())
            now = await here.until(lambda now: now.round is not None and now.round.took_ms is not None)
            assert {one.system: one.state for one in now.launches} == dict.fromkeys(ALL, "ready"), now.launches
            records = here.watched.launch_records()
            assert sorted(one.system for one in records) == sorted(ALL)
            assert {one.prompts for one in records} == {0}
            assert {one.sign_on for one in records} == {
                "federated", "form", "endpoint", "certificate", "basic", "token", "program", "password",
            }  # fmt: skip
            assert SURFACE not in surfaces.shown  # the provider was signed on to out of sight, and once
            assert surfaces.ever.count(SURFACE) == 1
            assert SURFACE not in surfaces.open
            said = here.watched.everything()
            assert not [one for one in secrets_of(station.served) if one in said]
            cookies = [cookie.value or "" for cookie in surfaces.cookies]
            assert cookies
            assert not [one for one in cookies if one in said]
            hosts = station.served.estate.accounts
            on_hosts = {system: list(one.signed_on.values()) for system, one in hosts.items()}
            assert on_hosts == {system: [station.served.account(system).user_name] for system in hosts}
            here.send(c.LogOff(confirmed=True))
            await here.ended()
            # The line of a 3270 that is only closed stays signed on for whoever calls next.
            assert [one.signed_on for one in hosts.values()] == [{}, {}]
            assert here.watched.of(m.LeftSignedOn) == []
            # What the hosts were given is searched for like everything else.
            last = Patterns.from_wire(here.watched.of(m.Canaries)[-1])
            for system in hosts:
                assert last.found_in(station.served.account(system).password.encode()), system

    asyncio.run(play())


async def at_provider(here: Running, surfaces: VisitorSurfaces) -> VisitorDriver:
    """Wait for the provider's page and its form."""
    await here.until(lambda now: now.sign_in.form == "provider" and now.sign_in.surface == SURFACE)
    async with asyncio.timeout(20):
        page = await surfaces.next_page()
        await page.asks()
    return page


def test_the_providers_own_page_is_a_log_on_too(station: Station) -> None:
    officer = station.served.officer

    async def play() -> None:
        async with station.session() as (here, surfaces):
            here.send(m.Show(), c.StartProvider("federated"))
            page = await at_provider(here, surfaces)
            await page.prove(username=officer.user_name, password="wrong-at-the-provider")
            assert here.now.sign_in.busy  # the provider says so itself, on its page
            await page.prove(username=officer.user_name, password=officer.password)
            now = await here.until(lambda now: now.stage == "signed-in")
            assert now.officer is not None
            assert (now.officer.number, now.sign_in.surface) == (officer.user_name, "")
            here.send(c.LaunchpadResponds(), c.OpenSystem("custody-record"), c.OpenSystem("vehicle-records"))
            await here.launch("custody-record", "ready")
            await here.launch("vehicle-records", "ready")
            here.send(c.OpenSystem("intelligence-reports"))  # takes the password of a log-on, and there was none
            asked = await here.launch("intelligence-reports", "needs")
            assert asked.needs == "credential"
            here.send(c.GiveCredential("intelligence-reports", officer.user_name, Secret(officer.password)))
            await here.launch("intelligence-reports", "ready")
            assert surfaces.ever.count(SURFACE) == 1
            assert here.watched.sign_in_records()[0].method == "federated"
            assert officer.password not in here.watched.everything()

    asyncio.run(play())


def test_the_providers_page_is_left_and_a_name_belongs_to_the_next_process(station: Station) -> None:
    async def play() -> None:
        async with station.session() as (here, surfaces):
            here.send(m.Show(), c.StartProvider("federated"))
            await at_provider(here, surfaces)
            # The provider may know by now who it was: whoever comes next is served by the next process.
            here.send(c.CancelSignIn(), c.StartProvider("federated"), station.log_on(1))
            await here.ended()
            assert surfaces.ever == [SURFACE]
            assert [one.why for one in here.watched.of(m.ReplaceMe)] == ["cancelled"]
            assert [one.outcome for one in here.watched.sign_in_records()] == ["cancelled"]
            assert here.watched.of(m.SignedIn) == []

    asyncio.run(play())


def test_a_provider_that_knows_another_officer_serves_nobody_else(station: Station) -> None:
    other = station.served.officers[1]

    async def play() -> None:
        async with station.session() as (here, surfaces):
            # A session of somebody else's at the provider, in this browser's jar.
            foreign = station.served.visitor(cookies=surfaces.cookies)
            start: Page = foreign.open(station.served.origin("custody-record") + "/")
            fields = {"username": other.user_name, "password": other.password}
            foreign.submit(start, start.form(containing="password"), fields)
            here.send(m.Show(), station.log_on())
            await here.until(lambda now: now.stage == "signed-in")
            here.send(c.OpenSystem("custody-record"), c.OpenSystem("vehicle-records"))
            for system in ("custody-record", "vehicle-records"):
                failed = await here.launch(system, "failed")
                assert failed.error is not None
                assert failed.error.reference == "provider-other-officer"
                here.send(c.RetrySystem(system))
                await here.heard(lambda system=system: sum(
                    one.system == system for one in here.watched.launch_records()) == 2
                )  # fmt: skip
            assert surfaces.ever.count(SURFACE) == 1  # and it is not tried again by itself

    asyncio.run(play())


def test_a_provider_session_that_ended_is_made_anew(station: Station) -> None:
    provider = station.served.estate.provider

    async def play() -> None:
        async with station.session() as (here, surfaces):
            here.send(m.Show(), station.log_on())
            await here.until(lambda now: now.stage == "signed-in")
            here.send(c.OpenSystem("custody-record"))
            await here.launch("custody-record", "ready")
            provider._refresh.clear()
            here.send(c.OpenSystem("vehicle-records"))
            failed = await here.launch("vehicle-records", "failed")
            assert failed.error is not None
            assert failed.error.reference == "provider-session-ended"
            here.send(c.RetrySystem("vehicle-records"))
            await here.launch("vehicle-records", "ready")
            assert surfaces.ever.count(SURFACE) == 2

    asyncio.run(play())


def test_a_provider_session_of_a_log_on_is_not_given_out_twice(station: Station) -> None:
    officer, provider = station.served.officer, station.served.estate.provider

    async def play() -> None:
        async with station.session() as (here, surfaces):
            here.send(m.Show(), c.StartProvider("federated"))
            page = await at_provider(here, surfaces)
            await page.prove(username=officer.user_name, password=officer.password)
            await here.until(lambda now: now.stage == "signed-in")
            provider._refresh.clear()
            here.send(c.OpenSystem("vehicle-records"))
            await here.launch("vehicle-records", "failed")
            here.send(c.RetrySystem("vehicle-records"))
            await here.heard(lambda: len(here.watched.launch_records()) == 2)
            references = [one.reference for one in here.watched.launch_records()]
            # The one that has ended is not given out again; the provider still knows the browser, and makes a new one.
            assert references == ["provider-session-ended", None]
            assert surfaces.ever.count(SURFACE) == 2
            assert surfaces.shown.count(SURFACE) == 1

    asyncio.run(play())


def test_a_password_the_provider_does_not_take_is_sent_once(station: Station, served: Served) -> None:
    file = station.where.station
    file.write_text(file.read_text().replace('value = "{password}"', 'value = "not-{password}"'))

    async def play() -> None:
        async with station.session() as (here, surfaces):
            here.send(m.Show(), station.log_on())
            await here.until(lambda now: now.stage == "signed-in")
            for _ in range(2):
                here.send(c.RetrySystem("custody-record"), c.OpenSystem("vehicle-records"))
                failed = await here.launch("custody-record", "failed")
                assert failed.error is not None
                assert failed.error.reference == "provider-not-signed-on"
                await here.launch("vehicle-records", "failed")
            assert surfaces.ever.count(SURFACE) == 1
            assert SURFACE not in surfaces.open
            here.send(c.OpenSystem("missing-persons"))  # what needs no provider opens all the same
            await here.launch("missing-persons", "ready")

    asyncio.run(play())
