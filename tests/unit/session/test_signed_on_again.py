"""A system that signed the officer off is signed on again when looked at: once, in its tab, and not over typing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from launcher.bootstrap.parts import CONNECTORS
from launcher.connectors.base import plan_of
from launcher.grants.credential import Credential
from launcher.secret import Secret
from launcher.session.commands import GiveCredential
from tests.contract.drivers.site import NAME, PASSWORD, served
from tests.unit.session.ending_site import EndingSite
from tests.unit.session.launch_desk import SETTINGS, custody, desk, form, look_quickly, moving, signs_off


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    look_quickly(monkeypatch)


def test_a_system_that_signed_the_officer_off_is_signed_on_again_in_its_tab() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        entries = {name: form(origin) for name in ("before", "custody", "after")}
        async with desk(entries, {origin: site}) as here:
            await here.opened("before", "custody", "after")
            tab, first = here.tab("custody"), len(here.records)
            tab.acts = 7  # what the officer did there before is no prompt of this
            site.passwords.clear()
            await signs_off(here, site)
            here.launches.looked_at("custody")
            await here.until(lambda: len(here.records) > first)
            assert here.view("custody").state == "ready"
            assert here.view("custody").signed_on_as == NAME
            assert (here.tab("custody"), here.launches.tabs) == (tab, ("before", "custody", "after"))
            again = here.records[-1]
            assert (again.system, again.again, again.outcome, again.prompts) == ("custody", True, "ready", 0)
            assert {"policy", "secret", "queue", "reach", "load", "inject", "ready"} == {
                one.phase for one in again.phases
            }
            assert not any(one.again for one in here.records[:-1])
            assert site.passwords == [PASSWORD]
            assert {"queued", "signing"} <= set(here.states)

    with custody() as (origin, site):
        asyncio.run(play(origin, site))


def test_a_tab_that_was_looked_at_before_it_was_ready_is_looked_at_from_then_on() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        async with desk({"custody": form(origin)}, {origin: site}) as here:
            here.launches.open(here.entries["custody"])
            here.launches.looked_at("custody")
            await here.opened("custody")
            await signs_off(here, site)
            await here.until(lambda: here.records[-1].again)
            await here.until(lambda: here.view("custody").state == "ready")
            here.launches.open_again(here.entries["custody"])  # in its place: nobody says anew that it is looked at
            await here.until(lambda: here.view("custody").state == "ready")
            await signs_off(here, site)
            await here.until(lambda: sum(one.again for one in here.records) == 2)

    with custody() as (origin, site):
        asyncio.run(play(origin, site))


@pytest.mark.parametrize("in_place", [False, True], ids=["led-to-the-logon", "the-logon-in-its-place"])
def test_a_link_that_meets_the_logon_is_followed_once_the_officer_is_signed_on_again(in_place: bool) -> None:
    async def play(origin: str, site: EndingSite) -> None:
        site.in_place = in_place
        async with desk({"custody": form(origin)}, {origin: site}) as here:
            moving(here)
            link = f"{origin}/cell/3"
            await here.opened("custody")
            here.launches.looked_at("custody")
            await here.stands_at(f"{origin}/start")
            site.alive = False
            here.launches.open(here.entries["custody"], at=link)
            await here.until(lambda: here.again == ["custody"])
            await here.stands_at(link)
            assert here.surfaces.acts == [f"follow custody {link}"] * 2
            # It has come, and the officer has gone on: that is where they were, and the link is over.
            await here.tab("custody").load(f"{origin}/start")
            await here.stands_at(f"{origin}/start")
            here.launches._openings["custody"].again_at = None
            await signs_off(here, site)
            await here.until(lambda: here.again == ["custody"] * 2)
            await here.stands_at(f"{origin}/start")
            assert len(here.surfaces.acts) == 2

    with custody() as (origin, site):
        asyncio.run(play(origin, site))


@pytest.mark.parametrize(
    ("more", "by_act"),
    [
        pytest.param("sign_on_again = false\n", True, id="the-entry-forbids-it"),
        pytest.param('open = "on demand"\n', False, id="on-demand-and-nobody-asked"),
    ],
)
def test_where_it_may_not_be_it_is_not(more: str, by_act: bool) -> None:
    async def play(origin: str, site: EndingSite) -> None:
        async with desk({"custody": form(origin, more=more), "other": form(origin)}, {origin: site}) as here:
            await here.opened("custody", "other")
            asked = len(site.passwords)
            await signs_off(here, site, "custody", "other")
            here.launches.looked_at("custody", by_act=by_act)
            assert here.launches._openings["custody"].looked_at is None
            here.launches.looked_at("other", by_act=by_act)
            await here.until(lambda: here.records[-1].again)
            assert (here.records[-1].system, here.view("custody").state) == ("other", "ready")
            assert len(site.passwords) == asked + 1

    with custody() as (origin, site):
        asyncio.run(play(origin, site))


def test_a_page_that_nobody_looks_at_is_left_alone() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        entries = {"custody": form(origin), "other": form(origin)}
        async with desk(entries, {origin: site}) as here:
            await here.opened("custody", "other")
            asked = len(site.passwords)
            here.launches.looked_at("custody")
            here.launches.looked_at("other")  # the look at the first one is over
            await signs_off(here, site)
            await here.look_over("custody")
            here.launches.resumed()
            here.launches.looked_at("custody")
            here.launches.locked()
            await here.look_over("custody")
            assert (len(site.passwords), here.view("custody").state) == (asked, "ready")
            here.launches.resumed()
            here.launches.looked_at("custody")
            await here.until(lambda: here.records[-1].again)
            assert len(site.passwords) == asked + 1

    with custody() as (origin, site):
        asyncio.run(play(origin, site))


def test_back_from_a_lock_the_first_page_they_are_led_to_tells() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        async with desk({"custody": form(origin)}, {origin: site}) as here:
            await here.opened("custody")
            here.launches.locked()
            site.alive = False  # at the server: the page stands as it did
            here.launches.resumed()
            here.launches.looked_at("custody")
            tab = here.tab("custody")
            tab.acts += 1
            await tab.load(f"{origin}/cell/3")
            await here.until(lambda: here.records[-1].again)
            assert here.view("custody").state == "ready"

    with custody() as (origin, site):
        asyncio.run(play(origin, site))


def test_a_system_on_demand_is_signed_on_again_by_the_officers_own_look() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        async with desk({"custody": form(origin, more='open = "on demand"\n')}, {origin: site}) as here:
            await here.opened("custody")
            await signs_off(here, site)
            here.launches.looked_at("custody")
            await here.until(lambda: here.records[-1].again)

    with custody() as (origin, site):
        asyncio.run(play(origin, site))


def test_a_look_waits_for_the_fresh_proof() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        by_sign_in = form(origin).replace('sign_on = "form"', 'sign_on = "form"\ncredential = "sign-in"')
        async with desk({"custody": by_sign_in}, {origin: site}) as here:
            await here.opened("custody")
            here.launches.locked()
            site.password = "changed-meanwhile"
            await signs_off(here, site)
            here.launches.looked_at("custody")
            assert here.launches._openings["custody"].looked_at is None
            here.grants.proved_again(Credential(NAME, Secret(site.password)))
            here.launches.resumed()
            await here.until(lambda: here.again == ["custody"])
            assert site.passwords == [PASSWORD, site.password]
            assert here.view("custody").state == "ready"

    with custody() as (origin, site):
        asyncio.run(play(origin, site))


def test_a_tab_that_was_closed_while_locked_is_not_looked_at() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        async with desk({"custody": form(origin)}, {origin: site}) as here:
            await here.opened("custody")
            here.launches.locked()
            here.launches.looked_at("custody")
            opening = here.launches._openings["custody"]
            here.launches.close("custody")
            here.launches.resumed()
            assert opening.looked_at is None

    with custody() as (origin, site):
        asyncio.run(play(origin, site))


# --- and where that does not help


def test_what_the_officer_typed_is_left_as_it_is() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        async with desk({"custody": form(origin)}, {origin: site}) as here:
            await here.opened("custody")
            asked = len(site.passwords)
            await signs_off(here, site)
            here.surfaces.typed_in = ("custody",)
            here.launches.looked_at("custody")
            await here.until(lambda: here.view("custody").state == "needs")
            assert here.view("custody").needs == "signed-off"
            assert (here.records[-1].again, here.records[-1].outcome) == (True, "cancelled")
            here.launches.looked_at("custody")  # looking once more does not change that
            assert here.view("custody").state == "needs"
            tab = here.tab("custody")
            await tab.fill("#name", Secret(NAME))
            await tab.fill("#password", Secret(PASSWORD), hides=True)
            await tab.press("#go", "")
            await here.until(lambda: here.view("custody").state == "ready")
            assert len(site.passwords) == asked + 1

    with custody() as (origin, site):
        asyncio.run(play(origin, site))


def test_a_system_that_signs_off_again_at_once_is_left_to_the_officer() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        async with desk({"custody": form(origin)}, {origin: site}) as here:
            await here.opened("custody")
            asked = len(site.passwords)
            site.stays = False  # the session ends with its first page
            await signs_off(here, site)
            here.launches.looked_at("custody")
            await here.until(lambda: here.records[-1].again and here.view("custody").state == "ready")
            await here.tab("custody").load(f"{origin}/start")
            await here.until(lambda: here.view("custody").state == "needs")
            assert here.view("custody").needs == "signed-off"
            assert len(site.passwords) == asked + 1
            assert [one.again for one in here.records] == [False, True]
            # After a lock it is tried once more, and once.
            site.stays = True
            tab = here.tab("custody")
            await tab.fill("#name", Secret(NAME))
            await tab.fill("#password", Secret(PASSWORD), hides=True)
            await tab.press("#go", "")
            await here.until(lambda: here.view("custody").state == "ready")
            here.launches.locked()
            here.launches.resumed()
            await signs_off(here, site)
            here.launches.looked_at("custody")
            await here.until(lambda: len(here.records) == 3 and here.view("custody").state == "ready")

    with custody() as (origin, site):
        asyncio.run(play(origin, site))


def test_a_credential_that_is_refused_then_is_never_tried_twice() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        async with desk({"custody": form(origin)}, {origin: site}) as here:
            await here.opened("custody")
            site.password = "another-since"
            site.passwords.clear()
            await signs_off(here, site)
            here.launches.looked_at("custody")
            await here.until(lambda: here.view("custody").state == "failed")
            error = here.view("custody").error
            assert error is not None
            assert (error.reference, error.retryable) == ("sign-on-refused", True)
            for _ in range(3):
                here.launches.looked_at("custody")
            here.launches.close("custody")
            here.launches.open(here.entries["custody"])
            await here.until(lambda: here.view("custody").needs == "credential")
            here.launches.given(GiveCredential("custody", NAME, Secret(site.password)))
            await here.until(lambda: here.view("custody").state == "ready")
            assert site.passwords == [PASSWORD, site.password]

    with custody() as (origin, site):
        asyncio.run(play(origin, site))


def test_a_system_that_is_away_then_is_said_to_be() -> None:
    async def play(origin: str, site: EndingSite, gone: Callable[[], object]) -> None:
        async with desk({"custody": form(origin)}, {origin: site}) as here:
            await here.opened("custody")
            await signs_off(here, site)
            gone()
            here.launches.looked_at("custody")
            await here.until(lambda: here.view("custody").state == "failed")
            assert (here.records[-1].again, here.records[-1].reference) == (True, "system-unreachable")

    site = EndingSite()
    with ExitStack() as serving:
        origin = serving.enter_context(served(site))
        asyncio.run(play(origin, site, serving.close))


def test_closed_while_it_is_signed_on_again_nothing_stays() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        own = form(origin).replace('sign_on = "form"', 'sign_on = "form"\ncredential = "store"')
        async with desk({"custody": own}, {origin: site}) as here:
            await here.opened("custody")
            await signs_off(here, site)
            await here.grants.refuse(plan_of(CONNECTORS, here.entries["custody"], SETTINGS).grants[0])  # type: ignore[arg-type]
            here.launches.looked_at("custody")
            await here.until(lambda: here.view("custody").needs == "credential")
            here.launches.looked_at("")  # it has begun, and waits for the officer
            assert here.view("custody").needs == "credential"
            here.launches.close("custody")
            assert (here.records[-1].again, here.records[-1].outcome) == (True, "cancelled")
            here.launches.open(here.entries["custody"])
            await here.until(lambda: here.view("custody").needs == "credential")
            assert len(here.records) == 2

    with custody() as (origin, site):
        asyncio.run(play(origin, site))
