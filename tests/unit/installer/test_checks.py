"""What the checks come to: the status to exit with, and the closing account."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from installer.checks import (
    FAILED,
    INCOMPLETE,
    PASSED,
    Check,
    CheckResult,
    NotRun,
    as_far_as_needed,
    check_names,
    checks,
    files_with_qt,
    outcome,
    read_not_run,
    run_all,
    run_checks,
    summary,
)
from installer.cli import main
from installer.console import Console, SetUpError
from installer.paths import ROOT
from installer.set_up import Prepared

ALL = Prepared((), "", "")
LACKING = Prepared(("slapd",), "apt-get install slapd", "")
GOOD = CheckResult("lint", 0, 1.0)
BAD = CheckResult("tests", 1, 2.0)
SLAPD = NotRun("slapd", "slapd is not installed", ("tests/a.py::one", "tests/a.py::two"))


@pytest.mark.parametrize(
    ("results", "prepared", "not_run", "status"),
    [
        pytest.param([GOOD], ALL, [], PASSED, id="all"),
        pytest.param([GOOD, BAD], ALL, [], FAILED, id="one failed"),
        pytest.param([GOOD], LACKING, [SLAPD], INCOMPLETE, id="something could not run"),
        pytest.param([GOOD, BAD], LACKING, [SLAPD], FAILED, id="a failure outweighs"),
        pytest.param([GOOD], Prepared((), "", "libGL.so.1"), [], INCOMPLETE, id="no screen"),
        pytest.param([GOOD], ALL, [NotRun("root", "for another account", ("a",))], PASSED, id="only root could"),
        pytest.param([GOOD], ALL, [NotRun("namespaces", "not here", ("a",))], PASSED, id="no package would help"),
        pytest.param([GOOD], ALL, [SLAPD], INCOMPLETE, id="left out though every package is there"),
    ],
)
def test_the_status_of_a_run(
    results: list[CheckResult], prepared: Prepared, not_run: list[NotRun], status: int
) -> None:
    assert outcome(results, prepared, not_run) == status


def test_the_account_says_what_did_not_run_and_how_to_change_that() -> None:
    text = summary([GOOD], LACKING, [SLAPD])
    assert "slapd is not installed; 2 left out, in tests/a.py" in text
    assert "apt-get install slapd" in text


def test_files_that_could_not_be_loaded_are_not_counted_as_tests() -> None:
    text = summary([GOOD], LACKING, [NotRun("the screen", "no libGL.so.1", ("tests/shell/frame", "tests/unit/a.py"))])
    assert "the screen: no libGL.so.1; left out whole: tests/shell/frame, tests/unit/a.py" in text


def test_the_account_of_a_complete_run_is_short() -> None:
    assert summary([GOOD], ALL, []).splitlines()[-1] == "Every check that ran passed."


def test_each_checks_name_and_what_came_of_it_are_two_words() -> None:
    for name in check_names():
        line = summary([CheckResult(name, 0, 1.0)], ALL, []).splitlines()[2]
        assert line.split() == [name, "passed", "1.0", "s"]


def test_the_tests_own_account_is_read() -> None:
    text = '[{"needs": "slapd", "reason": "not installed", "tests": ["tests/a.py::one"]}]'
    assert read_not_run(text) == (NotRun("slapd", "not installed", ("tests/a.py::one",)),)
    with pytest.raises(TypeError):
        read_not_run("{}")


def test_a_selection_reaches_the_tests_and_only_them() -> None:
    for check in checks(["tests/unit", "-k", "stamp"], ()):
        assert ("stamp" in check.argv) == (check.name == "tests")


@pytest.mark.parametrize(
    ("selection", "ends"),
    [
        (["-k", "locks"], ["-k", "locks", "tests/journeys", "--ignore=tests/journeys/hub"]),
        (
            ["tests/journeys/test_station_locks.py::test_x", "-x"],
            ["tests/journeys/test_station_locks.py::test_x", "-x"],
        ),
    ],
)
def test_a_selection_of_the_journeys_is_made_of_them(selection: list[str], ends: list[str]) -> None:
    (journeys,) = (one for one in checks(selection, (), only="journeys") if one.speaks)
    assert journeys.name == "journeys"
    assert list(journeys.argv[-len(ends) :]) == ends


def test_an_unknown_check_is_answered_with_the_ones_there_are() -> None:
    with pytest.raises(SetUpError) as refused:
        run_checks(ALL, [], only="brew")
    named = "lint, format, types, types-win, imports, tests, journeys, screens, hub, sessions, hub-journeys"
    assert refused.value.hint == f"the checks are {named}"


def test_every_test_is_in_one_part_of_the_tests() -> None:
    tests, *beside = (check for check in checks((), ()) if "tests" in (check.name, check.part_of))
    apart = [word for check in beside for word in check.argv if word.startswith("tests/")]
    assert apart == [word.removeprefix("--ignore=") for word in tests.argv if word.startswith("--ignore=")]
    assert all((ROOT / folder).is_dir() for folder in apart)
    (whole,) = (check for check in beside if "tests/journeys" in check.argv)
    assert "--ignore=tests/journeys/hub" in whole.argv, "a folder in that of another part"
    assert [check.name for check in beside if "--ignore=tests/journeys/hub" in check.argv] == [whole.name]


def test_a_part_of_which_all_is_left_out_is_no_check() -> None:
    assert "screens" in [check.name for check in checks((), ())]
    left = [check for check in checks((), ("tests/shell", "tests/journeys/test_a.py")) if check.part_of == "tests"]
    assert [check.name for check in left] == ["journeys", "hub", "sessions", "hub-journeys"]


HELLO = """
import pathlib, sys, time
mine, other = map(pathlib.Path, sys.argv[1:3])
mine.touch()
ends = time.monotonic() + float(sys.argv[3])
while not other.exists() and time.monotonic() < ends:
    pass
