"""The managed browser's window on a real display: in its tab only, with the keys there, out of sight at a lock."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import chromium, xvfb
from tests.servers.x_programs import Eyes, running_openbox, type_keys
from tests.servers.xvfb import Screen

pytestmark = [pytest.mark.needs("openbox"), pytest.mark.needs("xdotool")]

GREEN, RED = 0x10C060, 0xC01060


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    if (lacks := chromium.missing() or xvfb.missing()) is not None:
        pytest.skip(f"needs chromium: {lacks}")
    with xvfb.running_xvfb(width=800, height=600) as display:
        yield display


class Desk:
    """The process with the window, told what to do."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def does(self, what: str) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        return self.line()

    def line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def desk(screen: Screen) -> Iterator[Desk]:
    root = Path(__file__).resolve().parents[3]
    environment = {**os.environ, **screen.environment, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(root)}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.shell.surfaces.managed_window"],
        cwd=root,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Desk(process)
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(30) == 0
        finally:
            process.kill()


def point(screen: Screen, *words: str) -> None:
    subprocess.run(["xdotool", *words], env={"PATH": os.environ["PATH"], **screen.environment}, check=True, timeout=20)


def test_it_stands_in_its_tab_takes_the_keys_there_and_is_out_of_sight_and_still_at_a_lock(screen: Screen) -> None:
    with Eyes(screen) as eyes, running_openbox(screen), desk(screen) as of:
        own = int(of.line().split()[1])
        eyes.ask_manager(own, "_NET_ACTIVE_WINDOW", 2)
        eyes.until(lambda: eyes.focus() == own)
        assert of.does("open") == "opened"
        assert not eyes.sees(GREEN)  # out of sight until its tab is looked at
        assert of.does("front") == "front"
        eyes.until(lambda: eyes.sees(GREEN))
        eyes.until(lambda: eyes.focus() != own)
        type_keys(screen, "a", "b")
        eyes.until(lambda: of.does("words") == "words |ab")
        stands_at = eyes.box(GREEN)
        assert stands_at is not None
        left, top, *_ = stands_at
        point(screen, "mousemove", str(left + 60), str(top + 50))  # a display gives keys to what the pointer is over
        type_keys(screen, "ctrl+k", "x")
        eyes.until(lambda: of.does("words") == "words x|ab")
        point(screen, "click", "1")
        eyes.until(lambda: eyes.focus() != own)
        assert of.does("behind") == "behind"
        eyes.until(lambda: not eyes.sees(GREEN))
        eyes.until(lambda: eyes.focus() == own)
        type_keys(screen, "c")
        eyes.until(lambda: of.does("words") == "words xc|ab")
        assert of.does("lock") == "locked True True"
        type_keys(screen, "d")
        eyes.until(lambda: of.does("words") == "words xcd|None")  # it stands still, and answers nothing
        assert of.does("unlock") == "unlocked"
        assert of.does("front") == "front"
        eyes.until(lambda: eyes.sees(GREEN))
        type_keys(screen, "e")
        eyes.until(lambda: of.does("words") == "words xcd|abe")
        first = eyes.focus()
        assert of.does("more") == "pressed"
        # A second one where the first was, and nothing above it; above the first it is said that root has no sandbox.
        eyes.until(
            lambda: (box := eyes.box(RED)) and box[0::2] == stands_at[0::2] and box[1] <= top and box[3] == stands_at[3]
        )
        assert not eyes.sees(GREEN)
        eyes.until(lambda: eyes.focus() not in (own, first))
        type_keys(screen, "ctrl+k", "f")
        eyes.until(lambda: of.does("words") == "words xcdf|abe")
        assert of.does("less") == "closed ['/second']"
        eyes.until(lambda: eyes.sees(GREEN))
        assert of.does("close") == "closed 0"
        eyes.until(lambda: not eyes.sees(GREEN))
