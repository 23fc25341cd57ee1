"""A terminal that nobody touches locks by itself, by the X server's own idle clock; any real key keeps it open."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.estates import Person, shared_station
from tests.journeys.played import station_command
from tests.servers.x_programs import Eyes, running_openbox, type_keys, window
from tests.servers.xvfb import Screen, running_xvfb

pytestmark = [
    pytest.mark.needs("xvfb", "openbox", "xdotool", "browser-engine", "windows"),
    pytest.mark.timeout(120),
]

AMBER = 0xFFC53D
"""What a strip that is loud is filled with, in light and dark (launcher.shell.look.tokens)."""

OFFICER = Person("4471", "idle-amber-551-Q!")


@pytest.fixture
def screen() -> Iterator[Screen]:
    """A display of this test's own, with a window manager."""
    with running_xvfb() as display, running_openbox(display):
        yield display


def test_it_warns_above_every_window_a_real_key_keeps_it_open_and_then_it_locks(tmp_path: Path, screen: Screen) -> None:
    files = shared_station(tmp_path, (OFFICER,), systems=0, lock="idle_s = 10\nwarn_s = 7\ngrace_s = 60")
    options = ["--station", str(files.station), "--state", str(files.state)]

    async def journey() -> None:
        env = {**os.environ, **screen.environment, "QT_QPA_PLATFORM": "xcb"}
        async with station_command(options, env=env, searched=False) as station:
            shown = await station.next("ScreenShown")
            officer = await station.players.player(await station.pid_of(shown["session"]))
            await officer.do("log-on", user_name=OFFICER.number, secret=OFFICER.password)
            covering, number = window(screen, 0x203040, (0, 0, 1280, 1024))
            try:
                with Eyes(screen) as eyes:
                    await asyncio.to_thread(eyes.until, lambda: eyes.focus() == number and not eyes.sees(AMBER))
                    warned = await station.next("LockWarned")
                    assert warned["in_s"] is not None
                    await officer.do("await", what="warned:")
                    await asyncio.to_thread(eyes.until, lambda: eyes.sees(AMBER))
                    assert eyes.focus() == number
                    await asyncio.to_thread(type_keys, screen, "shift")
                    assert (await station.next("LockWarned"))["in_s"] is None
                    await officer.do("await", what="not-warned:")
                    await asyncio.to_thread(eyes.until, lambda: not eyes.sees(AMBER))
            finally:
                covering.end()
            locked = await station.next("SessionLocked")
            assert locked["why"] == "idle"
            seen = await officer.do("await", what="stage:locked")
            assert len(seen["windows"]) <= 1  # type: ignore[arg-type] # a list of titles

    asyncio.run(journey())
