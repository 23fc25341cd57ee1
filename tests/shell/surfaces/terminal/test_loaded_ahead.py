"""A terminal's face is loaded piece by piece ahead of the first, and no more once it is not quiet."""

from __future__ import annotations

import subprocess
import sys

_IN_A_PROCESS = """
import sys
from PySide6.QtWidgets import QApplication
from launcher.shell.surfaces.web_surfaces import WebSurfaces
from tests.shell.engine_room import engine_room
app = QApplication([])
said = ["launcher.shell.surfaces.terminal." + one for one in ("cells", "screen", "face")]
with engine_room() as room:
    surfaces = WebSurfaces(room.bridge)
    for quiet in (iter([True, False]), iter([True] * 100)):
        room.run(surfaces.load_terminals(lambda: next(quiet)))
        print(*(name.rpartition(".")[2] for name in said if name in sys.modules))
"""


def test_it_is_loaded_piece_by_piece_as_long_as_it_is_quiet() -> None:
    done = subprocess.run([sys.executable, "-c", _IN_A_PROCESS], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines() == ["cells", "cells screen face"]
