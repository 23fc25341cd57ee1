"""Runs every check of the project in turn, and says in the end what passed, what failed and what could not run."""

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from installer.console import Console, Ran, SetUpError, run
from installer.paths import LOGS, ROOT, VENV, venv_python, venv_scripts
from installer.set_up import Prepared

PASSED = 0
FAILED = 1
INCOMPLETE = 3  # all that ran passed, but something could not run for want of system packages

# What a test may need that no package of the set-up brings: a right that this account or a container lacks, a system's
# Python that is the one in use here, and a client for tickets, which the system has for its own version of Python only.
_NO_PACKAGE = frozenset({"root", "namespaces", "system-python", "kdc"})

# What waits more than it calculates, for processes, browsers and hosts, the longest first. Those who prove the same
# people share a part: each part starts the servers that it needs for itself. A folder in another part's is not its.
_BESIDE = {
    "journeys": ("tests/journeys",),
    "screens": ("tests/shell",),
    "hub": ("tests/unit/hub", "tests/unit/hub_client", "tests/contract/hub"),
    "sessions": (
        "tests/unit/session",
        "tests/unit/terminal",
        "tests/unit/identity",
        "tests/unit/identity_federated",
        "tests/contract/identity",
    ),
    "hub-journeys": ("tests/journeys/hub",),
}

# Of the rest of the product, which has no place on Windows yet, nothing is asked there.
_FOR_WINDOWS = ("--platform", "win32", "--follow-imports", "silent", "--cache-dir", ".mypy_cache/win32")

