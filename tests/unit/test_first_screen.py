"""What must not be loaded before the first sign-in screen is painted: each of these is paid for at every start."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("pydantic", "asyncio", "logging.handlers", "sqlite3", "ssl")
OURS_LATER = (
    "launcher.policy.settings",
    "launcher.wire.messages",
    "launcher.shell.launchpad",
    "launcher.shell.workspace",
    "launcher.shell.timings",
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
