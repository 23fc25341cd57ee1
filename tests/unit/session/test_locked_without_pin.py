"""Locked without a PIN: the lock face stands as long as it has something to name to its owner."""

from __future__ import annotations

import asyncio
from pathlib import Path

from launcher.session import commands as c
from launcher.wire import messages as m
from tests.unit.session.bench import PASSWORD
from tests.unit.session.lock_bench import LockBench, face, locked, pin, resumed_by_proof


def test_without_a_pin_the_face_stands_for_the_grace_where_it_names_something(tmp_path: Path) -> None:
    bench = LockBench(tmp_path / "b")

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            told = await locked(here)
            assert not told.own_face  # nothing would be lost: the screen over it has all there is to say
            await resumed_by_proof(here, told.address, PASSWORD)
            here.surfaces.typed_in = ("one",)
            assert (await locked(here)).own_face
            assert (face(here).pin, face(here).unsaved) == (False, ("one",))
            here.send(c.GivePin(pin()), m.LockSoon(in_s=None))
            assert here.watched.of(m.WantsProof) == []
            bench.clock_s += 300.0
            await here.heard(lambda: here.watched.of(m.WantsProof))
            assert (here.now.stage, face(here).unsaved) == ("locked", ())

    asyncio.run(play())


def test_what_is_named_is_covered_all_the_same_where_work_may_be_seen(tmp_path: Path) -> None:
    bench = LockBench(tmp_path / "b")

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            here.surfaces.typed_in = ("one",)
            bench.windows.breaks = True
            assert not (await locked(here)).own_face

    asyncio.run(play())
