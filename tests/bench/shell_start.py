"""Start of the station to a painted sign-in screen, process and all, against a bare Qt form in the same run."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.estates import Files, local_station
from tests.bench.figures import Budget, Figure, middle, report

ROUNDS = 7
WITHIN_S = 60.0
_ROOT = Path(__file__).parents[2]
_BARE = Path(__file__).with_name("bare_form.py")


def measure() -> dict[str, object]:
    """Start all in turn, after one round that warms the disk's cache; every process is a new one.

    A station checks its file when it finds it changed, before any screen, and then not again: both starts are measured.
    """
    station_ms: list[float] = []
    changed_ms: list[float] = []
    bare_ms: list[float] = []
    with tempfile.TemporaryDirectory(prefix="bench-start-") as folder:
        files = local_station(Path(folder))
        for turn in range(ROUNDS + 1):
            files.station.write_text(f"{files.station.read_text()}# turn {turn}\n")
            changed, bare, station = _station(files), _bare(), _station(files)
            if turn:
                changed_ms.append(changed)
                bare_ms.append(bare)
                station_ms.append(station)
    started = Figure(
        "started → sign-in screen painted",
        middle(station_ms),
        "ms",
        middle(bare_ms),
        "a bare Qt form, started → painted",
        Budget(2.0, on="ratio"),
        n=ROUNDS,
    )
    changed_file = Figure(
        "the same, the station file changed since the last start",
        middle(changed_ms),
        "ms",
        middle(bare_ms),
        "a bare Qt form, started → painted",
        n=ROUNDS,
    )
    rounds_ms = {"station": station_ms, "station file changed": changed_ms, "bare form": bare_ms}
    return report([started, changed_file], rounds_ms=rounds_ms)


def _station(files: Files) -> float:
    argv = [sys.executable, "-m", "launcher", "start", "--events"]
    argv += ["--station", str(files.station), "--state", str(files.state)]
    return _until(argv, lambda line: json.loads(line).get("event") == "ScreenShown")


def _bare() -> float:
    return _until([sys.executable, str(_BARE)], lambda line: line.strip() == "painted")


def _until(argv: list[str], says: Callable[[str], bool]) -> float:
    """Return ms from before the process was made to the line it says; it is ended then."""
    with tempfile.TemporaryFile("w+") as said:
        began = time.perf_counter()
        with subprocess.Popen(argv, cwd=_ROOT, stdout=subprocess.PIPE, stderr=said, text=True) as process:
            try:
                for line in process.stdout or ():
                    if says(line):
                        return (time.perf_counter() - began) * 1000.0
            finally:
                process.terminate()
                process.communicate(timeout=WITHIN_S)
        said.seek(0)
        raise RuntimeError(f"{argv[1:3]} was never painted, status {process.returncode}:\n{said.read()[-2000:]}")
