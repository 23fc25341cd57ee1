"""``faketime``, which starts a program under another wall clock (libfaketime; Debian: faketime)."""

from __future__ import annotations

import calendar
import shutil
import subprocess
import time
from pathlib import Path


def missing() -> str | None:
    """Say what is missing, if anything."""
    return None if shutil.which("faketime") else "faketime is not installed"


def read_from(file: Path) -> dict[str, str]:
    """Return the environment of a program whose wall clock is as far ahead as a file says now ("+3d").

    No other clock of it is: libfaketime would move CLOCK_BOOTTIME along, which no setting of a real clock does.
    """
    said = subprocess.run(["faketime", "-f", "+0", "env"], capture_output=True, text=True, check=True).stdout
    library = next(line for line in said.splitlines() if line.startswith("LD_PRELOAD=")).partition("=")[2]
    return {
        "LD_PRELOAD": library,
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }


def days_ahead(at: str) -> int:
    """Return how many days after now a moment is that is written as the station's log does."""
    moment = calendar.timegm(time.strptime(at[:19], "%Y-%m-%dT%H:%M:%S"))
    return round((moment - time.time()) / 86400)
