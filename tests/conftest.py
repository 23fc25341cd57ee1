"""What every test gets: an offscreen screen, the real servers, and an honest list of what did not run."""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

# Before anything imports Qt. `DISPLAY` is for tests that ask for a screen of their own (fixture `screen`).
for _name in ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"):
    os.environ.pop(_name, None)
# What is compiled once is kept, whatever the account's habit: hundreds of processes that tests start load it again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"
os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = (
    "--disable-gpu --disable-dev-shm-usage --disable-logging --log-level=3 "
    "--disable-blink-features=FileSystemAccess,FileSystemAccessLocal"  # as the product's own
)

# `--import-mode=importlib` leaves the import path alone; the tests import `tests.…` and `launcher.…` from here.
_ROOT = str(Path(__file__).parent.parent)
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)

import hypothesis  # noqa: E402 - after the environment
import pytest  # noqa: E402

from tests.servers.fixtures import *  # noqa: E402, F403 - after the import path; pytest finds them in this module
from tests.servers.needs import FIXTURE_NEEDS, MISSING  # noqa: E402

# A test asserts no time, and hypothesis would: a computer that is busy fails nothing.
hypothesis.settings.register_profile("no-deadline", deadline=None)
hypothesis.settings.load_profile("no-deadline")

_NOT_RUN_FILE = "STATION_LAUNCHER_NOT_RUN"
"""Environment variable: where to write, as JSON, which tests did not run and what they lack."""

_REAL_SESSIONS = {"started_station", "station_command", "played_station"}
"""What a journey imports that starts the product's own sessions."""

_not_run: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
_answers: dict[str, str | None] = {}


def _missing(name: str) -> str | None:
    if name not in MISSING:
        raise pytest.UsageError(f"needs({name!r}): known are {', '.join(sorted(MISSING))}")
    if name not in _answers:
        _answers[name] = MISSING[name]()
    return _answers[name]


def _needs(item: pytest.Item) -> Iterable[str]:
    for mark in item.iter_markers("needs"):
        yield from mark.args
    for fixture in getattr(item, "fixturenames", ()):
        yield from FIXTURE_NEEDS.get(fixture, ())
    # Processes of their own load the screen there, which no import of the test's shows.
    if _REAL_SESSIONS & vars(getattr(item, "module", object)).keys():
        yield "browser-engine"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for name in dict.fromkeys(_needs(item)):
            if reason := _missing(name):
                item.add_marker(pytest.mark.skip(reason=f"needs {name}: {reason}"))
                break


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if not report.skipped or not isinstance(report.longrepr, tuple):
        return
    said = report.longrepr[2].removeprefix("Skipped: ")
    if said.startswith("needs "):
        name, _, reason = said.removeprefix("needs ").partition(": ")
        _not_run[name][reason].append(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    summary = [
        {"needs": name, "reason": reason, "tests": tests}
        for name, reasons in sorted(_not_run.items())
        for reason, tests in reasons.items()
    ]
    if path := os.environ.get(_NOT_RUN_FILE):
        Path(path).write_text(json.dumps(summary, indent=2))
    if summary:
        terminalreporter.section("did not run")
    for entry in summary:
        terminalreporter.write_line(f"{entry['needs']}: {entry['reason']} ({len(entry['tests'])} tests)")
