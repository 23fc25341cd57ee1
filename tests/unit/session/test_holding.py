"""What an end would lose is told as counts and named to its officer; what was open is opened again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from launcher.identity.officer import Officer
from launcher.identity.proof import Accepted, Proof, Stopwatch
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.parts import Parts
from launcher.timings.boot_clock import boot_time_s
from launcher.wire import messages as m
from tests.unit.session.bench import NAME, PASSWORD, Bench, Running, program
from tests.unit.session.lock_bench import LOCK, WAITS, LockBench, locked, pin
from tests.unit.session.paper_directory import PaperDirectory

ON_DEMAND = program("-c", "print('READY', flush=True); input()", more='open = "on demand"\n')
ENTRIES = {"one": WAITS, "two": WAITS, "later": ON_DEMAND}


def holds(here: Running) -> m.Holds:
    return here.watched.of(m.Holds)[-1]


def test_what_is_open_is_told_at_each_change_and_once(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b", ENTRIES).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("two"), c.OpenSystem("one"))
            await here.launch("one", "ready")
            await here.launch("two", "ready")
            await here.heard(lambda: holds(here).running == 2)
            assert holds(here).systems == ("two", "one")
            here.send(c.CloseSystem("two"))
            await here.heard(lambda: holds(here).systems == ("one",))
            assert holds(here).running == 1
            here.send(c.OpenSystem("two"))  # waits for the end of the one that was closed
            await here.launch("two", "ready")
            assert holds(here).systems == ("one", "two")
            told = here.watched.of(m.Holds)
            assert all(before != after for before, after in pairwise(told))

    asyncio.run(play())


def test_the_warning_counts_what_is_edited_and_goes_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.session.holding.LOOK_S", 0.05)

    async def play() -> None:
        async with LockBench(tmp_path / "b", ENTRIES).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("one"))
            await here.launch("one", "ready")
            here.surfaces.typed_in = ("one",)
            before = boot_time_s()
            here.send(m.LockSoon(in_s=60.0))
            now = await here.until(lambda now: now.locks_at is not None)
            assert now.locks_at is not None
            assert now.locks_at >= before + 60.0
            await here.heard(lambda: holds(here).unsaved == 1)
            await here.until(lambda now: now.unsent == ("one",))
            here.surfaces.typed_in = ()  # it was sent meanwhile
            await here.until(lambda now: not now.unsent)
            here.surfaces.typed_in = ("one",)
            await here.until(lambda now: now.unsent == ("one",))
            here.send(m.LockSoon(in_s=None))
            now = await here.until(lambda now: now.locks_at is None)
            assert now.unsent == ()
            here.send(m.LockSoon(in_s=60.0))
            await here.until(lambda now: now.locks_at is not None and now.unsent)
            await locked(here)
            assert (here.now.locks_at, here.now.unsent) == (None, ())

    asyncio.run(play())


def test_an_end_that_is_not_theirs_names_what_it_loses_and_they_may_go_before_it(tmp_path: Path) -> None:
    async def play() -> None:
        async with LockBench(tmp_path / "b", ENTRIES).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("one"), c.OpenSystem("two"))
            await here.launch("one", "ready")
            await here.launch("two", "ready")
            here.surfaces.typed_in = ("two",)
            before = boot_time_s()
            here.send(m.EndSoon(why="sitting-limit", in_s=600.0))
            now = await here.until(lambda now: now.ends is not None and now.ends.edited)
            assert now.ends is not None
            assert (now.ends.why, now.ends.running, now.ends.edited) == ("sitting-limit", ("one", "two"), ("two",))
            assert now.ends.at >= before + 600.0
            assert (holds(here).unsaved, holds(here).running) == (1, 2)  # counted anew, and told before it is named
            here.send(c.CloseSystem("two"))
            now = await here.until(lambda now: now.ends is not None and now.ends.running == ("one",))
            assert now.ends is not None
            assert now.ends.edited == ()
            here.send(c.OpenSystem("two"))  # waits for the end of the one that was closed
            await here.launch("two", "ready")
            await here.until(lambda now: now.ends is not None and now.ends.running == ("one", "two"))
            await locked(here)
            here.send(m.EndSoon(why="reset", in_s=5.0))
            await here.until(lambda now: now.ends is not None and now.ends.why == "reset")

    asyncio.run(play())


def test_they_may_log_off_before_it_without_being_asked_twice(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b", ENTRIES).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("one"))
            await here.launch("one", "ready")
            here.send(m.EndSoon(why="reset", in_s=60.0), c.LogOff(confirmed=True))
            await here.ended()
            assert here.watched.of(m.LoggingOff)

    asyncio.run(play())


def test_what_was_open_is_opened_again_but_for_what_only_the_officer_opens(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b", ENTRIES).session() as here:
            await here.log_on()
            here.send(m.Reopen(systems=("two", "later", "nobody-may-see-it", "one")), m.Unresponsive(silent_ms=1.0))
            now = await here.until(lambda now: now.notices)
            assert now.tabs == ()  # a program's window would come over the screen that still says "Logging on"
            here.send(c.LaunchpadResponds())
            await here.launch("one", "ready")
            await here.launch("two", "ready")
            assert here.now.tabs == ("two", "one")
            said = [(one.what, one.text) for one in here.now.notices if one.what.endswith("reopened")]
            assert said == [("reopened", "2"), ("not-reopened", "later nobody-may-see-it")]

    asyncio.run(play())


def test_what_was_open_is_opened_again_though_they_lock_in_the_first_moment(tmp_path: Path) -> None:
    async def play() -> None:
        async with LockBench(tmp_path / "b", ENTRIES).session() as here:
            await here.log_on()
            here.send(c.LaunchpadResponds(), c.SetPin(pin()))
            here.send(c.Lock(), m.Reopen(systems=("one", "later")), c.LockPainted())
            await here.heard(lambda: here.watched.of(m.Locked))
            assert (holds(here).systems, holds(here).running) == (("one",), 0)  # a program waits for its officer
            here.send(c.GivePin(pin()), c.WorkResponds())
            await here.launch("one", "ready")
            assert [(one.what, one.text) for one in here.now.notices if one.what == "reopened"] == [("reopened", "1")]

    asyncio.run(play())


def test_where_nothing_is_opened_again_only_what_is_missing_is_said(tmp_path: Path) -> None:
    async def play() -> None:
        async with Bench(tmp_path / "b", ENTRIES).session() as here:
            await here.log_on()
            here.send(c.LaunchpadResponds(), m.Reopen(systems=("later", "gone")), m.Unresponsive(silent_ms=1.0))
            now = await here.until(lambda now: len(now.notices) == 2)
            assert sorted(one.what for one in now.notices) == ["not-answered", "not-reopened"]
            assert now.tabs == ()

    asyncio.run(play())


def test_that_somebody_is_there_is_passed_on(tmp_path: Path) -> None:
    async def play() -> None:
        async with LockBench(tmp_path / "b").session() as here:
            here.send(c.Touched(), c.Playing(on=True))  # nobody is signed in: nobody is there
            await here.log_on()
            assert here.watched.of(m.Touched) == []
            here.send(c.Playing(on=True), c.Touched(), c.Playing(on=False))
            await here.heard(lambda: len(here.watched.of(m.Playing)) == 2)
            assert [one.on for one in here.watched.of(m.Playing)] == [True, False]
            assert len(here.watched.of(m.Touched)) == 1

    asyncio.run(play())


def test_a_film_that_the_lock_hides_is_told_of_and_again_when_it_is_seen_again(tmp_path: Path) -> None:
    async def play() -> None:
        async with LockBench(tmp_path / "b").session() as here:
            await here.log_on()
            here.send(c.SetPin(pin()), c.Playing(on=True))
            here.send(c.Lock(), c.Playing(on=False), c.LockPainted())  # the window says so as its pages are hidden
            await here.heard(lambda: here.watched.of(m.Locked))
            assert [one.on for one in here.watched.of(m.Playing)] == [True, False]
            here.send(c.GivePin(pin()), c.Playing(on=True), c.WorkResponds())
            await here.heard(lambda: here.watched.of(m.Unlocked))
            assert [one.on for one in here.watched.of(m.Playing)] == [True, False, True]

    asyncio.run(play())


class Viewers(PaperDirectory):
    """A directory whose officers may only look."""

    async def sign_in(self, proof: Proof, watch: Stopwatch) -> Accepted:
        accepted = await super().sign_in(proof, watch)
        viewer: Officer = replace(accepted.officer, groups=frozenset({"all-staff", "view-only"}))
        return replace(accepted, officer=viewer)


@pytest.mark.parametrize("method", ["local", "viewers"])
def test_the_station_is_told_who_is_there_and_whether_they_lock(tmp_path: Path, method: str) -> None:
    def change(parts: Parts) -> Parts:
        return replace(parts, methods={**parts.methods, "viewers": Viewers()})

    async def play() -> None:
        async with Bench(tmp_path / "b", limits=LOCK, change=change).session() as here:
            here.send(m.Show(), c.SubmitPassword(method, NAME, Secret(PASSWORD)))
            now = await here.until(lambda now: now.stage == "signed-in")
            (told,) = here.watched.of(m.SignedIn)
            assert (told.number, told.name, told.locks) == (NAME, "A. Okafor", method == "local")
            assert told.user_name == NAME
            assert now.lock_after_s == (300.0 if method == "local" else 0.0)

    asyncio.run(play())
