"""The road to the provider's session: what comes first, what is cut short, what never leads back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from launcher.errors import LauncherError
from launcher.identity.federated import FederatedMethod
from launcher.identity.officer import Officer, OfficerId
from launcher.identity.proof import Accepted
from launcher.policy.settings import FederatedSettings, LogoffRecipe
from launcher.policy.station_file import load
from launcher.recipes.steps import Marker, Press
from launcher.secret import Secret
from launcher.session.provider import SURFACE, ProviderLogonError, ProviderRoad
from launcher.session.provider_log_off import LOG_OFF_SURFACE
from launcher.sign_on.driver import DriverGoneError, SystemUnreachableError
from tests.unit.demo.conftest import Served
from tests.unit.demo.visiting import CALLBACK, LOGGED_OFF, VisitorDriver, VisitorSurfaces


@pytest.fixture
def settings(served: Served, tmp_path: Path) -> FederatedSettings:
    found = load(served.station_in(tmp_path)).federated
    assert found is not None
    return found


def accepted(served: Served, number: int = 0, password: str = "") -> Accepted:
    one = served.officers[number]
    officer = Officer(OfficerId("local", one.subject), one.user_name, one.user_name, one.display_name, frozenset())
    return Accepted(officer, "local", Secret(password or one.password))


WITHIN_S = 20.0  # for a log-off that does not come; nothing here waits so long


class Road:
    """A road over tabs of one kind."""

    def __init__(self, served: Served, settings: FederatedSettings, driver: type[VisitorDriver]) -> None:
        self.surfaces = VisitorSurfaces(served.addresses.ca_file, driver)
        self.road = ProviderRoad(FederatedMethod(settings), settings, self.surfaces)

    async def over(self, confirmed: bool = True, within_s: float = WITHIN_S) -> None:
        assert await self.road.end(within_s) is confirmed
        assert self.road.session is None
        assert self.surfaces.open == {}, "the page is closed whatever happened"
        assert asyncio.all_tasks() == {asyncio.current_task()}


def at_provider(served: Served, here: Road) -> bool:
    """Say whether the provider holds a session for what this browser has in its jar."""
    return any(cookie.value in served.sessions("provider").by_key for cookie in here.surfaces.cookies)


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


class NoAnswer(VisitorDriver):
    """A provider that takes the officer in, and at their log-off never answers."""

    async def load(self, url: str) -> None:
        if "/logout" in url:
            await asyncio.Event().wait()
        await super().load(url)


class Unheard(VisitorDriver):
    """A provider that cannot be reached any more at the log-off."""

    async def load(self, url: str) -> None:
        if "/logout" in url:
            raise SystemUnreachableError("The host took no connection.")
        await super().load(url)


class Broken(VisitorDriver):
    """A log-off page that breaks something here."""

    async def load(self, url: str) -> None:
        if "/logout" in url:
            raise RuntimeError(url)
        await super().load(url)


class OtherState(VisitorDriver):
    """A page that comes back to our address with what is not ours."""

    async def load(self, url: str) -> None:
        await super().load(url)
        if self._page.url.startswith(LOGGED_OFF):
            self._page = replace(self._page, url=f"{LOGGED_OFF}?state=another")


class NoHint(VisitorDriver):
    """A browser whose provider does not take the hint, and asks."""

    async def load(self, url: str) -> None:
        await super().load(url.replace("id_token_hint=", "no_hint="))


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


def test_at_the_end_the_provider_ends_its_own_session(served: Served, settings: FederatedSettings) -> None:
    async def play() -> None:
        here = Road(served, settings, VisitorDriver)
        session = await here.road.behind(accepted(served))
        assert at_provider(served, here)
        assert next(secret.reveal().count(".") for secret in session.secrets()) == 2  # the ID token is among them
        await here.over()
        assert here.surfaces.ever == [SURFACE, LOG_OFF_SURFACE]
        assert here.surfaces.shown == []
        assert not at_provider(served, here)
        # The old cookies are worth nothing: whoever comes with them is asked to log on.
        again = Road(served, settings, VisitorDriver)
        again.surfaces.cookies = here.surfaces.cookies
        walking = asyncio.create_task(again.road.shown())
        page = await again.surfaces.next_page()
        await page.asks()
        walking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await walking
        await again.over()
        assert again.surfaces.ever == [SURFACE], "nobody was signed on, so nobody is logged off"

    asyncio.run(play())


def test_the_shown_road_ends_the_same_way(served: Served, settings: FederatedSettings) -> None:
    async def play() -> None:
        here = Road(served, settings, VisitorDriver)
        walking = asyncio.create_task(here.road.shown())
        page = await here.surfaces.next_page()
        await page.asks()
        await page.prove(username=served.officer.user_name, password=served.officer.password)
        await walking
        assert at_provider(served, here)
        await here.over()
        assert not at_provider(served, here)

    asyncio.run(play())


@pytest.mark.parametrize("driver", [NoAnswer, Unheard, Broken])
def test_a_provider_that_does_not_confirm_is_left_signed_on_to(
    served: Served, settings: FederatedSettings, driver: type[VisitorDriver]
) -> None:
    async def play() -> None:
        here = Road(served, settings, driver)
        await here.road.behind(accepted(served))
        await here.over(confirmed=False, within_s=0.2 if driver is NoAnswer else WITHIN_S)
        assert at_provider(served, here)

    asyncio.run(play())


def test_without_an_address_for_it_nothing_is_loaded_and_it_is_not_confirmed(
    served: Served, settings: FederatedSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served.estate.provider, "unsaid", frozenset({"end_session_endpoint"}))

    async def play() -> None:
        here = Road(served, settings, VisitorDriver)
        await here.road.behind(accepted(served))
        await here.over(confirmed=False)
        assert here.surfaces.ever == [SURFACE]

    asyncio.run(play())


def test_only_our_own_state_confirms(served: Served, settings: FederatedSettings) -> None:
    async def play() -> None:
        here = Road(served, settings, OtherState)
        await here.road.behind(accepted(served))
        await here.over(confirmed=False)

    asyncio.run(play())


ASKED = LogoffRecipe(steps=(Press(control="#yes"),))
SAYS_SO = LogoffRecipe(steps=(Press(control="#yes"),), markers=(Marker(means="ready", selector="#logged-off"),))


@pytest.mark.parametrize(
    ("logoff", "back", "confirmed"),
    [
        (None, True, False),
        (ASKED, True, True),
        (SAYS_SO, True, True),
        (SAYS_SO, False, True),  # no address is registered: what the page says counts
        (ASKED, False, False),  # logged off, and nothing proves it
    ],
)
def test_a_page_that_still_asks_is_answered_by_the_station_file(
    served: Served, settings: FederatedSettings, logoff: LogoffRecipe | None, back: bool, confirmed: bool
) -> None:
    changed = {"logoff": logoff, **({} if back else {"post_logout_redirect_uri": ""})}

    async def play() -> None:
        here = Road(served, settings.model_copy(update=changed), NoHint)
        await here.road.behind(accepted(served))
        await here.over(confirmed, within_s=WITHIN_S if confirmed or logoff else 1.0)
        assert at_provider(served, here) is (logoff is None)

    asyncio.run(play())


def test_a_script_of_the_providers_own_has_a_moment(served: Served, settings: FederatedSettings) -> None:
    async def play() -> None:
        here = Road(served, settings.model_copy(update={"post_logout_redirect_uri": ""}), VisitorDriver)
        await here.road.behind(accepted(served))
        await here.over(confirmed=False)
        assert not at_provider(served, here), "it was ended, and nothing says so"

    asyncio.run(play())


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
