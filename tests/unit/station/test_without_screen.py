"""The station and all below it run where PySide6 is not installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

WITHOUT_QT = """
import sys
sys.modules["PySide6"] = sys.modules["shiboken6"] = None
import launcher.residue, launcher.station, launcher.timings, launcher.wire.codec
ours = {name.split(".")[1] for name in sys.modules if name.startswith("launcher.")}
print(sorted(ours))
"""


def test_the_station_needs_no_screen_and_no_session() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_QT], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    )
    assert ran.stdout.strip() == str(["errors", "late", "residue", "station", "timings", "wire"])
