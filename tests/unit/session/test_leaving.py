"""Logging off: what is lost is named first, everything that was started ends, and nothing secret was said."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.identity.officer import OfficerId
from launcher.residue.patterns import Patterns
from launcher.residue.tree import processes
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.favourites import Favourites
from launcher.session.snapshot import LeavingView
from launcher.wire import messages as m
from launcher.wire.records import LaunchRecord
from tests.unit.session.bench import PASSWORD, Bench, console, program

OWN_NAME, OWN_PASSWORD = "4471-case", "larch-ember-305719"


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    """The accounts of a records console, as the demo writes them."""
    salt = os.urandom(16)
    digest = hashlib.scrypt(OWN_PASSWORD.encode(), salt=salt, n=2**12, r=8, p=1).hex()
    file = tmp_path / "accounts.json"
    file.write_text(json.dumps({OWN_NAME: {"salt": salt.hex(), "hash": digest}}))
    return file


def give(system: str, password: str = OWN_PASSWORD) -> c.GiveCredential:
    return c.GiveCredential(system, OWN_NAME, Secret(password))


@pytest.mark.parametrize("how", ["stdin", "descriptor"])
def test_a_program_is_signed_on_and_named_before_the_log_off(tmp_path: Path, accounts: Path, how: str) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b", {"case": console(accounts, give=how)}).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("case"))
            await here.launch("case", "needs")
            here.send(give("case", "wrong-larch-ember"))
            failed = await here.launch("case", "failed")
            assert failed.error is not None
            assert failed.error.reference == "sign-on-refused"
            here.send(c.RetrySystem("case"))
            await here.launch("case", "needs")
            here.send(give("case"))
            ready = await here.launch("case", "ready")
            assert (ready.running, ready.signed_on_as) == (True, OWN_NAME)
            assert ready.output[0] == "Case File: waiting for name and password"
            here.send(c.LogOff())
            now = await here.until(lambda now: now.leaving is not None)
            assert now.leaving == LeavingView(running=("case",), edited=())
            here.send(c.StayLoggedOn())
            await here.until(lambda now: now.leaving is None)
            here.surfaces.typed_in = ("crime-recording",)
            here.send(c.LogOff())
            now = await here.until(lambda now: now.leaving is not None)
            assert now.leaving == LeavingView(running=("case",), edited=("crime-recording",))
            here.send(c.LogOff(confirmed=True))
            await here.ended()
            assert len(here.watched.of(m.LoggingOff)) == 1
            assert here.now.stage == "ending"
            told = [type(one).__name__ for one in here.watched.told]
            assert told.index("LoggingOff") < told.index("LeavingPhase")
            said = here.watched.everything()
            assert not [one for one in (PASSWORD, OWN_PASSWORD, "wrong-larch-ember") if one in said]
            assert {one.outcome for one in here.watched.records() if isinstance(one, LaunchRecord)} == {
                "failed", "ready",
            }  # fmt: skip

    asyncio.run(play())


def test_nothing_to_lose_is_not_asked_about(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b", {"gone": program("-c", "print('READY')")}).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("gone"))
            await here.launch("gone", "ready")
            await here.until(lambda now: not now.launches[0].running)  # it ended by itself, and that is seen
            here.send(c.LogOff())
            await here.ended()
            assert here.watched.of(m.LoggingOff)

    asyncio.run(play())


RUNS_AWAY = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.close(0); os.close(1); os.close(2)
        time.sleep(600)
    os._exit(0)
os.wait()
print("READY", flush=True)
time.sleep(600)
"""


def test_what_a_program_started_ends_with_the_session_wherever_it_went(tmp_path: Path) -> None:
    mark = f"runs-away-{os.getpid()}-{tmp_path.name}"

    def marked() -> list[int]:
        found = []
        for pid, row in processes().items():
            try:
                here = mark.encode() in Path(f"/proc/{pid}/cmdline").read_bytes() and not row.zombie
            except OSError:
                continue
            found += [pid] if here else []
        return found

    async def play() -> None:
        entries = {"away": program("-c", RUNS_AWAY, mark)}
        async with Bench(tmp_path / "b", entries).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("away"))
            await here.launch("away", "ready")
            assert len(marked()) == 2
            here.send(m.End(reason="reset", deadline_ms=1000))
            await here.ended()
            assert marked() == []

    asyncio.run(play())


