"""The one module that binds Windows: nobody loads it here, and its structures lie as on 64-bit Windows."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from launcher.win32 import layouts

PACKAGE = Path(__file__).parents[3] / "launcher"


@pytest.mark.parametrize(
    ("layout", "size"),
    [
        (layouts.LastInputInfo, 8),
        (layouts.Message, 48),
        (layouts.BasicLimits, 64),
        (layouts.ExtendedLimits, 144),
        (layouts.ProcessIds, 8 + 8 * layouts.ProcessIds.ROOM),
        (layouts.ThreadEntry, 28),
    ],
)
def test_a_structure_has_the_size_that_it_has_on_64_bit_windows(layout: type[ctypes.Structure], size: int) -> None:
    assert ctypes.sizeof(layout) == size


def test_one_module_binds_the_libraries_of_windows() -> None:
    binds = [file for file in PACKAGE.rglob("*.py") if "WinDLL" in file.read_text(encoding="utf-8")]
    assert [str(file.relative_to(PACKAGE)) for file in binds] == ["win32/api.py"]


def test_no_piece_for_windows_is_loaded_on_another_system() -> None:
    code = """
import sys
import launcher.display.lock_key
from launcher.session.outside import windows_of
from launcher.station.idle import native_idle_clock
from launcher.station.processes import native_processes
windows_of({"DISPLAY": ":9"}), native_idle_clock({"DISPLAY": ":9"}), native_processes()
print([name for name in sys.modules if name.startswith("launcher.") and ("win32" in name or "job_" in name)])
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.strip() == "[]"