print("met" if other.exists() else "alone")
"""


@pytest.mark.parametrize("processors", [1, 2])
def test_what_may_run_beside_the_others_does_where_there_is_a_processor_for_it(tmp_path: Path, processors: int) -> None:
    one, other = str(tmp_path / "one"), str(tmp_path / "other")
    patience_s = "30" if processors > 1 else "0"
    first = Check("test-of-first", (sys.executable, "-c", HELLO, one, other, patience_s))
    last = Check("test-of-last", (sys.executable, "-c", HELLO, other, one, "30"), beside=True)
    said = io.StringIO()
    results = run_all([first, last], Console(2, said), processors)
    assert [(result.name, result.status) for result in results] == [("test-of-first", 0), ("test-of-last", 0)]
    assert ("[1/2] test-of-first: done: " + ("met" if processors > 1 else "alone")) in said.getvalue()
    assert said.getvalue().splitlines()[-2] == "met"


def test_who_has_no_more_turns_takes_what_nobody_has_begun_rather_than_wait(tmp_path: Path) -> None:
    def meets(name: str, other: str) -> Check:
        argv = (sys.executable, "-c", HELLO, str(tmp_path / name), str(tmp_path / other), "30")
        return Check(f"test-of-{name}", argv, beside=True)

    said = io.StringIO()
    chosen = [meets("first", "last"), meets("second", "last"), meets("last", "first")]  # for two workers
    results = run_all([*chosen, Check("test-of-turn", (sys.executable, "-c", ""))], Console(4, said), 2)
    told = ["test-of-turn", "test-of-last", "test-of-first", "test-of-second"]
    assert [(result.name, result.status) for result in results] == [(name, 0) for name in told]
    assert said.getvalue().splitlines().count("met") == len(chosen)


def test_what_ran_beside_and_failed_is_told() -> None:
    said = io.StringIO()
    good = Check("test-of-good", (sys.executable, "-c", ""))
    bad = Check("test-of-bad", (sys.executable, "-c", "print('why'); raise SystemExit(5)"), beside=True)
    results = run_all([bad, good], Console(2, said), 2)
    assert [result.status for result in results] == [0, 5]
    assert "why\n[2/2] test-of-bad: FAILED: status 5" in said.getvalue()


def test_without_a_screen_the_files_that_load_it_are_left_out(tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    for name, text in (
        ("unit/test_plain.py", "import json\n"),
        ("unit/test_window.py", "from launcher.shell import look\n"),
        ("shell/conftest.py", "import PySide6\n"),
        ("shell/test_screens.py", "from PySide6 import QtCore\n"),
        ("unit/test_every_module.py", "pkgutil.walk_packages" + "(launcher.__path__)\n"),
        ("unit/test_contracts.py", "FORBIDDEN = ['PySide6']\n"),
        ("conftest.py", "# sets PySide6's platform\n"),
    ):
        file = tests / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    found = files_with_qt(tests)
    assert found == ("tests/shell", "tests/unit/test_every_module.py", "tests/unit/test_window.py")
    assert all("--ignore=tests/shell" in check.argv for check in checks((), found)[-2:])


def test_the_help_of_the_tests_names_every_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "--help"]) == 0
    said = capsys.readouterr().out
    assert f"\n  {', '.join(check.name for check in checks((), ()))}.\n" in said


@pytest.mark.parametrize("words", [["--only", "docs"], ["--only"]], ids=" ".join)
def test_a_check_that_there_is_not_is_refused_before_anything_is_set_up(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("installer.cli.prepare")
    assert main(["test", *words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "--only takes one of lint, format, types" in said.err


def test_a_check_that_needs_no_package_is_complete_without() -> None:
    by_name = {check.name: check for check in checks((), ())}
    assert outcome([GOOD], as_far_as_needed(LACKING, [by_name["lint"], by_name["types"]]), []) == PASSED
    for needs in ("tests", "journeys"):
        assert outcome([GOOD], as_far_as_needed(LACKING, [by_name["lint"], by_name[needs]]), []) == INCOMPLETE
