"""Coming back to a locked session: by PIN within its grace, or by a full proof and what that renews."""

from __future__ import annotations

import asyncio
from pathlib import Path

from launcher.residue.patterns import Patterns
from launcher.session import commands as c
from launcher.wire import messages as m
from tests.unit.session.bench import NAME, PASSWORD
from tests.unit.session.lock_bench import LOCK, PIN, WAITS, LockBench, face, locked, pin, resumed_by_proof


def test_the_pin_opens_the_face_and_the_work_is_drawn_before_it_is_shown(tmp_path: Path) -> None:
    bench = LockBench(tmp_path / "b")

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            assert (here.now.pin_digits, here.now.pin_set) == (8, False)
            here.send(c.SetPin(pin("12345678")))
            now = await here.until(lambda now: now.pin_error is not None)
            assert now.pin_error is not None
            assert (now.pin_error.reference, now.pin_set) == ("pin-too-simple", False)
            here.send(c.SetPin(pin()))
            now = await here.until(lambda now: now.pin_set)
            assert now.pin_error is None
            told = await locked(here)
            assert told.own_face
            assert (face(here).pin, face(here).tries_left) == (True, 3)
            here.surfaces.acts.clear()
            bench.windows.stages.clear()
            here.send(c.GivePin(pin("20491838")))
            await here.until(lambda now: now.lock is not None and now.lock.attempt == 1)
            error = face(here).error
            assert error is not None
            assert (face(here).tries_left, error.reference) == (2, "pin-wrong")
            assert here.surfaces.acts == []
            here.send(c.GivePin(pin()))
            now = await here.until(lambda now: now.stage == "signed-in")
            assert now.lock is None
            here.send(c.WorkResponds(), c.WorkResponds())
            await here.heard(lambda: here.watched.of(m.Unlocked) and len(here.surfaces.acts) == 3)
            (back,) = here.watched.of(m.Unlocked)
            assert (back.by, here.watched.of(m.WantsProof)) == ("pin", [])
            assert sorted(here.surfaces.acts) == ["show", "take back clipboard", "unmute"]
            assert bench.windows.stages == ["signed-in"]
            await locked(here)
            assert face(here).tries_left == 3  # a right one gives all tries back
            assert PIN not in here.watched.everything()

    asyncio.run(play())


def test_who_has_left_the_face_by_mistake_goes_back_to_it_and_types_the_pin(tmp_path: Path) -> None:
    bench = LockBench(tmp_path / "b")

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            here.send(c.SetPin(pin()))
            await locked(here)
            here.send(c.WantProof(), m.StandBack(), c.GivePin(pin()))
            await here.until(lambda now: now.lock is not None and now.lock.behind)
            (wants,) = here.watched.of(m.WantsProof)
            assert (wants.returns, wants.taking_over) == (True, False)
            here.surfaces.acts.clear()
            here.send(m.StandForward())
            await here.until(lambda now: now.lock is not None and not now.lock.behind)
            assert (face(here).pin, face(here).tries_left) == (True, 3)
            here.send(c.LockPainted())
            await here.heard(lambda: here.surfaces.acts == ["hide"])  # and comes in front, with the keys
            here.send(c.GivePin(pin()))
            await here.until(lambda now: now.stage == "signed-in")

    asyncio.run(play())


def test_three_wrong_pins_end_it_until_the_next_full_proof(tmp_path: Path) -> None:
    bench = LockBench(tmp_path / "b")

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            here.send(c.SetPin(pin()))
            told = await locked(here)
            here.send(*(c.GivePin(pin("0000000")) for _ in range(3)), c.GivePin(pin()))
            await here.heard(lambda: here.watched.of(m.WantsProof))
            here.send(c.GivePin(pin()), m.StandBack())
            await here.until(lambda now: now.lock is not None and now.lock.behind)
            assert (face(here).tries_left, face(here).pin, face(here).attempt) == (0, False, 3)
            (wants,) = here.watched.of(m.WantsProof)
            assert (wants.returns, wants.spent) == (False, True)
            await resumed_by_proof(here, told.address, PASSWORD)
            here.send(c.WorkResponds())
            await here.heard(lambda: here.watched.of(m.Unlocked))
            assert here.watched.of(m.Unlocked)[0].by == "proof"
            assert here.now.pin_set
            assert (await locked(here)).own_face

    asyncio.run(play())


