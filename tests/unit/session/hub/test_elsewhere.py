"""Where else an officer is logged on, and what becomes of the one press that brings it here."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from launcher.session import commands as c
from launcher.wire import messages as m
from launcher.wire.hub.sittings import Elsewhere
from tests.unit.session.bench import Bench, program

OFFICER = "local#id-4471"
READY = program("-c", "print('READY', flush=True); input()")
THERE = Elsewhere(
    sitting="s-1", officer=OFFICER, terminal="FD-01", place="Front desk", since=time.time() - 900, state="signed-in",
    systems=6, unsaved=2, reachable=True,
)  # fmt: skip


def test_one_press_brings_the_other_session_here(tmp_path: Path) -> None:
    async def run() -> None:
        async with Bench(tmp_path, {"one": READY}).session() as here:
            await here.log_on()
            here.send(c.LaunchpadResponds(), m.StillLoggedOn(sittings=(THERE,)))
            await here.until(lambda now: now.elsewhere)
            here.send(c.BringHere("s-1"), c.BringHere("s-1"))
            await here.until(lambda now: now.bring is not None and now.bring.state == "asked")
            here.send(m.BroughtHere(sitting="s-1", done=True, systems=("one",), left_signed_on=("records, line 4",)))
            here.send(m.Reopen(systems=("one",)))
            await here.launch("one", "ready")
            bring = here.now.bring
            assert bring is not None
            assert (bring.state, bring.systems) == ("done", 1)
            assert bring.left_signed_on == ("records, line 4",)
            assert here.now.elsewhere == ()
            assert len(here.watched.of(m.BringHereAsked)) == 1

    asyncio.run(run())


@pytest.mark.parametrize("closed", [False, True])
def test_one_that_is_brought_after_it_was_given_up_is_said_to_be_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: bool
) -> None:
    monkeypatch.setattr("launcher.session.hub.for_officer.BROUGHT_WITHIN_S", 0.0)

    async def run() -> None:
        async with Bench(tmp_path).session() as here:
            await here.log_on()
            here.send(m.StillLoggedOn(sittings=(THERE,)), c.BringHere("s-1"))
            await here.until(lambda now: now.bring is not None and now.bring.state == "failed")
            if closed:
                here.send(c.LeaveElsewhere("s-1"))
                await here.until(lambda now: now.bring is None)
            here.send(m.BroughtHere(sitting="s-1", done=True, left_signed_on=("records, line 4",)))
            await here.until(lambda now: now.bring is not None and now.bring.state == "done")
            assert here.now.bring is not None
            assert (here.now.bring.error, here.now.bring.left_signed_on) == (None, ("records, line 4",))
            assert here.now.elsewhere == ()

    asyncio.run(run())


def test_two_that_are_brought_one_after_the_other_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.session.hub.for_officer.BROUGHT_WITHIN_S", 0.0)
    other = THERE.model_copy(update={"sitting": "s-2", "terminal": "CO-02"})

    async def run() -> None:
        async with Bench(tmp_path).session() as here:
            await here.log_on()
            here.send(m.StillLoggedOn(sittings=(THERE, other)), c.BringHere("s-1"))
            await here.until(lambda now: now.bring is not None and now.bring.state == "failed")
            monkeypatch.setattr("launcher.session.hub.for_officer.BROUGHT_WITHIN_S", 60.0)
            here.send(c.BringHere("s-2"), m.BroughtHere(sitting="s-1", done=False, words="FD-01 is away."))
            here.send(m.BroughtHere(sitting="s-1", done=True, left_signed_on=("records, line 4",)))
            now = await here.until(lambda now: any(one.what == "left-signed-on" for one in now.notices))
            assert now.bring is not None
            assert (now.bring.sitting, now.bring.terminal, now.bring.state) == ("s-2", "CO-02", "asked")
            assert [one.sitting for one in now.elsewhere] == ["s-2"]
            here.send(m.BroughtHere(sitting="s-9", done=True), m.BroughtHere(sitting="s-2", done=True))
            now = await here.until(lambda now: now.bring is not None and now.bring.state == "done")
            assert now.bring is not None
            assert (now.bring.sitting, now.elsewhere) == ("s-2", ())

    asyncio.run(run())


def test_one_that_was_refused_and_came_all_the_same_is_said_to_be_here(tmp_path: Path) -> None:
    async def run() -> None:
        async with Bench(tmp_path).session() as here:
            await here.log_on()
            here.send(m.StillLoggedOn(sittings=(THERE,)), c.BringHere("s-1"))
            here.send(m.BroughtHere(sitting="s-1", done=False, words="FD-01 has not answered."))
            await here.until(lambda now: now.bring is not None and now.bring.state == "failed")
            here.send(m.BroughtHere(sitting="s-1", done=True))
            await here.until(lambda now: now.bring is not None and now.bring.state == "done")
            assert here.now.elsewhere == ()

    asyncio.run(run())


def test_one_that_was_not_brought_says_so_and_may_be_left(tmp_path: Path) -> None:
    async def run() -> None:
        async with Bench(tmp_path).session() as here:
            await here.log_on()
            here.send(m.StillLoggedOn(sittings=(THERE,)), c.BringHere("s-1"))
            await here.until(lambda now: now.bring)
            here.send(m.BroughtHere(sitting="s-1", done=False, reference="station-away", words="FD-01 is away."))
            await here.until(lambda now: now.bring is not None and now.bring.state == "failed")
            assert here.now.bring is not None
            assert here.now.bring.error is not None
            assert here.now.bring.error.reference == "not-brought-here"
            here.send(c.LeaveElsewhere("s-1"))
            await here.until(lambda now: not now.elsewhere and now.bring is None)
            here.send(m.StillLoggedOn(sittings=(THERE.model_copy(update={"systems": 7}),)), m.HubNotices(notices=()))
            here.send(m.MessageHere(command=1, text="x", by_name="y", at=1.0))
            await here.until(lambda now: now.messages)
            assert here.now.elsewhere == (), "what is left is not asked about again"

    asyncio.run(run())