# Needs the screen's libraries to load: imports them, takes pytest-qt's fixture, or loads all modules of ours.
_LOADS_QT = re.compile(
    r"^\s*(?:from|import) (?:PySide6|shiboken6|pytestqt|launcher\.shell)\b|\bqtbot\b|walk_packages\(launcher\b",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Check:
    """A check: what a person calls it, and its command.

    One that speaks has the terminal to itself. One that runs beside the others starts with the first of them, where
    there is a processor for it, and what it said is told at its own turn. ``part_of``: another name that it goes by.
    """

    name: str
    argv: tuple[str, ...]
    speaks: bool = False
    beside: bool = False
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class NotRun:
    """Tests that were left out because something is missing on this machine."""

    needs: str
    reason: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        files = ", ".join(dict.fromkeys(test.split("::")[0] for test in self.tests))
        whole = not any("::" in test for test in self.tests)  # what cannot be loaded cannot be counted either
        left_out = f"left out whole: {files}" if whole else f"{len(self.tests)} left out, in {files}"
        return f"{self.needs}: {self.reason}; {left_out}"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How one check went."""

    name: str
    status: int
    duration_s: float


def checks(selection: Sequence[str], without: Sequence[str], venv: Path = VENV, only: str = "") -> tuple[Check, ...]:
    """All checks; `selection` goes to pytest, `without` are test files that cannot be loaded on this machine.

    Those that mostly wait run beside the rest, unless a selection was made. That is made of all tests, or of the part
    that ``only`` is asked for. A part of which all is left out is no check.
    """
    python = str(venv_python(venv))
    no_screen = ("-p", "no:pytest-qt", *(f"--ignore={file}" for file in without)) if without else ()
    pytest = (python, "-m", "pytest", "--continue-on-collection-errors", *no_screen)
    beside = {part: tuple(one for one in folders if one not in without) for part, folders in _BESIDE.items()}
    apart = [folder for folders in beside.values() for folder in folders]
    tests: tuple[Check, ...]
    if selection and only in _BESIDE:
        tests = (Check(only, (*pytest, *_of_part(selection, _BESIDE[only], apart)), speaks=True),)
    elif selection:
        tests = (Check("tests", (*pytest, *selection), speaks=True),)
    else:
        tests = (
            Check("tests", (*pytest, *(f"--ignore={folder}" for folder in apart)), speaks=True),
            *(
                Check(part, (*pytest, *folders, *_without_inner(folders, apart)), beside=True, part_of="tests")
                for part, folders in beside.items()
                if folders
            ),
        )
    return (
        Check("lint", (python, "-m", "ruff", "check", ".")),
        Check("format", (python, "-m", "ruff", "format", "--check", ".")),
        Check("types", (python, "-m", "mypy")),
        Check("types-win", (python, "-m", "mypy", *_FOR_WINDOWS, *_windows_pieces()), part_of="types"),
        Check("imports", (str(venv_scripts(venv) / "lint-imports"),)),
        *tests,
    )


def _without_inner(folders: Sequence[str], apart: Sequence[str]) -> tuple[str, ...]:
    """What keeps a part from running what is a part of its own."""
    inner = (one for one in apart if any(one.startswith(f"{folder}/") for folder in folders))
    return tuple(f"--ignore={one}" for one in inner)


def _of_part(selection: Sequence[str], folders: Sequence[str], apart: Sequence[str]) -> tuple[str, ...]:
    named = any((ROOT / word.split("::")[0]).exists() for word in selection)
    return tuple(selection) if named else (*selection, *folders, *_without_inner(folders, apart))


def _windows_pieces() -> tuple[str, ...]:
    """The modules that are for Windows alone."""
    package = ROOT / "launcher"
    found = (*package.glob("win32/*.py"), *package.glob("display/win32_*.py"), package / "station/job_processes.py")
    return tuple(str(file.relative_to(ROOT)) for file in sorted(found))


def as_far_as_needed(prepared: Prepared, chosen: Sequence[Check]) -> Prepared:
    """What the set-up came to, for these checks: system packages and the screen are the tests' need alone."""
    tests = any("tests" in (check.name, check.part_of) for check in chosen)
    return prepared if tests else Prepared((), "", "")


def check_names() -> tuple[str, ...]:
    """What the checks are called."""
    return tuple(check.name for check in checks((), ()))


def refuse_unknown(only: str) -> None:
    """Raises SetUpError where there is no check of that name; none is named where it is empty."""
    if only and only not in check_names():
        raise SetUpError(f"there is no check {only!r}", f"the checks are {', '.join(check_names())}")


def run_checks(prepared: Prepared, selection: Sequence[str], only: str = "") -> int:
    """Runs the checks, or only the named one, each to its end; returns PASSED, FAILED or INCOMPLETE.

    Raises SetUpError where there is no check of that name.
    """
    refuse_unknown(only)
    without = files_with_qt(ROOT / "tests") if prepared.screen_problem else ()
    chosen = [check for check in checks(selection, without, only=only) if only in ("", check.name, check.part_of)]
    prepared = as_far_as_needed(prepared, chosen)
    without = without if prepared.screen_problem else ()
    for check in chosen:
        _account(check).unlink(missing_ok=True)
    console = Console(len(chosen))
    results = run_all(chosen, console)
    not_run = [NotRun("the screen", prepared.screen_problem, without)] if without else []
    for account in map(_account, chosen):
        if account.exists():
            not_run += read_not_run(account.read_text(encoding="utf-8"))
    console.say(summary(results, prepared, not_run))
    return outcome(results, prepared, not_run)


def outcome(results: Sequence[CheckResult], prepared: Prepared, not_run: Sequence[NotRun]) -> int:
    """The status to exit with: a test that a missing package kept from running is never passed over.

    What no package could change is listed, but does not make the run incomplete: an ordinary user has no rights of
    root, and a container mostly may not make namespaces.
    """
    if any(result.status != 0 for result in results):
        return FAILED
    lacking = [entry for entry in not_run if entry.needs not in _NO_PACKAGE]
    return PASSED if prepared.complete and not lacking else INCOMPLETE


def summary(results: Sequence[CheckResult], prepared: Prepared, not_run: Sequence[NotRun]) -> str:
    """The closing account."""
    lines = ["", "Checks:"]
    for result in results:
        said = "passed" if result.status == 0 else f"FAILED, status {result.status}"
        lines.append(f"  {result.name:<14}{said:<20}{result.duration_s:7.1f} s")
    failed = [result.name for result in results if result.status != 0]
    lines.append(f"Failed: {', '.join(failed)}." if failed else "Every check that ran passed.")
    if not prepared.complete or not_run:
        lines.append("NOT EVERYTHING RAN here:")
        if prepared.missing:
            lines.append(f"  system packages that are missing: {' '.join(prepared.missing)}")
        if prepared.screen_problem:
            lines.append(f"  the screen's libraries do not load: {prepared.screen_problem}")
        lines += [f"  left out for want of {entry}" for entry in not_run]
        if not not_run:
            lines.append("  no test was left out for it")
        if prepared.command:
            lines.append(f"  the command that installs what is missing: {prepared.command}")
    return "\n".join(lines)


def files_with_qt(folder: Path) -> tuple[str, ...]:
    """The test files that cannot even be loaded without the screen's libraries, as paths from the checkout."""
    found: list[Path] = []
    for file in sorted(folder.rglob("*.py")):
        if "node_modules" in file.parts or not file.name.startswith(("test_", "conftest")):
            continue
        if _LOADS_QT.search(file.read_text(encoding="utf-8")):
            found.append(file.parent if file.name == "conftest.py" else file)
    outermost = [path for path in dict.fromkeys(found) if path != folder and not set(path.parents) & set(found)]
    return tuple(str(path.relative_to(folder.parent)) for path in outermost)


def read_not_run(text: str) -> tuple[NotRun, ...]:
    """Reads the tests' own account of what they left out: JSON, an entry for each thing that was missing."""
    untrusted = json.loads(text)
    if not isinstance(untrusted, list):
        raise TypeError("the account of what did not run is not a list")
    return tuple(
        NotRun(str(entry["needs"]), str(entry["reason"]), tuple(str(name) for name in entry["tests"]))
        for entry in untrusted
    )


def run_all(chosen: Sequence[Check], console: Console, processors: int = os.cpu_count() or 1) -> list[CheckResult]:
    """Runs the checks in turn, and beside them, as many at a time as there are processors, those that may.

    With the one in turn that is one more than can calculate at once: whoever waits leaves a processor to the others.
    """
    apart = [check for check in chosen if check.beside and processors > 1 and len(chosen) > 1]
    with ThreadPoolExecutor(max_workers=processors) as pool:
        begun = {check.name: pool.submit(_timed, check) for check in apart}
        return [_run(console, check, under_way) for check, under_way in _in_turn(chosen, begun)]


def _in_turn(
    chosen: Sequence[Check], begun: Mapping[str, Future[tuple[Ran, float]]]
) -> Iterator[tuple[Check, Future[tuple[Ran, float]] | None]]:
    """Those that have their own turn; then, rather than wait, those that nobody has begun yet; then those under way."""
    beside = [check for check in chosen if check.name in begun]
    yield from ((check, None) for check in chosen if check.name not in begun)
    taken = []
    for check in beside:
        if begun[check.name].cancel():
            taken.append(check)
            yield check, None
    yield from ((check, begun[check.name]) for check in beside if check not in taken)


def _run(console: Console, check: Check, begun: Future[tuple[Ran, float]] | None) -> CheckResult:
    command = " ".join([Path(check.argv[0]).name, *check.argv[1:]])
    started_s = time.monotonic()
    with console.step(check.name, f"{command} (began with the first)" if begun else command) as step:
        if check.speaks:
            status = subprocess.run(
                check.argv, cwd=ROOT, check=False, stdin=subprocess.DEVNULL, env=_environment(check)
            ).returncode
            duration_s = time.monotonic() - started_s
        else:
            if begun is None:
                ran = run(
                    check.argv,
                    f"check-{check.name}",
                    on_tick=lambda: step.progress("at it"),
                    cwd=ROOT,
                    env=_environment(check),
                )
                duration_s = time.monotonic() - started_s
            else:
                while not wait([begun], timeout=1.0).done:
                    step.progress("at it")
                ran, duration_s = begun.result()
            status = ran.status
            step.clear()
            # Of tests a person also wants to read, where all passed, which were skipped, and why.
            if status != 0 or check.beside:
                console.say("\n".join(ran.lines))
            elif ran.lines:
                step.result(ran.lines[-1])
        if status != 0:
            step.result(f"status {status}", "FAILED")
    return CheckResult(check.name, status, duration_s)


def _timed(check: Check) -> tuple[Ran, float]:
    started_s = time.monotonic()
    ran = run(check.argv, f"check-{check.name}", cwd=ROOT, env=_environment(check))
    return ran, time.monotonic() - started_s


def _environment(check: Check) -> dict[str, str]:
    return {**os.environ, "STATION_LAUNCHER_NOT_RUN": str(_account(check))}


def _account(check: Check) -> Path:
    """Where the tests' conftest writes which tests it left out, and for want of what."""
    return LOGS / f"not-run-{check.name}.json"
