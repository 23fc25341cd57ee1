"""Runs every check of the project in turn, and says in the end what passed, what failed and what could not run."""

import subprocess
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from installer.console import Console, run
from installer.paths import LOGS, ROOT, VENV, venv_python, venv_scripts
from installer.set_up import Prepared

PASSED = 0
FAILED = 1
INCOMPLETE = 3  # all that ran passed, but something could not run for want of system packages

_QT_WORDS = ("PySide6", "launcher.shell", "launcher import shell", "qtbot", "pytestqt")


@dataclass(frozen=True, slots=True)
class Check:
    """A check: what a person calls it, and its command. One that speaks has the terminal to itself."""

    name: str
    argv: tuple[str, ...]
    speaks: bool = False


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How one check went."""

    name: str
    status: int
    duration_s: float


def checks(selection: Sequence[str], without: Sequence[str], report: Path, venv: Path = VENV) -> tuple[Check, ...]:
    """All checks; `selection` goes to pytest, `without` are test files that cannot be loaded on this machine."""
    python = str(venv_python(venv))
    no_screen = ("-p", "no:pytest-qt", *(f"--ignore={file}" for file in without)) if without else ()
    return (
        Check("lint", (python, "-m", "ruff", "check", ".")),
        Check("format", (python, "-m", "ruff", "format", "--check", ".")),
        Check("types", (python, "-m", "mypy")),
        Check("import contracts", (str(venv_scripts(venv) / "lint-imports"),)),
        Check("tests and documents", (python, "-m", "pytest", f"--junitxml={report}", *no_screen, *selection), True),
    )


def run_checks(prepared: Prepared, selection: Sequence[str], only: str = "") -> int:
    """Runs the checks, each to its end; returns PASSED, FAILED or INCOMPLETE."""
    report = LOGS / "pytest.xml"
    report.unlink(missing_ok=True)
    without = test_files_with_qt(ROOT / "tests") if prepared.screen_problem else ()
    chosen = [check for check in checks(selection, without, report) if only in ("", check.name)]
    console = Console(len(chosen))
    results = [_run(console, check) for check in chosen]
    lacking = () if prepared.complete else (*(f"{file} (needs the screen)" for file in without), *tests_lacking(report))
    console.say(summary(results, prepared, lacking))
    return outcome(results, prepared)


def outcome(results: Sequence[CheckResult], prepared: Prepared) -> int:
    """The status to exit with."""
    if any(result.status != 0 for result in results):
        return FAILED
    return PASSED if prepared.complete else INCOMPLETE


def summary(results: Sequence[CheckResult], prepared: Prepared, lacking: Sequence[str]) -> str:
    """The closing account."""
    lines = ["", "Checks:"]
    for result in results:
        said = "passed" if result.status == 0 else f"FAILED (status {result.status})"
        lines.append(f"  {result.name:<22}{said:<20}{result.duration_s:7.1f} s")
    failed = [result.name for result in results if result.status != 0]
    lines.append(f"Failed: {', '.join(failed)}." if failed else "All checks that ran passed.")
    if not prepared.complete:
        lines.append("NOT EVERYTHING RAN, for want of system packages:")
        if prepared.screen_problem:
            lines.append(f"  the screen's libraries do not load: {prepared.screen_problem}")
        if prepared.missing:
            lines.append(f"  missing: {' '.join(prepared.missing)}")
        lines += [f"  did not run: {name}" for name in lacking] or ["  (no test was left out for it)"]
        if prepared.command:
            lines.append(f"  the command that installs them: {prepared.command}")
    return "\n".join(lines)


def test_files_with_qt(folder: Path) -> tuple[str, ...]:
    """The test files that cannot even be loaded without the screen's libraries, as paths from the checkout."""
    found: list[str] = []
    for file in sorted(folder.rglob("*.py")):
        if "node_modules" in file.parts or not file.name.startswith(("test_", "conftest")):
            continue
        text = file.read_text(encoding="utf-8")
        if any(word in text for word in _QT_WORDS):
            found.append(str((file if file.name != "conftest.py" else file.parent).relative_to(folder.parent)))
    return tuple(name for name in dict.fromkeys(found) if name != folder.name)


def tests_lacking(report: Path) -> tuple[str, ...]:
    """The tests that pytest's report says were left out because they need something, each with what it needs."""
    try:
        tree = ElementTree.parse(report)  # noqa: S314 - pytest has just written it
    except (OSError, ElementTree.ParseError):
        return ()
    found: list[str] = []
    for case in tree.iter("testcase"):
        skipped = case.find("skipped")
        message = skipped.get("message", "") if skipped is not None else ""
        if "need" in message.lower():
            found.append(f"{case.get('classname', '')}::{case.get('name', '')} ({message})")
    return tuple(found)


def _run(console: Console, check: Check) -> CheckResult:
    command = " ".join([Path(check.argv[0]).name, *check.argv[1:]])
    started_s = time.monotonic()
    with console.step(check.name, command) as step:
        if check.speaks:
            status = subprocess.run(check.argv, cwd=ROOT, check=False, stdin=subprocess.DEVNULL).returncode
        else:
            ran = run(
                check.argv, f"check-{check.name.replace(' ', '-')}", on_tick=lambda: step.progress("at it"), cwd=ROOT
            )
            status = ran.status
            step.clear()
            if status != 0:
                console.say("\n".join(ran.lines))
            elif ran.lines:
                step.result(ran.lines[-1])
        if status != 0:
            step.result(f"status {status}", "FAILED")
    return CheckResult(check.name, status, time.monotonic() - started_s)
