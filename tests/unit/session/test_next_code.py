"""A system that refuses a one-time code alone is given the next one, once; what may be the password is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.grants.credential import Credential
from launcher.grants.errors import CredentialRefused
from launcher.grants.names import CredentialName
from launcher.secret import Secret
from launcher.session import commands as c
from tests.contract.drivers.site import NAME, PASSWORD, served
from tests.servers import mocker3270
from tests.servers.mocker3270 import Mocker3270
from tests.unit.grants.test_one_time import SEED, Clock
from tests.unit.session import terminal_bench as t
from tests.unit.session.bench import program
from tests.unit.session.coded_site import CODED_PAGES, CODED_STEPS, CodedSite, coded
from tests.unit.session.launch_desk import Desk, desk

OWN = Credential(NAME, Secret(PASSWORD), SEED)
NOON_S = 1_790_000_005.0
NAMED = CredentialName("records", "store", otp=True)


class Gate(Clock):
    """A wall clock on which nobody's sleep ends before the test says so."""

    def __init__(self, now_s: float) -> None:
        super().__init__(now_s)
        self.open = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        await self.open.wait()
        await super().sleep(seconds)


@asynccontextmanager
async def records(
    more: str = CODED_PAGES, *, clock: Clock | None = None, kept: Credential = OWN
) -> AsyncIterator[tuple[Desk, CodedSite]]:
    clock = clock or Clock(NOON_S)
    site = CodedSite(clock)
    with served(site) as origin:  # type: ignore[arg-type]
        entries, sites = {"records": coded(origin, more)}, {origin: site}
        async with desk(entries, sites, kept=kept, clock=clock) as here:  # type: ignore[arg-type]
            yield here, site


async def came_to(here: Desk, *states: str) -> None:
    here.launches.open(here.entries["records"])
    await here.until(lambda: here.view("records").state in states)


@pytest.mark.parametrize("more", [CODED_PAGES, CODED_STEPS], ids=["pages", "steps"])
def test_a_code_that_was_used_at_another_terminal_is_followed_by_the_next_one(more: str) -> None:
    async def story() -> None:
        async with records(more) as (there, site):
            await came_to(there, "ready", "failed")
            entries, sites = {"records": coded(there.url.rstrip("/"), more)}, there.surfaces._sites
            async with desk(entries, sites, kept=OWN, clock=site.clock) as here:
                await came_to(here, "ready", "failed")
                assert here.view("records").state == "ready"
                first, again, following = site.codes()
                assert first == again != following
                assert [one.outcome for one in here.records] == ["ready"]
                assert (await here.grants.credential(NAMED)).password == OWN.password  # nothing is marked

    asyncio.run(story())


def test_a_third_code_is_never_tried_and_the_key_is_asked_for_again() -> None:
    other = replace(OWN, seed=Secret("JBSWY3DPEHPK3PXP"))

    async def story() -> None:
        async with records(kept=other) as (here, site):
            await came_to(here, "ready", "failed")
            error = here.view("records").error
            assert error is not None
            assert (error.reference, error.what) == ("one-time-code-refused", "Wrong code.")
            assert "key of your codes" in error.next_step
            assert len(site.codes()) == 2
            with pytest.raises(CredentialRefused):
                await here.grants.credential(NAMED)

    asyncio.run(story())


def test_where_it_may_be_the_password_nothing_is_tried_again_and_that_is_said() -> None:
    async def story() -> None:
        async with records(CODED_PAGES.replace('refused = "code"\n', "")) as (here, site):
            site.use()
            await came_to(here, "ready", "failed")
            error = here.view("records").error
            assert error is not None
            assert error.reference == "sign-on-refused"
            assert "may have been the one-time code" in error.next_step
            assert (len(site.codes()), site.passwords()) == (1, 1)

    asyncio.run(story())


