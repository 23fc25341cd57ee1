"""The provider's page as a proof over a locked session: only the fact crosses, and what is let go is ended there."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace

import pytest

from launcher.grants.errors import ProviderForgotError
from launcher.identity.federated.errors import OtherOfficer
from launcher.policy.federation_settings import FederatedSettings
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.fresh_proof import FreshProof, ProofListener, hand_over
from launcher.session.provider import SURFACE
from launcher.session.snapshot import Snapshot
from launcher.wire import messages as m
from tests.unit.demo.conftest import Served
from tests.unit.demo.road_bench import NeverBack, Road, accepted, at_provider
from tests.unit.demo.test_whole import Station, station  # noqa: F401 - a fixture
from tests.unit.demo.test_whole import at_provider as page_at_provider
from tests.unit.demo.visiting import VisitorDriver, VisitorSurfaces
from tests.unit.session.bench import WITHIN_S, Running

OWNER = m.LockedSession(
    number="4471", name="A. Okafor", since=0.0, grace_left_s=60.0, systems=1, unsaved=0, running=0, ends_within_s=5.0
)


async def proved(here: Running, surfaces: VisitorSurfaces, served: Served) -> m.Proved:
    """Prove the demo's officer on the provider's page, over a locked session."""
    here.send(m.ShowOver(locked=OWNER), c.StartProvider("federated"))
    page = await page_at_provider(here, surfaces)
    assert here.now.over is not None
    await page.prove(username=served.officer.user_name, password=served.officer.password)
    await here.heard(lambda: here.watched.of(m.Proved))
    return here.watched.of(m.Proved)[0]


def known_at_provider(served: Served, surfaces: VisitorSurfaces) -> bool:
    """Say whether the provider still knows this browser."""
    return any(cookie.value in served.sessions("provider").by_key for cookie in surfaces.cookies)


def test_where_the_officers_own_session_needs_nothing_this_one_is_logged_off(station: Station) -> None:  # noqa: F811 - a fixture
    served = station.served

    async def play() -> None:
        async with station.session() as (here, surfaces):
            told = await proved(here, surfaces, served)
            assert told.number == served.officer.user_name
            listener = ProofListener()
            here.send(m.HandProof(address=listener.address, pid=os.getpid()))
            fresh = await listener.take(os.getpid(), WITHIN_S)
            assert fresh is not None
            assert (fresh.user_name, fresh.password) == (served.officer.user_name, None)
            assert [one.value.reveal() in served.sessions("provider").by_key for one in fresh.cookies] == [True]
            assert not fresh.answer(False)
            assert here.watched.of(m.SignedIn) == []
            here.send(m.End(reason="claimed", deadline_ms=5000))
            await here.ended()
            assert not known_at_provider(served, surfaces)  # this one's own session there ends with it

    asyncio.run(play())


def test_a_proof_that_is_let_go_is_logged_off_at_the_provider(station: Station) -> None:  # noqa: F811 - a fixture
    served = station.served

    async def play() -> None:
        async with station.session() as (here, surfaces):
            await proved(here, surfaces, served)
            assert known_at_provider(served, surfaces)
            here.send(m.NotYours(wait_s=50.0))

            def said(now: Snapshot) -> bool:
                return now.sign_in.error is not None and now.sign_in.error.reference == "terminal-kept"

            now = await here.until(said)
            assert (now.sign_in.busy, now.sign_in.surface, now.sign_in.form) == (False, "", "password")
            here.send(c.StartProvider("federated"))  # a page belongs to a process nobody has used
            await here.ended()
            assert here.watched.of(m.ReplaceMe)[0].why == "page-asked"
            assert not known_at_provider(served, surfaces)

    asyncio.run(play())


def test_a_session_that_has_ended_is_made_anew_by_the_browsers_own_cookies(
    served: Served,
    settings: FederatedSettings,
) -> None:
    async def play() -> None:
        here = Road(served, settings, VisitorDriver)
        officer = accepted(served)
        first = await here.road.behind(officer)
        await here.road.drop()
        filled = len(here.surfaces.ever)
        again = await here.road.by_cookies(replace(officer, password=None))
        assert again is not first
        assert here.road.session is again
        assert here.surfaces.ever[filled:] == [SURFACE]
        assert here.surfaces.shown == []
        await here.road.drop()
        with pytest.raises(OtherOfficer):
            await here.road.by_cookies(replace(accepted(served, 1), password=None))
        assert not at_provider(served, here)
        await here.over()

    asyncio.run(play())


def test_where_the_provider_knows_nobody_it_is_said(
    served: Served,
    settings: FederatedSettings,
) -> None:
    async def play() -> None:
        here = Road(served, settings, NeverBack)
        with pytest.raises(ProviderForgotError) as forgot:
            await here.road.by_cookies(replace(accepted(served), password=None))
        assert forgot.value.retryable  # nothing was refused, and the officer may log on in a tab
        await here.over()

    asyncio.run(play())


def test_a_fresh_proof_leaves_a_session_at_the_provider_that_goes_on(station: Station) -> None:  # noqa: F811
    served = station.served

    async def play() -> None:
        async with station.session() as (here, surfaces):
            here.send(m.Show(), station.log_on())
            await here.until(lambda now: now.stage == "signed-in")
            here.send(c.OpenSystem("vehicle-records"))
            await here.launch("vehicle-records", "ready")
            here.send(c.Lock(), c.LockPainted())
            await here.heard(lambda: here.watched.of(m.Locked))
            here.send(m.Resume(pid=os.getpid()))
            await here.until(lambda now: now.stage == "signed-in")
            proof = FreshProof(served.officer.user_name, Secret(served.officer.password))
            assert await hand_over(here.watched.of(m.Locked)[0].address, os.getpid(), proof)
            here.send(c.WorkResponds(), c.CloseSystem("vehicle-records"), c.OpenSystem("vehicle-records"))
            await here.launch("vehicle-records", "ready")
            assert surfaces.ever.count(SURFACE) == 1

    asyncio.run(play())
