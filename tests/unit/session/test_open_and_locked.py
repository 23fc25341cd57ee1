"""Many open together, and while the terminal is locked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.commands import GiveCredential
from tests.contract.drivers.site import NAME, PASSWORD
from tests.unit.session.bench import program
from tests.unit.session.ending_site import EndingSite
from tests.unit.session.launch_desk import OWN, custody, desk, form, look_quickly
from tests.unit.session.lock_bench import LockBench, locked, pin


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    look_quickly(monkeypatch)


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
            here.launches.given(GiveCredential("asks", NAME, Secret(PASSWORD)))
            await here.until(lambda: here.view("asks").state == "ready")

    with custody() as (origin, site):
        asyncio.run(play(origin, site))


def test_no_program_starts_while_locked_and_its_turn_passes_to_the_pages_behind_it() -> None:
    async def play(origin: str, site: EndingSite) -> None:
        entries = {"first": form(origin), "console": program("-c", SAYS), "last": form(origin)}
        async with desk(entries, {origin: site}, parallel=1) as here:
            here.surfaces.held = asyncio.Event()
            here.launches.open(here.entries["first"])
            await here.surfaces.making.wait()  # it has the only turn
            here.launches.open(here.entries["console"])
            here.launches.open(here.entries["last"])
            here.launches.locked()
            here.surfaces.held.set()
            await here.until(lambda: here.view("last").state == "ready")
            assert here.view("console").state == "queued"
            assert here.launches.running_programs() == ()
            here.launches.resumed()
            await here.until(lambda: here.view("console").state == "ready")
            (told,) = (one for one in here.records if one.system == "console")
            assert [one.human for one in told.phases if one.phase == "queue"] == [False, True, False]

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


def test_a_whole_session_comes_back_to_a_system_that_signed_the_officer_off(tmp_path: Path) -> None:
    async def play(origin: str, site: EndingSite) -> None:
        bench = LockBench(tmp_path / "b", {"custody": form(origin)}, sites={origin: site})
        async with bench.session() as here:
            await here.log_on()
            here.send(c.SetPin(pin()), c.OpenSystem("custody"))
            await here.launch("custody", "needs")
            here.send(c.GiveCredential("custody", NAME, Secret(PASSWORD)))
            await here.launch("custody", "ready")
            await locked(here)
            site.alive = False
            await here.surfaces.open["custody"].load(f"{origin}/start")
            here.send(c.GivePin(pin()), c.WorkResponds(), c.LookedAt("custody"))
            now = await here.until(lambda now: [one for one in now.notices if one.what == "signed-off"])
            assert [(one.what, one.system) for one in now.notices[-1:]] == [("signed-off", "custody")]
            assert [one.what for one in now.notices].count("ready") == 1
            assert [(one.again, one.outcome) for one in here.watched.launch_records()] == [
                (False, "ready"),
                (True, "ready"),
            ]
            await here.launch("custody", "ready")
            assert site.passwords == [PASSWORD, PASSWORD]

    with custody() as (origin, site):
        asyncio.run(play(origin, site))
