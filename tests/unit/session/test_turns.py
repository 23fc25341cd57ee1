"""What has windows of its own is opened while the officer is at work, and pages at any time."""

from __future__ import annotations

import asyncio

import pytest

from launcher.connectors.plan import InstalledBrowser, ProgramTarget, WebTarget
from launcher.session.turns import Turns
from launcher.timings import Timeline

PAGE = WebTarget("https://video.force.example/", ("https://video.force.example",))
INSTALLED = WebTarget(PAGE.url, PAGE.origins, managed=InstalledBrowser(("chromium",)))
PROGRAM = ProgramTarget(("/usr/bin/records",), "none")


@pytest.mark.parametrize(("target", "waits"), [(PAGE, False), (INSTALLED, True), (PROGRAM, True)])
def test_what_has_windows_of_its_own_waits_for_the_officer_while_locked(
    target: WebTarget | ProgramTarget, waits: bool
) -> None:
    async def run() -> None:
        turns, opened = Turns(1), asyncio.Event()

        async def opens() -> None:
            async with turns.turn(target, Timeline()):
                opened.set()

        turns.lock()
        task = asyncio.create_task(opens())
        for _ in range(10):
            await asyncio.sleep(0)
        assert opened.is_set() is not waits
        turns.back()
        await task
        assert opened.is_set()

    asyncio.run(run())


def test_who_waits_for_the_officer_gives_the_turn_back_once() -> None:
    async def run() -> None:
        turns = Turns(1)
        async with turns.turn(PAGE, Timeline()) as give_back:
            give_back()
            give_back()
            async with turns.turn(PAGE, Timeline()):
                third = asyncio.create_task(_takes(turns))
                for _ in range(10):
                    await asyncio.sleep(0)
                assert not third.done()
        await third

    asyncio.run(run())


async def _takes(turns: Turns) -> None:
    async with turns.turn(PAGE, Timeline()):
        pass
