"""Locking: the face first, then all else; what the station is told; what is done and not done behind the face."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from launcher.residue.tree import descendants
from launcher.session import commands as c
from launcher.wire import messages as m
from tests.unit.session.bench import PASSWORD, program
from tests.unit.session.lock_bench import WAITS, LockBench, face, locked, pin, resumed_by_proof


def test_the_face_is_drawn_first_and_the_station_told_last(tmp_path: Path) -> None:
    bench = LockBench(tmp_path / "b", {"one": WAITS})

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("one"))
            await here.launch("one", "ready")
            here.surfaces.typed_in = ("one",)
            bench.windows.held = asyncio.Event()
            here.send(c.Lock(), c.LockPainted())
            now = await here.until(lambda now: now.stage == "locked")
            assert now.lock is not None
            assert (now.lock.why, now.lock.pin, now.lock.behind, now.lock.running) == ("asked", False, False, ("one",))
            await here.until(lambda now: now.lock is not None and now.lock.unsaved == ("one",))
            assert now.lock.ends_at is not None
            assert now.lock.ends_at - now.lock.pin_until == pytest.approx(6900.0, abs=1.0)
            assert bench.windows.stages == ["locked"]
            assert here.watched.of(m.Locked) == []  # something may still be seen
            bench.windows.held.set()
            await here.heard(lambda: here.watched.of(m.Locked))
            assert sorted(here.surfaces.acts) == ["give up clipboard", "hide", "mute"]
            (told,) = here.watched.of(m.Locked)
            assert (told.why, told.own_face, told.address[:17]) == ("asked", True, "station-launcher-")
            holds = here.watched.of(m.Holds)[-1]
            assert (holds.systems, holds.unsaved, holds.running) == (("one",), 1, 1)
            assert here.watched.told.index(holds) < here.watched.told.index(told)

    asyncio.run(play())


def test_a_programs_windows_come_forward_while_it_runs(tmp_path: Path) -> None:
    bench = LockBench(tmp_path / "b", {"one": WAITS})

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            here.send(c.BringForward("one"), c.OpenSystem("one"))
            await here.launch("one", "ready")
            assert here.surfaces.acts == []
            here.send(c.BringForward("one"))
            await here.heard(lambda: here.surfaces.acts == ["forward"])
            here.send(c.ComeForward())
            await here.heard(lambda: here.surfaces.acts == ["forward", "launcher forward"])

    asyncio.run(play())


def test_a_lock_near_the_end_of_the_sitting_says_that_end(tmp_path: Path) -> None:
    bench = LockBench(tmp_path / "b")

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            bench.clock_s += 43200.0 - 1000.0  # of the longest sitting
            await locked(here)
            ends_at = face(here).ends_at
            assert ends_at is not None
            assert ends_at - face(here).pin_until == pytest.approx(700.0, abs=1.0)

    asyncio.run(play())


def test_a_lock_before_the_launchpad_was_painted_leaves_no_sign_in_unrecorded(tmp_path: Path) -> None:
    async def play() -> None:
        async with LockBench(tmp_path / "b").session() as here:
            await here.log_on()
            here.send(c.Lock(), c.LaunchpadResponds())
            await here.heard(lambda: here.watched.sign_in_records())
            assert here.watched.sign_in_records()[0].outcome == "signed-in"

    asyncio.run(play())


def test_the_lock_key_is_the_sessions_while_an_officer_works_and_no_longer(tmp_path: Path) -> None:
    bench = LockBench(tmp_path / "b")
    acts = bench.lock_key.acts

    async def play() -> None:
        async with bench.session() as here:
            here.send(m.Show())
            await here.until(lambda now: now.stage == "signing-in")
            assert acts == []
            await here.log_on()
            assert acts == ["take"]
            here.send(c.SetPin(pin()))
            await locked(here)
            assert acts == ["take", "give back"]
            here.send(c.Lock(), c.GivePin(pin()))  # a press that was on its way when it was given back
            await here.until(lambda now: now.stage == "signed-in")
            assert acts == ["take", "give back", "take"]
            assert len(here.watched.of(m.Locked)) == 1
        assert acts == ["take", "give back", "take", "give back"]

    asyncio.run(play())


def test_nothing_is_told_before_the_face_is_painted(tmp_path: Path) -> None:
    bench = LockBench(tmp_path / "b")

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            here.send(m.Lock(why="idle"))
            await here.until(lambda now: now.lock is not None)
            await here.heard(lambda: len(here.surfaces.acts) == 3)
            assert face(here).why == "idle"
            assert here.watched.of(m.Locked) == []
            here.send(c.LockPainted())
            await here.heard(lambda: here.watched.of(m.Locked))
            assert here.watched.of(m.Locked)[0].why == "idle"

    asyncio.run(play())


def test_behind_the_face_nothing_is_done(tmp_path: Path) -> None:
    bench = LockBench(tmp_path / "b", {"one": WAITS})

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            told = await locked(here)
            here.send(c.OpenSystem("one"), c.OpenMySystems(), c.LogOff(), c.LogOff(confirmed=True), c.SetPin(pin()))
            here.send(c.LookedAt("one"), m.Lock(), c.Lock(), m.Show(), m.Enter())
            await resumed_by_proof(here, told.address, PASSWORD)
            assert here.now.tabs == ()
            assert not here.now.pin_set
            assert len(here.watched.of(m.Locked)) == 1
            assert here.watched.of(m.LoggingOff) == []

    asyncio.run(play())


def test_a_display_that_cannot_hide_leaves_the_face_to_another_screen(tmp_path: Path) -> None:
    bench = LockBench(tmp_path / "b")

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            here.send(c.SetPin(pin()))
            await here.until(lambda now: now.pin_set)
            bench.windows.breaks = True
            assert not (await locked(here)).own_face
            assert "mute" in here.surfaces.acts  # what one part meets keeps no other from its end

    asyncio.run(play())


def test_locking_again_while_the_work_is_being_shown_hides_it_after_that(tmp_path: Path) -> None:
    bench = LockBench(tmp_path / "b")

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            here.send(c.SetPin(pin()), c.Lock(), c.GivePin(pin()), c.Lock(), c.LockPainted())
            await here.heard(lambda: here.watched.of(m.Locked))
            shown = [act for act in here.surfaces.acts if act in ("hide", "show")]
            assert shown == ["hide", "show", "hide"]
            assert here.surfaces.muted
            assert len(here.watched.of(m.Locked)) == 1

    asyncio.run(play())


WOKEN = """
import signal, sys, time
from pathlib import Path
def woken(*_):
    Path(sys.argv[1]).write_text("woken")