def test_a_suspend_ends_the_grace_and_with_it_the_pin(tmp_path: Path) -> None:
    bench = LockBench(tmp_path / "b", {"one": WAITS})

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            here.send(c.SetPin(pin()), c.OpenSystem("one"))
            await here.launch("one", "ready")
            await locked(here)
            assert face(here).running == ("one",)
            bench.clock_s += 301.0  # it slept; no timer of the loop has gone on
            here.send(c.GivePin(pin()))
            await here.heard(lambda: here.watched.of(m.WantsProof))
            assert here.now.stage == "locked"
            assert (face(here).pin, face(here).tries_left, face(here).running) == (False, 0, ())
            assert not here.watched.of(m.WantsProof)[0].spent

    asyncio.run(play())


def test_the_grace_ends_by_itself(tmp_path: Path) -> None:
    bench = LockBench(tmp_path / "b")

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            here.send(c.SetPin(pin()))
            await locked(here)
            bench.clock_s += 300.0
            await here.heard(lambda: here.watched.of(m.WantsProof))
            assert face(here).tries_left == 0

    asyncio.run(play())


def test_a_pin_that_is_void_before_the_station_is_told_is_not_told_of(tmp_path: Path) -> None:
    bench = LockBench(tmp_path / "b")

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            here.send(c.SetPin(pin()), c.Lock(), *(c.GivePin(pin("0000000")) for _ in range(3)))
            await here.heard(lambda: here.watched.of(m.WantsProof))
            assert here.watched.of(m.Locked) == []
            here.send(c.LockPainted())
            await here.heard(lambda: here.watched.of(m.Locked))
            assert not here.watched.of(m.Locked)[0].own_face

    asyncio.run(play())


def test_whoever_leaves_the_face_says_whether_they_are_somebody_else(tmp_path: Path) -> None:
    bench = LockBench(tmp_path / "b")

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            here.send(c.SetPin(pin()))
            await locked(here)
            here.send(c.WantProof(taking_over=True))
            await here.heard(lambda: here.watched.of(m.WantsProof))
            assert here.watched.of(m.WantsProof)[0].taking_over
            here.send(m.StandBack(), c.GivePin(pin()), c.WantProof(), m.LockSoon(in_s=None))
            await here.until(lambda now: now.lock is not None and now.lock.behind)
            assert here.now.stage == "locked"  # the PIN is for the face, and that is not in front
            assert len(here.watched.of(m.WantsProof)) == 1

    asyncio.run(play())


def test_a_new_password_takes_the_place_of_the_old_one_and_both_are_canaries(tmp_path: Path) -> None:
    bench, new = LockBench(tmp_path / "b", residue_check=True), "heron-of-the-Quay-8"

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            here.send(c.SetPin(pin()))
            told = await locked(here)
            before = len(here.watched.of(m.Canaries))
            await resumed_by_proof(here, told.address, new)
            await here.heard(lambda: len(here.watched.of(m.Canaries)) > before)
            here.send(c.LogOff(confirmed=True))
            await here.ended()
            last = Patterns.from_wire(here.watched.of(m.Canaries)[-1])
            for secret in (PIN, new):
                assert last.found_in(b"..." + secret.encode() + b"..."), secret
                assert secret not in here.watched.everything()

    asyncio.run(play())


def test_a_proof_of_another_name_changes_nothing_held(tmp_path: Path) -> None:
    bench, other = LockBench(tmp_path / "b", residue_check=True), "larch-of-somebody-else"

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            told = await locked(here)
            before = len(here.watched.of(m.Canaries))
            await resumed_by_proof(here, told.address, other, name="2210")
            await here.heard(lambda: len(here.watched.of(m.Canaries)) > before)
            last = Patterns.from_wire(here.watched.of(m.Canaries)[-1])
            assert last.found_in(PASSWORD.encode())
            assert not last.found_in(other.encode())

    asyncio.run(play())


def test_a_place_has_its_own_grace(tmp_path: Path) -> None:
    lock = LOCK + "idle_s = 120\n" + '[lock.places."Custody"]\ngrace_s = 0\nidle_s = 30\n'
    bench = LockBench(tmp_path / "b", lock=lock)
    file = bench.where.station
    file.write_text(file.read_text().replace('terminal = "FD-02"', 'terminal = "FD-02"\nplace = "Custody"'))

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on(NAME)
            assert (here.now.pin_digits, here.now.lock_after_s) == (0, 30.0)  # without a grace a PIN opens nothing
            here.send(c.SetPin(pin()))
            assert not (await locked(here)).own_face

    asyncio.run(play())
