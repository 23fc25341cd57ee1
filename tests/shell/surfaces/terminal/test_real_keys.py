"""Real keys on a real X display: which reach the host, which the launcher, and the Ctrl keys by themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.xvfb import Screen

pytestmark = pytest.mark.needs("xvfb", "xdotool")

ROOT = Path(__file__).parents[4]
PRESSED = {
    "a": "text a",
    "F12": "key PF12",
    "shift+F1": "key PF13",
    "Tab": "key Tab",
    "shift+Tab": "key BackTab",
    "Prior": "key PF7",
    "KP_Enter": "key Enter",
    "Escape": "key Reset",
    "Control_L": "key Reset",
    "ctrl+F12": "launcher F12",
    "ctrl+F6": "launcher F6",
    "ctrl+Tab": "launcher Ctrl+Tab",
    "super+l": "launcher Meta+L",
    "alt+2": "key PA2",
}


def test_each_key_goes_where_it_belongs(screen: Screen) -> None:
    environment = {**os.environ, **screen.environment, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.shell.surfaces.terminal.on_a_screen"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert program.stdout is not None

        def said() -> str:
            assert program.stdout is not None
            return program.stdout.readline().strip()

        def xdotool(*words: str) -> None:
            subprocess.run(["xdotool", *words], env=environment, check=True, timeout=20)

        kind, window, family = said().split()
        assert (kind, family) == ("window", "3270")
        xdotool("windowfocus", window)
        assert said() == "wanted True"
        heard = {}
        for chord in PRESSED:
            xdotool("key", chord)
            heard[chord] = said()
        assert heard == PRESSED
    finally:
        program.kill()
        program.wait()
        if program.stdout is not None:
            program.stdout.close()
