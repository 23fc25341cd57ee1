"""The lock key, pressed while an officer is being logged on: they are locked as soon as they are logged on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from launcher.secret import Secret
from launcher.session import commands as c
from launcher.wire import messages as m
from tests.unit.session.bench import NAME, PASSWORD
from tests.unit.session.lock_bench import LockBench, pin


def submits(password: str = PASSWORD) -> c.SubmitPassword:
    return c.SubmitPassword("local", NAME, Secret(password))


@pytest.mark.parametrize("while_logging_on", [True, False])
def test_a_lock_asked_while_logging_on_holds_and_one_before_it_is_nobodys(
    tmp_path: Path, while_logging_on: bool
) -> None:
    async def play() -> None:
        async with LockBench(tmp_path / "b").session() as here:
            acts = (submits(), c.Lock()) if while_logging_on else (c.Lock(), submits())
            here.send(m.Show(), *acts)
            await here.heard(lambda: here.watched.of(m.SignedIn))
            if while_logging_on:
                # The station hears who it is, and then that it is locked.
                await here.until(lambda now: now.stage == "locked")
                here.send(c.LockPainted())
                await here.heard(lambda: here.watched.of(m.Locked))
                # The logon is timed without the lock, during which no launchpad is seen.
                assert [one.outcome for one in here.watched.sign_in_records()] == ["signed-in"]
                here.send(c.LaunchpadResponds(), m.End(reason="station-stopping", deadline_ms=1000))
                await here.ended()
                assert len(here.watched.sign_in_records()) == 1
            else:
                # At the lock face no PIN could be set.
                here.send(c.SetPin(pin()))
                assert (await here.until(lambda now: now.pin_set)).stage == "signed-in"

    asyncio.run(play())


def test_a_lock_asked_in_an_attempt_that_failed_does_not_hold_for_the_next(tmp_path: Path) -> None:
    async def play() -> None:
        async with LockBench(tmp_path / "b").session() as here:
            here.send(m.Show(), submits("wrong"), c.Lock())
            await here.until(lambda now: now.sign_in.error is not None and not now.sign_in.busy)
            here.send(submits())
            await here.until(lambda now: now.stage == "signed-in")

    asyncio.run(play())
