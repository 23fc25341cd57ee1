"""Many open together, and while the terminal is locked."""

from __future__ import annotations

import asyncio

from launcher.secret import Secret
from tests.contract.drivers.site import NAME, PASSWORD
from tests.unit.session.bench import program
from tests.unit.session.ending_site import EndingSite
from tests.unit.session.launch_desk import OWN, custody, desk, form

SAYS = "import sys; print('READY', flush=True); sys.stdin.read()"


def test_what_is_being_opened_goes_on_while_locked_and_what_needs_the_officer_waits() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        entries = {"custody": form(origin), "asks": form(origin), "console": program("-c", SAYS)}
        async with desk(entries, {origin: site}, kept=None) as here:
            here.grants.give("custody", OWN)
            here.surfaces.held = asyncio.Event()
            for system in entries:
                here.launches.open(here.entries[system])
            await here.surfaces.making.wait()
            here.launches.locked()
            here.surfaces.held.set()
            await here.until(lambda: here.view("custody").state == here.view("console").state == "ready")
            await here.until(lambda: here.view("asks").needs == "credential")
            here.launches.resumed()
            assert here.view("asks").needs == "credential"
            here.launches.give("asks", NAME, Secret(PASSWORD))
            await here.until(lambda: here.view("asks").state == "ready")

    with custody() as (origin, site):
        asyncio.run(play(origin, site))


def test_many_open_together_in_the_order_they_were_noted() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        noted = tuple(f"system-{number}" for number in (7, 3, 9, 1, 8, 2, 6, 4, 5, 0))
        entries = {name: form(origin) for name in sorted(noted)}
        async with desk(entries, {origin: site}, parallel=3) as here:
            for system in noted:
                here.launches.open(here.entries[system])
            assert here.launches.tabs == noted
            here.launches.looked_at(noted[4])  # the officer looks while they open
            await here.until(lambda: all(one.state == "ready" for one in here.launches.views()))
            assert here.launches.tabs == tuple(one.system for one in here.launches.views()) == noted
            assert [one.outcome for one in here.records] == ["ready"] * len(noted)

    with custody() as (origin, site):
        asyncio.run(play(origin, site))
