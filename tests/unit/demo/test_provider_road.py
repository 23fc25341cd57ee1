"""The road to the provider's session: what comes first, what is cut short, what never leads back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from launcher.demo.files import Appearance, write_station
from launcher.errors import LauncherError
from launcher.identity.federated import FederatedMethod
from launcher.identity.officer import Officer, OfficerId
from launcher.identity.proof import Accepted
from launcher.policy.settings import FederatedSettings
from launcher.policy.station_file import load
from launcher.secret import Secret
from launcher.session.provider import SURFACE, ProviderLogonError, ProviderRoad
from launcher.sign_on.driver import DriverGoneError, SystemUnreachableError
from tests.unit.demo.conftest import Served
from tests.unit.demo.visiting import CALLBACK, VisitorDriver, VisitorSurfaces


@pytest.fixture
def settings(served: Served, tmp_path: Path) -> FederatedSettings:
    found = load(write_station(tmp_path, served.addresses, served.officers, Appearance())).federated
    assert found is not None
    return found


def accepted(served: Served, number: int = 0, password: str = "") -> Accepted:
    one = served.officers[number]
    officer = Officer(OfficerId("local", one.subject), one.user_name, one.user_name, one.display_name, frozenset())
    return Accepted(officer, "local", Secret(password or one.password))


class Road:
    """A road over tabs of one kind."""

    def __init__(self, served: Served, settings: FederatedSettings, driver: type[VisitorDriver]) -> None:
        self.surfaces = VisitorSurfaces(served.addresses.ca_file, driver)
        self.road = ProviderRoad(FederatedMethod(settings), settings, self.surfaces)

    async def over(self) -> None:
        await self.road.end()
        assert self.road.session is None
        assert self.surfaces.open == {}, "the page is closed whatever happened"
        assert asyncio.all_tasks() == {asyncio.current_task()}


class CutShort(VisitorDriver):
    """An engine that reports a load which led back as one that failed."""

    async def load(self, url: str) -> None:
        await super().load(url)
        if self._page.url.startswith(CALLBACK):
            raise SystemUnreachableError("The load was cut short.")


class NeverBack(VisitorDriver):
    """A page that leads nowhere, at once and not after a minute."""

    async def callback(self, prefix: str, within_s: float) -> str | None:
        await self.first_of([], 0.0)
        await self.asks()
        return None


class Away(VisitorDriver):
    """A provider's page that cannot be reached."""

    async def load(self, url: str) -> None:
        raise SystemUnreachableError("The host took no connection.")


class Odd(VisitorDriver):
    """A page that ends while it is filled."""

    async def fill(self, field: str, value: Secret, *, hides: bool = False) -> None:
        raise DriverGoneError("The page was closed.")


def test_a_load_that_is_cut_short_by_the_way_back_is_no_fault(served: Served, settings: FederatedSettings) -> None:
    async def play() -> None:
        here = Road(served, settings, CutShort)
        session = await here.road.behind(accepted(served))
        assert session.officer.number == served.officer.user_name
        await here.road.drop()
        # The provider knows the officer now: there is nothing to fill, and the load itself leads back.
        again = await here.road.behind(accepted(served))
        assert again is not session
        await here.over()

    asyncio.run(play())


@pytest.mark.parametrize(
    ("driver", "reference"),
    [(NeverBack, "provider-not-signed-on"), (Away, "system-unreachable"), (Odd, "system-ended")],
)
def test_what_hinders_is_said_and_the_page_is_closed(
    served: Served, settings: FederatedSettings, driver: type[VisitorDriver], reference: str
) -> None:
    async def play() -> None:
        here = Road(served, settings, driver)
        with pytest.raises(LauncherError) as caught:
            await here.road.behind(accepted(served))
        assert caught.value.reference == reference
        assert here.road.session is None
        await here.over()

    asyncio.run(play())


def test_a_wrong_password_is_the_providers_own_answer(served: Served, settings: FederatedSettings) -> None:
    async def play() -> None:
        here = Road(served, settings, VisitorDriver)
        with pytest.raises(ProviderLogonError, match="Name or password not recognised") as caught:
            await here.road.behind(accepted(served, password="not-the-password"))
        assert not caught.value.retryable
        await here.over()

    asyncio.run(play())


def test_another_officers_session_is_ended(served: Served, settings: FederatedSettings) -> None:
    async def play() -> None:
        here = Road(served, settings, VisitorDriver)
        await here.road.behind(accepted(served, 1))
        with pytest.raises(LauncherError) as caught:
            await here.road.behind(accepted(served, 0))
        assert caught.value.reference == "provider-other-officer"
        await here.over()

    asyncio.run(play())


def test_cancelled_on_the_way_it_leaves_nothing(served: Served, settings: FederatedSettings) -> None:
    async def play() -> None:
        here = Road(served, settings, VisitorDriver)
        walking = asyncio.create_task(here.road.shown())
        page = await here.surfaces.next_page()
        await page.asks()
        assert here.surfaces.shown == [SURFACE]
        walking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await walking
        await here.over()

    asyncio.run(play())


def test_without_a_password_or_a_recipe_there_is_no_road_behind(served: Served, settings: FederatedSettings) -> None:
    async def play() -> None:
        officer = accepted(served).officer
        here = Road(served, settings, VisitorDriver)
        with pytest.raises(ProviderLogonError):
            await here.road.behind(Accepted(officer, "federated"))
        await here.over()
        here = Road(served, settings.model_copy(update={"logon": None}), VisitorDriver)
        with pytest.raises(ProviderLogonError):
            await here.road.behind(accepted(served))
        assert here.surfaces.ever == []
        await here.over()

    asyncio.run(play())
