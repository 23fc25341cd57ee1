"""A log-off while the provider's answer is being redeemed: the tokens come after it, and nobody ends them."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.identity.federated import FederatedMethod
from launcher.identity.federated.session import FederatedSession
from launcher.policy.station_file import load
from launcher.session.provider import ProviderRoad
from tests.unit.demo.conftest import Served
from tests.unit.demo.visiting import VisitorSurfaces


class Held(FederatedMethod):
    """The method, whose thread waits for a word before it redeems."""

    def hold(self) -> None:
        self.begun, self.go_on, self.over = threading.Event(), threading.Event(), threading.Event()

    def _complete(self, *given: object) -> FederatedSession:
        self.begun.set()
        assert self.go_on.wait(30)
        try:
            return super()._complete(*given)  # type: ignore[arg-type]
        finally:
            self.over.set()


class Asked:
    """A road whose officer has proved themselves on the provider's page."""

    def __init__(self, served: Served, folder: Path) -> None:
        settings = load(served.station_in(folder)).federated
        assert settings is not None
        self.served = served
        self.method = Held(settings)
        self.method.hold()
        self.surfaces = VisitorSurfaces(served.addresses.ca_file)
        self.road = ProviderRoad(self.method, settings, self.surfaces)

    async def walk(self) -> asyncio.Task[FederatedSession]:
        walking = asyncio.create_task(self.road.shown())
        page = await self.surfaces.next_page()
        await page.asks()
        officer = self.served.officer
        await page.prove(username=officer.user_name, password=officer.password)
        assert await asyncio.to_thread(self.method.begun.wait, 30)
        return walking


def test_a_log_off_in_the_middle_of_it_is_not_confirmed(served: Served, tmp_path: Path) -> None:
    async def play() -> None:
        here = Asked(served, tmp_path)
        walking = await here.walk()
        walking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await walking
        here.method.go_on.set()
        assert await asyncio.to_thread(here.method.over.wait, 30)  # it has its tokens, and nobody has them from it
        assert here.method.redeeming
        assert await here.road.end(20.0) is False

    asyncio.run(play())


def test_one_that_was_redeemed_is_confirmed(served: Served, tmp_path: Path) -> None:
    async def play() -> None:
        here = Asked(served, tmp_path)
        walking = await here.walk()
        here.method.go_on.set()
        await walking
        assert not here.method.redeeming
        assert await here.road.end(20.0) is True

    asyncio.run(play())


def test_one_that_was_refused_gave_no_tokens(served: Served, tmp_path: Path) -> None:
    async def play() -> None:
        here = Asked(served, tmp_path)
        walking = await here.walk()
        served.estate.provider._codes.clear()
        here.method.go_on.set()
        with pytest.raises(LauncherError):
            await walking
        assert not here.method.redeeming
        await here.road.end(0.0)

    asyncio.run(play())
