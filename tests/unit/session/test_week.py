"""The last seven days in figures: read on a worker, of the officer's own systems, or said why not."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from launcher.session import commands as c
from launcher.session.parts import Parts
from launcher.session.snapshot import PartView, WeekView
from launcher.session.week import read_week
from launcher.timings import Spool, SpoolReader
from launcher.wire.records import LaunchRecord, PhaseSpan, SignInRecord
from tests.unit.session.bench import Bench, program

DAY_S = 86400.0
SAYS = "print('READY', flush=True)"


def launched(system: str, days_ago: float, total_ms: float = 100.0, outcome: str = "ready") -> LaunchRecord:
    return LaunchRecord(
        at=time.time() - days_ago * DAY_S,
        system=system,
        system_kind="program",
        sign_on="none",
        outcome=outcome,  # type: ignore[arg-type]
        prompts=0,
        total_ms=total_ms,
        phases=(PhaseSpan(phase="load", start_ms=0, duration_ms=total_ms),),
    )


def keep(path: Path, *records: LaunchRecord | SignInRecord) -> SpoolReader:
    with closing(Spool(path)) as spool:
        for record in records:
            spool.record(record)
        assert spool.flush()
    return SpoolReader(path)


def test_what_is_older_is_left_out_and_parts_are_the_screen_s_groups(tmp_path: Path) -> None:
    reader = keep(tmp_path / "timings.db", launched("a", 7.5), launched("a", 6.5), launched("a", 0, 300))
    week = read_week(reader)
    assert week.newest == 0
    by = {part.part: part for part in week.parts}
    assert by["total"] == PartView("a", "total", 2, 100.0, 300.0, 0)
    assert by["Load"] == PartView("a", "Load", 2, 100.0, 300.0, 0)


def test_an_officer_sees_the_figures_of_their_own_systems_and_of_the_computer(tmp_path: Path) -> None:
    signed_in = SignInRecord(at=time.time(), method="local", outcome="signed-in", total_ms=900.0, phases=())
    reader = keep(tmp_path / "timings.db", launched("mine", 1), launched("not-mine", 1), signed_in)
    main_thread = threading.get_ident()
    read_on: list[int] = []

    def read() -> WeekView:
        read_on.append(threading.get_ident())
        return read_week(reader)

    def parts(made: Parts) -> Parts:
        return replace(made, week=read)

    async def play() -> None:
        bench = Bench(tmp_path / "b", {"mine": program("-c", SAYS)}, {}, change=parts)
        async with bench.session() as here:
            await here.log_on()
            assert here.now.week is None
            here.send(c.AskWeek())
            now = await here.until(lambda now: now.week is not None)
            assert now.week is not None
            assert {part.system for part in now.week.parts} == {"mine", "sign-in"}
            assert now.week.error is None

    asyncio.run(play())
    assert read_on
    assert main_thread not in read_on


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    damaged = tmp_path / "timings.db"
    damaged.write_bytes(b"this is no database" * 100)

    async def play() -> None:
        bench = Bench(
            tmp_path / "b",
            {"mine": program("-c", SAYS)},
            {},
            change=lambda made: replace(made, week=lambda: read_week(SpoolReader(damaged))),
        )
        async with bench.session() as here:
            await here.log_on()
            here.send(c.AskWeek())
            now = await here.until(lambda now: now.week is not None)
            assert now.week is not None
            assert now.week.error is not None
            assert now.week.error.reference == "timings-not-read"
            # Asked again it is read again, and what was wrong may be over.
            damaged.unlink()
            here.send(c.AskWeek())
            now = await here.until(lambda now: now.week is not None and now.week.error is None)
            assert now.week == WeekView()

    asyncio.run(play())
