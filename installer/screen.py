"""Tries whether the screen's libraries load, whatever the system's packages are called."""

import os
from dataclasses import dataclass
from pathlib import Path

from installer.console import run
from installer.paths import VENV, venv_python

# The platform plugin of X11 displays is loaded by Qt only when a window is asked for, and its want of a library ends
# the program: so it is loaded by hand, where the error has words.
_PROBE = """
import ctypes, pathlib, sys
import PySide6
from PySide6.QtWebEngineWidgets import QWebEngineView
plugin = pathlib.Path(PySide6.__file__).parent / "Qt/plugins/platforms/libqxcb.so"
if "windows" in sys.argv and plugin.exists():
    ctypes.CDLL(str(plugin))
"""


@dataclass(frozen=True, slots=True)
class ScreenTried:
    """Whether the screen's libraries load; if not, the loader's own words and where the rest is."""

    loads: bool
    problem: str
    log: Path


def try_screen(*, windows: bool, venv: Path = VENV) -> ScreenTried:
    """Loads Qt, the browser engine and, for windows on a display, the display's plugin, in a process of their own."""
    argv = [str(venv_python(venv)), "-c", _PROBE, *(["windows"] if windows else [])]
    ran = run(argv, "screen", env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    problem = ran.lines[-1] if ran.lines else f"status {ran.status}"
    return ScreenTried(ran.status == 0, "" if ran.status == 0 else problem, ran.log)
