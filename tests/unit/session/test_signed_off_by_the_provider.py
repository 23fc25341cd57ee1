"""A provider that has ended its session: made anew once for all, by the password, or by the officer in the tab."""

from __future__ import annotations

import asyncio

import pytest

from tests.contract.drivers.site import Site, served
from tests.unit.session.bench import page
from tests.unit.session.ending_site import PROVIDER, EndingProvider, EndingSite
from tests.unit.session.launch_desk import custody, desk, look_quickly, signs_off


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    look_quickly(monkeypatch)


def federated(origin: str) -> str:
    return page(origin, "/start", sign_on="federated", markers='[[marker]]\nmeans = "ready"\nselector = "#main"\n')


def test_where_the_provider_has_ended_its_session_it_is_made_anew_once_for_all() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        provider = EndingProvider(origin)
        entries = {"one": federated(origin), "two": federated(origin)}
        async with desk(entries, {origin: site, PROVIDER: provider}) as here:
            await here.opened("one", "two")
            assert provider.made == 1
            provider.alive = False
            await signs_off(here, site, "one", "two")
            here.launches.looked_at("one")
            await here.until(lambda: here.again == ["one"])
            here.launches.looked_at("two")
            await here.until(lambda: here.again == ["one", "two"])
            assert [one.state for one in here.launches.views()] == ["ready", "ready"]
            assert provider.made == 2

    with custody(federated=True) as (origin, site):
        asyncio.run(play(origin, site))


def test_where_the_providers_session_lives_nothing_is_made() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        provider = EndingProvider(origin)
        async with desk({"one": federated(origin)}, {origin: site, PROVIDER: provider}) as here:
            await here.opened("one")
            provider.alive = False
            await signs_off(here, site, "one")
            provider.alive = True  # it knows the officer again, and the page has not noticed
            here.launches.looked_at("one")
            await here.until(lambda: here.records[-1].again)
            assert (here.view("one").state, provider.made) == ("ready", 1)

    with custody(federated=True) as (origin, site):
        asyncio.run(play(origin, site))


def test_without_a_password_the_officer_signs_on_to_the_provider_in_the_tab() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        provider = EndingProvider(origin)
        async with desk({"one": federated(origin)}, {origin: site, PROVIDER: provider}, sign_in=None) as here:
            await here.opened("one")
            provider.alive = False
            await signs_off(here, site, "one")
            here.launches.looked_at("one")
            await here.until(lambda: here.view("one").state == "needs")
            assert (here.view("one").needs, provider.made) == ("provider", 1)
            provider.alive = True
            await here.tab("one").load(f"{origin}/start")
            await here.until(lambda: here.view("one").state == "ready")

    with custody(federated=True) as (origin, site):
        asyncio.run(play(origin, site))


def test_a_system_opened_first_after_a_lock_meets_a_provider_that_has_ended_its_session_too() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        provider = EndingProvider(origin)
        entries = {"one": federated(origin), "two": federated(origin)}
        async with desk(entries, {origin: site, PROVIDER: provider}) as here:
            await here.opened("one")
            here.launches.locked()
            provider.alive = site.alive = False
            here.launches.resumed()
            await here.opened("two")
            assert provider.made == 2

    with custody(federated=True) as (origin, site):
        asyncio.run(play(origin, site))


def test_a_token_that_could_not_be_renewed_is_had_again_after_the_lock() -> None:
    async def play(origin: str, site: Site) -> None:
        text = page(
            origin, "/api-page", sign_on="token", markers='[[marker]]\nmeans = "ready"\nselector = "#row"\n'
        ).replace('sign_on = "token"', f'sign_on = "token"\ntoken_scopes = ["x"]\ntoken_origin = "{origin}"')
        async with desk({"api": text}, {origin: site}) as here:
            await here.opened("api")
            opening = here.launches._openings["api"]
            assert opening.refreshing is not None
            opening.refreshing.cancel()  # as where the provider's session had ended: it is not asked again by itself
            await asyncio.wait({opening.refreshing})
            before = opening.refreshing
            here.launches.resumed()
            assert opening.refreshing is not before
            assert not opening.refreshing.done()
            assert here.provider.made == 1

    site = Site()
    with served(site) as origin:
        asyncio.run(play(origin, site))
