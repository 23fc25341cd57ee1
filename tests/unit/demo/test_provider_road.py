"""The road to the provider's session: what comes first, what is cut short, what never leads back."""

from __future__ import annotations

import asyncio
from typing import ClassVar

import pytest

from launcher.errors import LauncherError
from launcher.identity.proof import Accepted
from launcher.policy.federation_settings import FederatedSettings
from launcher.secret import Secret
from launcher.session.provider import SURFACE, ProviderLogonError
from launcher.sign_on.driver import DriverGoneError, SystemUnreachableError
from tests.unit.demo.conftest import Served
from tests.unit.demo.road_bench import NeverBack, Road, accepted, at_provider
from tests.unit.demo.visiting import CALLBACK, VisitorDriver


class CutShort(VisitorDriver):
    """An engine that reports a load which led back as one that failed."""

    async def load(self, url: str) -> None:
        await super().load(url)
        if self._page.url.startswith(CALLBACK):
            raise SystemUnreachableError("The load was cut short.")


class Away(VisitorDriver):
    """A provider's page that cannot be reached."""

    async def load(self, url: str) -> None:
        raise SystemUnreachableError("The host took no connection.")


class Odd(VisitorDriver):
    """A page that ends while it is filled."""

    async def fill(
        self, field: str, value: Secret, *, hides: bool = False, by_keys: bool = False, sends: bool = False
    ) -> None:
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
        assert at_provider(served, here)
        with pytest.raises(LauncherError) as caught:
            await here.road.behind(accepted(served, 0))
        assert caught.value.reference == "provider-other-officer"
        assert not at_provider(served, here), "also the browser's own session is ended, before anything goes on"
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


# --- loaded ahead


class Slow(VisitorDriver):
    """A page whose load does not end by itself."""

    async def load(self, url: str) -> None:
        self._came.set()
        await asyncio.Event().wait()


class OnceAway(VisitorDriver):
    """A provider that is away for the first load."""

    away: ClassVar[int] = 0

    async def load(self, url: str) -> None:
        OnceAway.away -= 1
        if OnceAway.away >= 0:
            raise SystemUnreachableError("The host took no connection.")
        await super().load(url)


def test_the_logon_page_is_loaded_once_and_filled_when_the_officer_is_proved(
    served: Served, settings: FederatedSettings
) -> None:
    async def play() -> None:
        here = Road(served, settings, VisitorDriver)
        await here.road.ahead()
        page = await here.surfaces.next_page()
        await page.asks()
        assert not at_provider(served, here), "nobody is proved yet"
        assert await here.road.drop()  # as before every sign-on: there is no session to drop, and the page stays
        session = await here.road.behind(accepted(served))
        assert session.officer.number == served.officer.user_name
        assert (here.surfaces.ever, here.surfaces.shown) == ([SURFACE], [])
        (asked,) = page.loads
        assert served.officer.user_name not in asked  # what was typed is proved by nobody yet
        await here.over()

    asyncio.run(play())


def test_a_page_that_did_not_come_is_asked_for_again(served: Served, settings: FederatedSettings) -> None:
    async def play() -> None:
        OnceAway.away = 1
        here = Road(served, settings, OnceAway)
        await here.road.ahead()
        assert (await here.road.behind(accepted(served))).officer.number == served.officer.user_name
        assert here.surfaces.ever == [SURFACE, SURFACE]
        await here.over()

    asyncio.run(play())


def test_what_hinders_the_beginning_is_said_once_somebody_needs_it(served: Served, settings: FederatedSettings) -> None:
    async def play() -> None:
        here = Road(served, settings.model_copy(update={"authority": settings.authority + "/nowhere"}), VisitorDriver)
        await here.road.ahead()
        with pytest.raises(LauncherError) as caught:
            await here.road.behind(accepted(served))
        assert caught.value.reference == "provider-answer-faulty"
        await here.road.ahead()  # nobody needs it any more
        await here.over()

    asyncio.run(play())


@pytest.mark.parametrize("how", ["another", "ended", "shown", "cancelled"])
def test_a_page_loaded_ahead_is_closed_where_nobody_comes_for_it(
    served: Served, settings: FederatedSettings, how: str
) -> None:
    async def play() -> None:
        here = Road(served, settings, Slow)
        await here.road.ahead()
        await here.surfaces.next_page()
        match how:
            case "another":
                await here.road.ahead()
                assert here.surfaces.open == {}
            case "shown" | "cancelled":
                road = here.road.shown() if how == "shown" else here.road.behind(accepted(served))
                going = asyncio.create_task(road)
                if how == "shown":
                    await here.surfaces.next_page()
                else:
                    await asyncio.sleep(0)
                going.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await going
                assert here.surfaces.open == {}
        await here.over()

    asyncio.run(play())


def test_without_a_recipe_nothing_is_loaded_ahead(served: Served, settings: FederatedSettings) -> None:
    async def play() -> None:
        here = Road(served, settings.model_copy(update={"logon": None}), VisitorDriver)
        await here.road.ahead()
        await here.over()
        assert here.surfaces.ever == []

    asyncio.run(play())
