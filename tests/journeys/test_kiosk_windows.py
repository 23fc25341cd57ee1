"""The kiosk's window manager at work on a display in memory: with the file that is installed no key and no click of it
leads anywhere, and every key goes to the window in front."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.station.install.plan import templates
from tests.servers.process import ServerProcess, server_folder
from tests.servers.x_programs import Eyes, Program, running_openbox, type_keys, window
from tests.servers.xvfb import Screen

pytestmark = [pytest.mark.needs("openbox"), pytest.mark.needs("xdotool")]

BELOW, ABOVE = 0xC01010, 0x1010C0
A = 38
"""The code of the key, as every server of today numbers it."""

COMBINATIONS = (
    *("alt+Tab", "alt+shift+Tab", "alt+Escape", "alt+F4", "alt+F2", "alt+F1", "alt+space", "alt+F8", "alt+F10"),
    *("super+e", "super+d", "super+1", "super+F1", "super+Tab", "ctrl+Escape", "ctrl+alt+t", "ctrl+alt+d"),
    *("ctrl+alt+Left", "ctrl+alt+Right", "alt+shift+Left", "super+Right", "ctrl+alt+Delete", "Menu", "Print", "F12"),
)


@contextlib.contextmanager
def kiosk_openbox(screen: Screen) -> Iterator[int]:
    """Start openbox as its service does, with the file that is installed."""
    argv = ["openbox", "--sm-disable", "--config-file", str(templates() / "openbox.xml")]
    with server_folder("openbox") as folder, Eyes(screen) as eyes:
        manager = ServerProcess("openbox", argv, folder=folder, ready=eyes.managed, env=dict(screen.environment))
        try:
            manager.start()
            yield manager.pid
        finally:
            manager.stop()


@contextlib.contextmanager
def two_windows(screen: Screen) -> Iterator[tuple[tuple[Program, int], tuple[Program, int]]]:
    """Two windows, the second over the first."""
    opened = []
    try:
        opened.append(window(screen, BELOW, (50, 50, 400, 300)))
        opened.append(window(screen, ABOVE, (150, 120, 400, 300)))
        yield opened[0], opened[1]
    finally:
        for program, _ in opened:
            program.end()


def heard(screen: Screen, program: Program, *keys: str) -> list[int]:
    """Press keys, then an ordinary one; return the codes of those that came to the window before that."""
    type_keys(screen, *keys, "a")
    codes: list[int] = []
    while (code := int(program.line().split()[1])) != A:
        codes.append(code)
    return codes


def click(screen: Screen, x: int, y: int, button: int) -> None:
    env = {"PATH": os.environ["PATH"], **screen.environment}
    words = ["xdotool", "mousemove", str(x), str(y), "click", str(button)]
    subprocess.run(words, env=env, check=True, timeout=20)


def on_screen(eyes: Eyes) -> set[int]:
    """The numbers of all windows that can be seen, frames and menus included."""
    return {one.id for one in eyes.root.query_tree().children if eyes.viewable(one.id)}


def in_front(eyes: Eyes, number: int) -> None:
    """Have the manager put a window in front, and wait: it has then done all that was asked of it before."""
    eyes.ask_manager(number, "_NET_ACTIVE_WINDOW", 2)
    eyes.until(lambda: eyes.focus() == number)


def test_no_key_and_no_click_leads_anywhere(screen: Screen) -> None:
    with Eyes(screen) as eyes, kiosk_openbox(screen), two_windows(screen) as ((_, below), (program, above)):
        in_front(eyes, above)
        eyes.until(lambda: eyes.sees(ABOVE) and eyes.sees(BELOW))
        before = on_screen(eyes)
        for keys in COMBINATIONS:
            assert heard(screen, program, keys), f"{keys} did not come to the window in front"
            assert eyes.focus() == above, keys
        for button in (1, 2, 3, 4, 5, 8, 9):
            click(screen, 5, 5, button)  # nothing is there but the desktop
        for x, y in ((150, 119), (149, 120), (551, 421)):  # where a frame would be
            click(screen, x, y, 3)
        in_front(eyes, below)
        in_front(eyes, above)
        assert on_screen(eyes) == before
        extents = eyes.display.create_resource_object("window", above).get_full_property(
            eyes.display.intern_atom("_NET_FRAME_EXTENTS"), 0
        )
        assert extents is None or list(extents.value) == [0, 0, 0, 0]
        desktops = eyes.root.get_full_property(eyes.display.intern_atom("_NET_NUMBER_OF_DESKTOPS"), 0)
        assert list(desktops.value) == [1]


def test_the_same_keys_do_lead_somewhere_with_the_settings_of_the_system(screen: Screen) -> None:
    """So that the test above would notice."""
    with Eyes(screen) as eyes, running_openbox(screen), two_windows(screen) as (_, (_, above)):
        in_front(eyes, above)
        eyes.until(lambda: eyes.sees(ABOVE) and eyes.sees(BELOW))
        type_keys(screen, "alt+Tab")
        eyes.until(lambda: eyes.focus() != above)


def test_the_file_binds_nothing() -> None:
    text = Path(templates() / "openbox.xml").read_text(encoding="utf-8")
    for word in ("<keybind", "ShowMenu", "<file>", "<command>", "Execute", "Exit", "Root", "Desktop"):
        assert word not in text, word
