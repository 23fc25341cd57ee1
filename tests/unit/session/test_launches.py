"""Opening systems: together, each on its own, with credentials asked once, and closed at any moment."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from launcher.grants.credential import Credential
from launcher.grants.keeping import credential_store
from launcher.identity.officer import OfficerId
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.timings import own_ms
from launcher.wire import messages as m
from tests.contract.drivers.site import NAME as SITE_NAME
from tests.contract.drivers.site import PASSWORD as SITE_PASSWORD
from tests.contract.drivers.site import Site, served
from tests.unit.session.bench import PASSWORD, Bench, page, program

WRONG = "wrong-for-the-site"
DEAD = "https://127.0.0.1:9/"  # discard: nothing listens
SAYS = "import sys; print('READY', flush=True); sys.stdin.read()"


@dataclass
class OneSite:
    """A site on a port, for whoever asks whether it is there, and by call, for the paper pages."""

    origin: str
    site: Site


@contextmanager
def one_site() -> Iterator[OneSite]:
    site = Site()
    with served(site) as origin:
        yield OneSite(origin, site)


def bench(folder: Path, on: OneSite | None, entries: Mapping[str, str], **more: object) -> Bench:
    sites = {on.origin: on.site} if on else {}
    return Bench(folder / "b", entries, sites, **more)  # type: ignore[arg-type]


GIVE = c.GiveCredential("logon", SITE_NAME, Secret(SITE_PASSWORD))


def test_all_open_together_and_one_that_fails_ends_no_other(tmp_path: Path) -> None:
    async def play(on: OneSite) -> None:
        entries = {
            "main": page(on.origin, "/main", sign_on="none"),
            "dead": page(DEAD, "", sign_on="none"),
            "console": program("-c", SAYS),
            "gone": program("-c", "print('bye')"),
            "later": program("-c", SAYS, more='open = "on demand"\n'),
        }
        async with bench(tmp_path, on, entries).session() as here:
            await here.log_on()
            assert set(here.now.my_systems) == {"main", "dead", "console", "gone"}
            here.send(c.OpenMySystems())
            now = await here.until(lambda now: now.round is not None and now.round.took_ms is not None)
            assert {one.system: one.state for one in now.launches} == {
                "main": "ready", "dead": "failed", "console": "ready", "gone": "failed",
            }  # fmt: skip
            errors = {one.system: one.error.reference for one in now.launches if one.error}
            assert errors == {"dead": "system-unreachable", "gone": "system-ended"}
            assert set(now.tabs) == {"main", "dead", "console", "gone"}
            records = here.watched.launch_records()
            assert sorted(one.system for one in records) == ["console", "dead", "gone", "main"]
            assert {one.system: one.outcome for one in records}["main"] == "ready"
            assert {one.prompts for one in records} == {0}
            phases = {one.system: {span.phase for span in one.phases} for one in records}
            assert {"policy", "queue", "reach", "spawn", "load", "ready"} <= phases["main"]
            assert {"policy", "queue", "spawn", "ready"} <= phases["console"]
            assert {one.system for one in now.notices} == {"main", "console"}
            # Pressed again with everything open: the round is over at once, and nothing is opened twice.
            here.send(c.OpenMySystems(), c.OpenSystem("main"), c.OpenSystem("nobody-knows-it"))
            before = now.round
            again = await here.until(lambda now: now.round != before and now.round and now.round.took_ms is not None)
            assert again.launches == now.launches
            assert len(here.watched.launch_records()) == 4

    with one_site() as on:
        asyncio.run(play(on))


def test_no_systems_is_a_round_that_is_over(tmp_path: Path) -> None:
    async def play() -> None:
        async with bench(tmp_path, None, {}).session() as here:
            await here.log_on()
            here.send(c.OpenMySystems())
            await here.until(lambda now: now.round is not None and now.round.took_ms is not None)

    asyncio.run(play())


def test_a_missing_credential_is_asked_for_once_and_kept(tmp_path: Path) -> None:
    async def play(on: OneSite) -> None:
        desk = bench(tmp_path, on, {"logon": page(on.origin)})
        async with desk.session() as here:
            await here.log_on()
            here.send(c.LaunchpadResponds())
            assert (await here.until(lambda now: now.will_ask)).will_ask == {"logon"}
            here.send(c.OpenSystem("logon"))
            asked = await here.launch("logon", "needs")
            assert (asked.needs, asked.error, asked.took_ms) == ("credential", None, None)
            assert on.site.requests == []
            here.send(c.GiveCredential("other", "x", Secret("nobody-asked-for")), GIVE)
            ready = await here.launch("logon", "ready")
            assert ready.signed_on_as == SITE_NAME
            assert here.watched.now.will_ask == frozenset()
            (record,) = here.watched.launch_records()
            assert (record.prompts, record.outcome, record.sign_on) == (1, "ready", "form")
            assert [one.phase for one in record.phases if one.human] == ["person"]
            assert SITE_PASSWORD not in here.watched.everything()
        async with desk.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("logon"))
            await here.launch("logon", "ready")
            assert here.watched.launch_records()[0].prompts == 0
        assert on.site.passwords == [SITE_PASSWORD, SITE_PASSWORD]
        kept = [file.read_bytes() for file in desk.where.state.rglob("*") if file.is_file()]
        assert kept
        assert not [one for one in kept if SITE_PASSWORD.encode() in one]

    with one_site() as on:
        asyncio.run(play(on))


def test_a_refused_credential_is_never_tried_twice(tmp_path: Path) -> None:
    async def play(on: OneSite) -> None:
        desk = bench(tmp_path, on, {"logon": page(on.origin)})
        store = credential_store("file", desk.where.state)
        await store.put(OfficerId("local", "id-4471"), "logon", Credential(SITE_NAME, Secret(WRONG)))
        async with desk.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("logon"))
            failed = await here.launch("logon", "failed")
            assert failed.error is not None
            assert (failed.error.reference, failed.error.retryable) == ("sign-on-refused", True)
            here.send(c.RetrySystem("logon"))
            asked = await here.launch("logon", "needs")
            assert asked.error is not None
            assert asked.error.reference == "credential-refused"
        async with desk.session() as here:  # nor at the next sitting
            await here.log_on()
            here.send(c.OpenSystem("logon"))
            await here.launch("logon", "needs")
            assert on.site.passwords == [WRONG]
            here.send(GIVE)
            await here.launch("logon", "ready")
            assert WRONG not in here.watched.everything()
        assert on.site.passwords == [WRONG, SITE_PASSWORD]

    with one_site() as on:
        asyncio.run(play(on))


def test_where_the_log_ons_own_password_is_refused_the_officer_is_asked(tmp_path: Path) -> None:
    async def play(on: OneSite) -> None:
        entry = page(on.origin).replace('sign_on = "form"\n', 'sign_on = "form"\ncredential = "sign-in"\n')
        desk = bench(tmp_path, on, {"logon": entry})
        async with desk.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("logon"))
            await here.launch("logon", "failed")
            here.send(c.RetrySystem("logon"))
            await here.launch("logon", "needs")
            here.send(GIVE)
            ready = await here.launch("logon", "ready")
            assert ready.signed_on_as == SITE_NAME
            here.send(c.RetrySystem("logon"))
            await here.heard(lambda: len(here.watched.launch_records()) == 3)
            assert [one.outcome for one in here.watched.launch_records()] == ["failed", "ready", "ready"]
        assert on.site.passwords == [PASSWORD, SITE_PASSWORD, SITE_PASSWORD]

    with one_site() as on:
        asyncio.run(play(on))


def test_closed_while_it_asks_and_opened_again(tmp_path: Path) -> None:
    async def play(on: OneSite) -> None:
        async with bench(tmp_path, on, {"logon": page(on.origin)}).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("logon"))
            await here.launch("logon", "needs")
            here.send(c.CloseSystem("logon"), GIVE)  # too late: nobody asks any more
            await here.until(lambda now: not now.tabs)
            here.send(c.OpenSystem("logon"), c.CloseSystem("logon"), c.OpenSystem("logon"), c.RetrySystem("logon"))
            await here.launch("logon", "needs")
            here.send(GIVE)
            await here.launch("logon", "ready")
            outcomes = [one.outcome for one in here.watched.launch_records()]
            assert outcomes == ["cancelled"] * 3 + ["ready"]
        assert on.site.passwords == [SITE_PASSWORD]

    with one_site() as on:
        asyncio.run(play(on))


def test_a_system_that_is_opened_again_keeps_its_place_all_the_while(tmp_path: Path) -> None:
    async def play(on: OneSite) -> None:
        entries = {name: page(on.origin, "/main", sign_on="none") for name in ("main", "other")}
        async with bench(tmp_path, on, entries).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("main"), c.OpenSystem("other"))
            await here.launch("main", "ready")
            await here.launch("other", "ready")
            drawn = len(here.watched.snapshots)
            here.send(c.RetrySystem("main"))
            await here.heard(lambda: len(here.watched.launch_records()) == 3)
            # Were it gone for one picture only, another tab would come forward and take what is typed.
            assert {one.tabs for one in here.watched.snapshots[drawn:]} == {("main", "other")}

    with one_site() as on:
        asyncio.run(play(on))


def test_closed_while_its_page_is_made_nothing_stays_open(tmp_path: Path) -> None:
    async def play(on: OneSite) -> None:
        async with bench(tmp_path, on, {"main": page(on.origin, "/main", sign_on="none")}).session() as here:
            await here.log_on()
            here.surfaces.held = asyncio.Event()
            here.send(c.OpenSystem("main"))
            await here.surfaces.making.wait()
            here.send(c.CloseSystem("main"), c.OpenSystem("main"))
            here.surfaces.held.set()
            await here.launch("main", "ready")
            assert list(here.surfaces.open) == ["main"]  # the close of the old page did not take the new one
            here.send(c.RetrySystem("main"))
            await here.heard(lambda: len(here.watched.launch_records()) == 3)
            await here.launch("main", "ready")
            assert list(here.surfaces.open) == ["main"]
            here.send(c.CloseSystem("main"), c.CloseSystem("main"))
            await here.until(lambda now: not now.tabs)
            assert [one.outcome for one in here.watched.launch_records()] == ["cancelled", "ready", "ready"]

    with one_site() as on:
        asyncio.run(play(on))


def test_a_launch_that_waits_for_its_turn_can_be_closed_and_holds_no_place(tmp_path: Path) -> None:
    async def play(on: OneSite) -> None:
        entries = {name: page(on.origin, "/main", sign_on="none") for name in ("first", "second", "third")}
        async with bench(tmp_path, on, entries, limits="parallel_launches = 1").session() as here:
            await here.log_on()
            here.surfaces.held = asyncio.Event()
            here.send(c.OpenSystem("first"))
            await here.surfaces.making.wait()
            here.send(c.OpenSystem("second"), c.OpenSystem("third"))
            waiting = await here.launch("second", "queued")
            assert waiting.took_ms is None
            here.send(c.CloseSystem("second"))
            await here.until(lambda now: "second" not in now.tabs)
            assert set(here.surfaces.open) == {"first"}
            here.surfaces.held.set()
            await here.launch("third", "ready")
            records = {one.system: one for one in here.watched.launch_records()}
            assert records["second"].outcome == "cancelled"
            assert "queue" in {one.phase for one in records["third"].phases}

    with one_site() as on:
        asyncio.run(play(on))


def test_a_session_that_ends_mid_launch_leaves_nothing(tmp_path: Path) -> None:
    async def play(on: OneSite) -> None:
        entries = {"logon": page(on.origin), "main": page(on.origin, "/main", sign_on="none")}
        async with bench(tmp_path, on, entries, residue_check=True).session() as here:
            await here.log_on()
            here.surfaces.held = asyncio.Event()
            here.send(c.OpenMySystems())
            await here.surfaces.making.wait()
            await here.launch("logon", "needs")
            here.send(m.End(reason="station-stopping", deadline_ms=1000))
            await here.ended()
            assert {one.outcome for one in here.watched.launch_records()} == {"cancelled"}
            assert len(here.watched.launch_records()) == 2

    with one_site() as on:
        asyncio.run(play(on))


def test_opened_and_logged_off_in_one_breath(tmp_path: Path) -> None:
    async def play() -> None:
        async with bench(tmp_path, None, {"console": program("-c", SAYS)}).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("console"), c.SetFavourite("console", on=True), c.LogOff(confirmed=True))
            await here.ended()
            assert len(here.watched.of(m.LoggingOff)) == 1
            favourites = [json.loads(file.read_text()) for file in (tmp_path / "b/state/favourites").iterdir()]
            assert favourites == [["console"]]

    asyncio.run(play())


def test_an_officer_finishes_by_hand(tmp_path: Path) -> None:
    async def play(on: OneSite) -> None:
        marker = '[[marker]]\nmeans = "notice"\nselector = "#logon"\nsays = "Read this."\n'
        marker += '[[marker]]\nmeans = "ready"\nselector = "#main"\n'
        entry = page(on.origin, "/logon", sign_on="none", markers=marker)
        async with bench(tmp_path, on, {"logon": entry}).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("logon"))
            needs = await here.launch("logon", "needs")
            assert (needs.needs, needs.says) == ("notice", "Read this.")
            tab = here.surfaces.open["logon"]
            await tab.fill("#name", Secret(SITE_NAME))
            await tab.fill("#password", Secret(SITE_PASSWORD))
            await tab.press("#go", "")
            await here.launch("logon", "ready")
            (record,) = here.watched.launch_records()
            assert (record.outcome, record.prompts) == ("ready", 1)
            (theirs,) = [one for one in record.phases if one.human]
            assert (theirs.phase, own_ms(record)) == ("person", pytest.approx(record.total_ms - theirs.duration_ms))

    with one_site() as on:
        asyncio.run(play(on))


@pytest.mark.parametrize("end", ["closed", "log-off"])
def test_an_opening_whose_notice_nobody_reads_is_recorded_when_it_ends(tmp_path: Path, end: str) -> None:
    async def play(on: OneSite) -> None:
        marker = '[[marker]]\nmeans = "notice"\nselector = "#logon"\n[[marker]]\nmeans = "ready"\nselector = "#main"\n'
        entry = page(on.origin, "/logon", sign_on="none", markers=marker)
        async with bench(tmp_path, on, {"logon": entry}).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("logon"))
            assert (await here.launch("logon", "needs")).took_ms is None
            assert here.watched.launch_records() == []
            here.send(c.CloseSystem("logon") if end == "closed" else c.LogOff(confirmed=True))
            await here.heard(lambda: here.watched.launch_records())
            (record,) = here.watched.launch_records()
            assert (record.outcome, record.prompts, record.phases[-1].phase) == ("notice", 1, "person")

    with one_site() as on:
        asyncio.run(play(on))


def test_a_system_with_no_proof_is_unknown_and_never_guessed(tmp_path: Path) -> None:
    async def play(on: OneSite) -> None:
        entry = page(on.origin, "/late", sign_on="none", markers='[[marker]]\nmeans = "ready"\nselector = "#never"\n')
        entry = entry.replace("within_s = 20", "within_s = 0.05")
        async with bench(tmp_path, on, {"late": entry}).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("late"))
            needs = await here.launch("late", "needs")
            assert needs.needs == "finish"
            assert here.watched.launch_records()[0].reference == "sign-on-timed-out"
            assert here.surfaces.open  # the tab is left for the officer

    with one_site() as on:
        asyncio.run(play(on))
