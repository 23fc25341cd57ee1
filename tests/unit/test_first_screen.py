"""What must not be loaded before the first sign-in screen is painted: each of these is paid for at every start."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("pydantic", "asyncio", "logging.handlers", "sqlite3", "ssl", "json", "difflib")
OURS_LATER = (
    "launcher.policy.settings",
    "launcher.session.commands",
    "launcher.wire.messages",
    "launcher.shell.launchpad",
    "launcher.shell.workspace",
    "launcher.shell.timings",
    "launcher.shell.helpdesk",
    "launcher.session.helpdesk",
    "launcher.shell.help_page",
    "launcher.shell.bridge",
    "launcher.shell.look.text_list",
    "launcher.shell.frame.frame",
    "launcher.station.supervisor",
)


@pytest.mark.parametrize(
    "road",
    [
        pytest.param("import launcher.bootstrap.station", id="station"),
        pytest.param("import launcher.bootstrap.station, launcher.station.slot_homes", id="station-with-slots"),
        pytest.param(
            "import launcher.bootstrap.session, launcher.shell.application",
            id="session",
            marks=pytest.mark.needs("browser-engine"),
        ),
    ],
)
def test_a_first_screen_loads_what_it_shows(road: str) -> None:
    code = f"import sys; {road}; print([name for name in {(*HEAVY, *OURS_LATER)!r} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]", "a first screen waits for this"


def test_a_station_that_was_checked_before_shows_a_screen_without_any_model() -> None:
    road = "import launcher.bootstrap.running, launcher.policy.checked_before"
    models = ("pydantic", "sqlite3", "launcher.policy.settings", "launcher.wire.codec", "launcher.station.residue")
    code = f"import sys; {road}; print([name for name in {models!r} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]", "a first screen waits for this"


PAINTED = """
import sys
from launcher.policy.first_facts import FirstFacts
from launcher.session.first import first_snapshot, shown_plainly
from launcher.shell.application import Shell
from PySide6 import QtGui, QtWidgets

facts = FirstFacts(methods=(("local", "Name and password"),), fullscreen=False)
shell = Shell(facts, first_snapshot(facts))
shell.window.sign_in.painted.connect(lambda: shell.app.exit(0))
shell.window.draw(shown_plainly(shell.first))
shell.app.exec()
made = {*vars(QtGui), *vars(QtWidgets)}
print([name for name in ("QGradient", "QStyle", "QStyleOption", "QTextEdit", "QTreeView") if name in made])
shell.window.close_for_good()
"""


@pytest.mark.needs("browser-engine")
def test_a_first_screen_makes_no_class_that_it_does_not_show() -> None:
    """A class of Qt is made when Python first meets it, with all its enumerations: a tenth of the whole start."""
    said = subprocess.run([sys.executable, "-c", PAINTED], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.strip() == "[]", "a first screen waits for this"