signal.signal(signal.SIGCONT, woken)
signal.signal(signal.SIGTERM, woken)
print("READY", flush=True)
while True:
    time.sleep(600)
"""


def test_what_is_stopped_is_killed_without_being_woken(tmp_path: Path) -> None:
    mark = tmp_path / "woken"
    bench = LockBench(tmp_path / "b", {"one": program("-c", WOKEN, str(mark))})
    others = {row.pid for row in descendants(os.getpid())}  # servers of other tests, and who watches over them

    def stop() -> None:
        for row in descendants(os.getpid()):
            if row.session == row.pid and row.pid not in others:  # each program is the first of a session
                os.kill(row.pid, signal.SIGSTOP)

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("one"))
            await here.launch("one", "ready")
            bench.windows.on_hide = stop
            await locked(here)
            here.send(m.StandBack(), m.End(reason="handed-over", deadline_ms=5000))
            await here.ended()
            phases = [(one.phase, one.ended) for one in here.watched.of(m.LeavingPhase)]
            assert phases == [("stop_apps", False), ("stop_apps", True), ("sign_off", False), ("sign_off", True)]
            assert here.now.stage == "ending"
            assert face(here).behind  # and shows no window while it ends
            assert here.watched.of(m.LoggingOff) == []

    asyncio.run(play())
    assert not mark.exists()