def test_a_refused_password_is_not_given_again_where_the_code_is_told_apart() -> None:
    async def story() -> None:
        async with records(kept=replace(OWN, password=Secret("an old one"))) as (here, site):
            await came_to(here, "ready", "failed")
            error = here.view("records").error
            assert error is not None
            assert error.reference == "sign-on-refused"
            assert "one-time code" not in error.next_step
            assert (site.codes(), site.passwords()) == ([], 1)

    asyncio.run(story())


def test_while_it_waits_that_is_shown_and_closing_it_is_the_end_of_it() -> None:
    async def story() -> None:
        clock = Gate(NOON_S)
        async with records(clock=clock) as (here, site):
            site.use()
            here.launches.open(here.entries["records"])
            await here.until(lambda: here.view("records").code_at)
            assert here.view("records").state == "queued"
            assert "records" not in here.surfaces.open
            here.launches.close("records")
            clock.open.set()
            await here.until(lambda: not here.launches._closed)
            assert len(site.codes()) == 1
            assert [one.outcome for one in here.records] == ["cancelled"]

    asyncio.run(story())


def test_a_code_that_was_given_out_here_is_waited_for_before_the_page_is_made() -> None:
    async def story() -> None:
        clock = Gate(NOON_S)
        async with records(clock=clock) as (here, site):
            await came_to(here, "ready", "failed")
            here.launches.close("records")
            here.launches.open(here.entries["records"])
            await here.until(lambda: here.view("records").code_at)
            assert "records" not in here.surfaces.open
            clock.open.set()
            await here.until(lambda: here.view("records").state in ("ready", "failed"))
            assert here.view("records").state == "ready"
            assert here.view("records").code_at == 0.0
            assert len(set(site.codes())) == 2

    asyncio.run(story())


ONCE = """
import pathlib, sys
told = pathlib.Path(sys.argv[1])
given = [sys.stdin.readline().strip() for _ in range(3)]
codes = told.read_text().split() if told.exists() else []
told.write_text(" ".join([*codes, given[2]]))
print("READY" if codes else "WRONG CODE", flush=True)
sys.stdin.read()
"""


def test_a_program_that_refused_the_code_is_ended_and_begun_again_with_the_next(tmp_path: Path) -> None:
    told = tmp_path / "told"
    entry = program("-c", ONCE, str(told), give="stdin", markers=("failed = WRONG CODE", "ready = READY"))
    entry = entry.replace('"{password}"]', '"{password}", "{otp}"]\notp = true\ncredential = "store"')
    entry = entry.replace('text = "WRONG CODE"\n', 'text = "WRONG CODE"\nrefused = "code"\n')

    async def story() -> None:
        async with desk({"records": entry}, {}, kept=OWN, clock=Clock(NOON_S)) as here:
            await came_to(here, "ready", "failed")
            assert here.view("records").state == "ready"
            assert len(set(told.read_text().split())) == 2
            assert here.launches.running_programs() == ("records",)

    asyncio.run(story())


def test_a_host_that_refused_the_code_is_called_again_and_once_only(tmp_path: Path, mocker_host: Mocker3270) -> None:
    name, field = t.MOCKER[0]["fill"]  # type: ignore[misc]
    logon = {**t.MOCKER[0], "fill": [name, {**field, "value": "{otp}"}]}  # a code in the place of the password
    screens = (logon, t.MOCKER[1], {**t.MOCKER[2], "refused": "code"})
    spec = {**t.tn3270(mocker_host.port, mocker3270.CODE_PAGE), "otp": True, "credential": "store"}
    quick = Secret(f"otpauth://totp/alice?secret={SEED.reveal()}&period=1")
    own = replace(t.MOCKER_OWN, seed=quick)
    made = t.bench(tmp_path, {"records": t.terminal(spec, screens)}, {"records": own})

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("records"))
            failed = await here.launch("records", "ready", "failed")
            assert failed.error is not None
            assert failed.error.reference == "one-time-code-refused"
            called = [one.phase for one in failed.phases]
            assert called.count("reach") == 2

    t.play(story)
