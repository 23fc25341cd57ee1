"""The end of the provider's session: the provider ends its own, and only what it says itself confirms that."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from launcher.policy.federation_settings import FederatedSettings, LogoffRecipe
from launcher.recipes.steps import Marker, Press
from launcher.session.provider import SURFACE
from launcher.session.provider_log_off import LOG_OFF_SURFACE
from launcher.sign_on.driver import SystemUnreachableError
from tests.unit.demo.conftest import Served
from tests.unit.demo.road_bench import WITHIN_S, Road, accepted, at_provider
from tests.unit.demo.visiting import LOGGED_OFF, VisitorDriver


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
    served: Served,
    settings: FederatedSettings,
    monkeypatch: pytest.MonkeyPatch,
    logoff: LogoffRecipe | None,
    back: bool,
    confirmed: bool,
) -> None:
    monkeypatch.setattr("launcher.session.provider_log_off.LED_ON_S", 0.05)  # this page has no script of its own
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
