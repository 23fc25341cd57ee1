"""A display that a station has for itself is set for each officer as it was for the first."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from Xlib import X
from Xlib.display import Display

from launcher.station.display_between import FILE, LEFT, DisplayBetween
from tests.servers.x_programs import Eyes
from tests.servers.xvfb import Screen, running_xvfb

pytestmark = pytest.mark.needs("xvfb", "windows")

RESOURCES = b"XTerm*vt100.translations: #override\n"


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    with running_xvfb() as display:
        monkeypatch.setenv("XAUTHORITY", str(display.authority))
        yield display


@pytest.fixture
def display(screen: Screen) -> Iterator[Display]:
    with Eyes(screen) as eyes:
        yield eyes.display


def resources(display: Display) -> bytes | None:
    found = display.screen().root.get_full_property(display.intern_atom("RESOURCE_MANAGER"), X.AnyPropertyType)
    return None if found is None else bytes(found.value)


def leave(display: Display) -> None:
    """What `xrdb` and `xset` do."""
    kind = display.intern_atom("STRING")
    display.screen().root.change_property(display.intern_atom("RESOURCE_MANAGER"), kind, 8, RESOURCES)
    display.set_screen_saver(1, 1, 0, 0)
    display.sync()


def test_what_an_officer_set_is_put_back_after_each_end(screen: Screen, display: Display, tmp_path: Path) -> None:
    async def walk() -> None:
        between = DisplayBetween(screen.environment, tmp_path, puts_back=True)
        assert await between.clean([], put_back=True) == ()
        await between.note()
        for _ in range(2):
            leave(display)
            await between.note()  # again: what an officer has set by then is not taken for the display's own
            assert await between.clean([], put_back=False) == ()  # a screen that nobody worked in has ended
            assert resources(display) == RESOURCES
            assert await between.clean([], put_back=True) == ()
            assert resources(display) is None

    before = display.get_screen_saver().timeout
    asyncio.run(walk())
    assert display.get_screen_saver().timeout == before


def test_a_station_that_was_killed_leaves_the_next_one_what_it_noted(
    screen: Screen, display: Display, tmp_path: Path
) -> None:
    async def walk() -> None:
        await DisplayBetween(screen.environment, tmp_path, puts_back=True).note()
        leave(display)
        after = DisplayBetween(screen.environment, tmp_path, puts_back=True)
        await after.note()
        assert await after.clean([], put_back=True) == ()
        assert resources(display) is None
        # Of another server it is nothing: that one is noted anew.
        file = tmp_path / FILE
        file.write_text("1 2\n" + file.read_text().partition("\n")[2])
        leave(display)
        another = DisplayBetween(screen.environment, tmp_path, puts_back=True)
        await another.note()
        assert await another.clean([], put_back=True) == ()
        assert resources(display) == RESOURCES

    asyncio.run(walk())
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_a_display_that_does_not_answer_is_said_to_keep_something(
    screen: Screen, display: Display, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def walk() -> None:
        between = DisplayBetween(screen.environment, tmp_path, puts_back=True)
        await between.note()
        os.kill(screen.pid, signal.SIGSTOP)
        try:
            with monkeypatch.context() as hurried:
                hurried.setattr("launcher.display.x_server.ANSWER_WITHIN_S", 0.1)
                assert LEFT in await between.clean([], put_back=True)
        finally:
            os.kill(screen.pid, signal.SIGCONT)
        assert await between.clean([], put_back=True) == ()

    asyncio.run(walk())


def test_on_somebodys_desktop_it_is_theirs(screen: Screen, display: Display, tmp_path: Path) -> None:
    async def walk() -> None:
        between = DisplayBetween(screen.environment, tmp_path, puts_back=False)
        await between.note()
        leave(display)
        assert await between.clean([], put_back=True) == ()

    asyncio.run(walk())
    assert resources(display) == RESOURCES


def test_a_display_that_is_gone_keeps_no_end_waiting(tmp_path: Path) -> None:
    async def walk() -> None:
        between = DisplayBetween({"DISPLAY": ":65533"}, tmp_path, puts_back=True)
        await between.note()
        assert await between.clean([], put_back=True) == ()

    asyncio.run(walk())
