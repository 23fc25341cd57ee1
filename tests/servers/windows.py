"""Whether a session of ours can show its window on an X11 display: what Qt's plugin for it is linked against."""

from __future__ import annotations

import subprocess
import sys

_LOAD = """
import ctypes, pathlib, PySide6.QtGui
ctypes.CDLL(str(pathlib.Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"))
"""


def missing() -> str | None:
    """Say what is missing, if anything, in the loader's own words."""
    ran = subprocess.run(
        [sys.executable, "-c", _LOAD], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    return None if ran.returncode == 0 else (ran.stderr.strip().splitlines() or [f"status {ran.returncode}"])[-1]
