"""Officers of another force: known by name or picked, signed in at their own force's provider, a real one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from launcher.bootstrap.parts import session_parts
from launcher.bootstrap.where import Where
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.end import end_descendants
from launcher.session.fresh_proof import ProofListener
from launcher.session.provider import SURFACE
from launcher.session.session import Inbox, Message, Session
from launcher.wire import messages as m
from tests.servers.certificates import Certificates
from tests.servers.oidc import CLIENT_ID, OidcProvider
from tests.servers.people import ALICE, PASSWORD
from tests.unit.demo.conftest import Served
from tests.unit.demo.visiting import VisitorDriver, VisitorSurfaces
from tests.unit.session.bench import WITHIN_S, PaperSurfaces, Running, Watched, subreaper

NAME = f"{ALICE.uid}@Northshire.example"
MISTYPED = "meant-for-northshire-alone"
FORCE = """
[[force]]
name = "northshire"
label = "Northshire Police"
domains = ["northshire.example"]
authority = "{issuer}"
client_id = "{client}"
ca_file = "northshire.pem"
number_claim = "number"
"""


class Desk:
    """The demo's station, whose neighbour has a provider of its own."""

    def __init__(self, served: Served, provider: OidcProvider, certificates: Certificates, folder: Path) -> None:
        self.served = served
        self.provider = provider
        station = served.station_in(folder)
        (folder / "northshire.pem").write_bytes(certificates.ca.read_bytes())
        station.write_text(station.read_text() + FORCE.format(issuer=provider.issuer, client=CLIENT_ID))
        (folder / "both.pem").write_bytes(served.addresses.ca_file.read_bytes() + certificates.ca.read_bytes())
        state = folder / "state"
        state.mkdir(mode=0o700)
        self.where = Where(station, state)
        self._both = folder / "both.pem"

    @asynccontextmanager
    async def session(self) -> AsyncIterator[tuple[Running, VisitorSurfaces]]:
        watched, inbox = Watched(), asyncio.Queue[Message]()
        surfaces = VisitorSurfaces(self._both)
        watched.inbox = inbox
        with subreaper() as others:
            parts = session_parts(self.where, self.where.settings(), surfaces=surfaces, screen=watched, station=watched)
            session = Session(replace(parts, end_below=partial(end_descendants, spared=others)))
            task = asyncio.create_task(session.run(cast(Inbox, inbox)))
            running = Running(inbox, watched, cast(PaperSurfaces, surfaces), task)
            try:
                yield running, surfaces
            finally:
                running.send(m.End(reason="station-stopping", deadline_ms=1000))
                await running.ended()

    async def at_northshire(self, here: Running, surfaces: VisitorSurfaces) -> VisitorDriver:
        """Wait for the other force's page and its form."""
        now = await here.until(lambda now: now.sign_in.form == "provider" and now.sign_in.surface == SURFACE)
        assert now.sign_in.provider == "Northshire Police"
        async with asyncio.timeout(20):
            page = await surfaces.next_page()
            await page.asks()
        assert page.last_seen().startswith("localhost")
        return page

    async def prove(self, page: VisitorDriver) -> None:
        await page.fill("#username", Secret(ALICE.uid))
        await page.fill("#password", Secret(PASSWORD))
        await page.press("#submit", "")

    async def signed_in(self, here: Running, page: VisitorDriver) -> None:
        await self.prove(page)
        await here.until(lambda now: now.stage == "signed-in")


@pytest.fixture
def desk(served: Served, fresh_provider: OidcProvider, certificates: Certificates, tmp_path: Path) -> Desk:
    return Desk(served, fresh_provider, certificates, tmp_path)


def test_a_typed_name_leads_to_the_officers_own_force_and_no_password_goes_anywhere_else(desk: Desk) -> None:
    async def play() -> None:
        async with desk.session() as (here, surfaces):
            here.send(m.Show(), c.SubmitPassword("local", NAME, Secret(MISTYPED)))
            page = await desk.at_northshire(here, surfaces)
            await desk.signed_in(here, page)
            (said,) = here.watched.of(m.SignedIn)
            assert said.officer.startswith(desk.provider.issuer)
            assert ALICE.sub in said.officer
            assert said.number == f"{ALICE.number}@northshire.example"
            assert said.user_name == f"{ALICE.uid}@northshire.example"
            assert desk.provider.attempts(ALICE.uid).right == 1
            assert MISTYPED not in here.watched.everything()
            here.send(c.LogOff(confirmed=True))
            await here.ended()
            assert here.watched.of(m.LeftSignedOn) == [m.LeftSignedOn(systems=("Northshire Police",))]

    asyncio.run(play())


def test_a_picked_force_is_asked_for_again_by_the_screen_that_follows(desk: Desk) -> None:
    async def play() -> None:
        async with desk.session() as (here, _):
            here.send(m.Show(), c.SubmitPassword("local", "4471", Secret("wrong")))
            await here.until(lambda now: now.sign_in.error is not None)
            here.send(c.StartProvider("force:northshire"))
            await here.ended()
            (asked,) = here.watched.of(m.ReplaceMe)
            assert (asked.why, asked.name) == ("page-asked", "@northshire.example")
        async with desk.session() as (here, surfaces):
            here.send(m.Show(name=asked.name, focus="provider"))
            await desk.signed_in(here, await desk.at_northshire(here, surfaces))
            (said,) = here.watched.of(m.SignedIn)
            assert said.officer.startswith(desk.provider.issuer)

    asyncio.run(play())


def test_over_their_locked_session_the_proof_is_their_own_forces_too(desk: Desk) -> None:
    locked = m.LockedSession(
        number=ALICE.number, name=ALICE.name, user_name=NAME, since=0.0, grace_left_s=60.0, systems=1, unsaved=0,
        running=0, ends_within_s=5.0,
    )  # fmt: skip

    async def play() -> None:
        async with desk.session() as (here, surfaces):
            here.send(m.ShowOver(locked=locked), c.SubmitPassword("local", NAME, Secret(MISTYPED)))
            page = await desk.at_northshire(here, surfaces)
            assert here.now.over is not None
            await desk.prove(page)
            await here.heard(lambda: here.watched.of(m.Proved))
            assert here.watched.of(m.Proved)[0].officer.startswith(desk.provider.issuer)
            listener = ProofListener()
            here.send(m.HandProof(address=listener.address, pid=os.getpid()))
            fresh = await listener.take(os.getpid(), WITHIN_S)
            assert fresh is not None
            assert (fresh.user_name, fresh.password) == (f"{ALICE.uid}@northshire.example", None)
            assert fresh.cookies
            assert all(cookie.domain == "localhost" for cookie in fresh.cookies)
            fresh.answer(False)

    asyncio.run(play())
