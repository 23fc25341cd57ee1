"""Whether the screen's libraries and the browser engine load here: what every real session needs."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.servers.process import programs_missing

_LOAD = "import PySide6.QtWebEngineWidgets"


def missing() -> str | None:
    """The loader's own words, if they do not; asked in a process of its own, for a failed import leaves half of Qt."""
    ran = subprocess.run(
        [sys.executable, "-c", _LOAD],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    if ran.returncode == 0:
        return None
    return (ran.stderr.strip().splitlines() or [f"status {ran.returncode}"])[-1]


def browser_trust_missing() -> str | None:
    """What is not installed of what makes the engine trust an authority, if anything."""
    return programs_missing("libnss3-tools", "certutil")