def test_canaries_are_told_masked_and_hold_everything(tmp_path: Path, accounts: Path) -> None:
    async def play() -> None:
        bench = Bench(tmp_path / "b", {"case": console(accounts)}, residue_check=True)
        async with bench.session() as here:
            here.surfaces.cookies = (b"a-cookie-of-the-session",)
            await here.log_on()
            # A session that is killed has no last word: at the log on, and after every launch.
            await here.heard(lambda: here.watched.of(m.Canaries))
            here.send(c.OpenSystem("case"))
            await here.launch("case", "needs")
            here.send(give("case"))
            await here.launch("case", "ready")
            here.send(c.LogOff(confirmed=True))
            await here.ended()
            told = here.watched.of(m.Canaries)
            assert len(told) == 3
            last = Patterns.from_wire(told[-1])
            for secret in (PASSWORD, OWN_PASSWORD, "a-cookie-of-the-session"):
                for form in (secret.encode(), base64.b64encode(secret.encode()), secret.encode("utf-16-le")):
                    assert last.found_in(b"..." + form + b"..."), secret
                assert secret not in here.watched.everything()
                assert base64.b64encode(secret.encode()).decode() not in here.watched.everything()

    asyncio.run(play())


def test_without_a_residue_check_no_canary_leaves_the_process(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b").session() as here:
            await here.log_on()
            here.send(c.LogOff())
            await here.ended()
            assert here.watched.of(m.Canaries) == []

    asyncio.run(play())


def test_closing_a_stubborn_program_holds_no_other_command_up(tmp_path: Path) -> None:
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print('READY', flush=True); time.sleep(600)"
    entries = {"stubborn": program("-c", stubborn), "other": program("-c", "print('READY', flush=True); input()")}

    async def play() -> None:
        async with Bench(tmp_path / "b", entries).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("stubborn"))
            await here.launch("stubborn", "ready")
            here.send(c.CloseSystem("stubborn"), c.OpenSystem("other"))
            other = await here.launch("other", "ready")
            assert other.took_ms is not None
            alive = [row for row in processes().values() if row.parent == os.getpid() and not row.zombie]
            assert len(alive) >= 2  # the stubborn one is still being asked to end
            here.send(c.LogOff(confirmed=True))
            await here.ended()

    asyncio.run(play())


ASKED = """
import signal, sys, time
from pathlib import Path
def asked(*_):
    Path(sys.argv[1]).write_text("asked")
    sys.exit()
signal.signal(signal.SIGTERM, asked)
print("READY", flush=True)
while True:
    time.sleep(0.1)
"""


def test_a_program_that_was_closed_in_the_breath_before_the_end_is_asked_and_ended_too(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    bench = Bench(tmp_path / "b", {"one": program("-c", ASKED, str(mark))})

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("one"))
            await here.launch("one", "ready")
            here.send(c.CloseSystem("one"), c.LogOff(confirmed=True))
            await here.ended()
            assert asyncio.all_tasks() == {asyncio.current_task()}  # nobody reads what it says any more

    asyncio.run(play())
    assert mark.read_text() == "asked"


def test_favourites_are_kept_in_the_order_they_were_chosen(tmp_path: Path) -> None:
    entries = {name: program("-c", "") for name in ("one", "two", "three")}
    bench = Bench(tmp_path / "b", entries)

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            chosen = [c.SetFavourite(one, on=True) for one in ("one", "two", "three", "nobody-knows-it")]
            here.send(*chosen, c.SetFavourite("two", on=False))
            now = await here.until(lambda now: now.favourites == {"one", "three"})
            assert "nobody-knows-it" not in now.favourites
        async with bench.session() as here:
            await here.log_on(name="2210")
            assert here.now.favourites == frozenset()
        async with bench.session() as here:
            await here.log_on()
            assert here.now.favourites == {"one", "three"}
        names = [file.name for file in (bench.where.state / "favourites").iterdir()]
        assert len(names) == 1
        assert "4471" not in names[0]

    asyncio.run(play())


def test_favourites_that_cannot_be_read_or_written_cost_nothing_else(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "b", {"one": program("-c", "")})
    (bench.where.state / "favourites").write_text("a file where a folder belongs")

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            here.send(c.SetFavourite("one", on=True))
            await here.until(lambda now: now.favourites == {"one"})
            here.send(c.LogOff())
            await here.ended()

    asyncio.run(play())


class Broken(Favourites):
    """Favourites that break where nobody expects it."""

    def keep(self, officer: OfficerId, systems: frozenset[str]) -> None:
        raise ValueError("a fault of ours")


def test_a_sign_off_that_breaks_keeps_nothing_else_from_ending(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    entries = {"one": program("-c", "print('READY', flush=True); input()")}

    async def play() -> None:
        broken = Broken(tmp_path / "favourites")
        bench = Bench(tmp_path / "b", entries, change=lambda made: replace(made, favourites=broken))
        async with bench.session() as here:
            await here.log_on()
            here.send(c.SetFavourite("one", on=True), c.LogOff(confirmed=True))
            await here.ended()
            last = here.watched.of(m.LeavingPhase)[-1]
            assert (last.phase, last.ended) == ("sign_off", True)

    asyncio.run(play())
    where = f"{__name__}:{Broken.keep.__code__.co_firstlineno + 1}"
    assert f"a sign-off failed: ValueError at {where}" in caplog.messages
