"""What a person reads while the set-up works, and when it fails."""

from __future__ import annotations

import io
import sys
from email.parser import HeaderParser
from pathlib import Path

import pytest

from installer import cli
from installer import console as console_module
from installer.cli import SET_UP_FAILED, main
from installer.console import Console, SetUpError, run
from installer.dependencies import PipProgress
from installer.licences import Package, licence_by_file, licence_list, licence_of


@pytest.fixture(autouse=True)
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(console_module, "LOGS", tmp_path)
    return tmp_path


def test_a_step_says_that_it_begins_and_how_it_ended() -> None:
    said = io.StringIO()
    with Console(2, said).step("Python packages", "fetching") as step:
        step.result("69 packages")
    begun, ended = said.getvalue().splitlines()
    assert begun == "[1/2] Python packages: fetching …"
    assert ended.startswith("[1/2] Python packages: done: 69 packages (")


def test_a_step_that_fails_says_so() -> None:
    said = io.StringIO()
    with pytest.raises(SetUpError), Console(1, said).step("Node.js"):
        raise SetUpError("npm failed")
    assert said.getvalue().startswith("[1/1] Node.js: failed (")


def test_nothing_but_text_goes_to_a_plain_terminal() -> None:
    said = io.StringIO()
    with Console(1, said).step("Step") as step:
        step.progress("half")
    assert "\r" not in said.getvalue()
    assert "\x1b" not in said.getvalue()


def test_all_that_a_failed_command_said_is_kept_and_its_end_is_told(logs: Path) -> None:
    program = "import sys\nfor n in range(100): print('line', n)\nsys.exit('the reason')"
    lines: list[str] = []
    ran = run([sys.executable, "-u", "-c", program], "trial", on_line=lines.append)
    assert ran.status == 1
    assert "line 0" in lines
    report = ran.failed("trial failed", "try again").report()
    assert "trial failed (status 1)" in report
    assert "the reason" in report
    assert "try again" in report
    assert str(logs / "trial.log") in report
    assert "line 0\n" in (logs / "trial.log").read_text(encoding="utf-8")


def test_a_command_that_does_not_exist_is_a_failure_with_words() -> None:
    ran = run(["/nowhere/at-all"], "trial")
    assert ran.status == 127
    assert "/nowhere/at-all" in ran.lines[0]


def test_a_command_has_no_keyboard_to_wait_for() -> None:
    assert run([sys.executable, "-c", "print(input())"], "trial").status == 1


def test_how_far_pip_is_comes_from_its_own_words() -> None:
    progress = PipProgress(3)
    progress.line("Ignoring colorama: markers 'sys_platform == \"win32\"' don't match your environment")
    progress.line("Collecting anyio==4.16.0")
    assert progress.text() == "package 1 of 2 (anyio)"
    progress.line("  Downloading anyio-4.16.0-py3-none-any.whl (2.5 MB)")
    assert progress.text() == "package 1 of 2 (anyio), 2 MB"
    progress.line("Installing collected packages: anyio")
    progress.laid_out(1)
    assert progress.text() == "laid out 1 of 2 packages, 2 MB"


def test_a_command_line_that_is_not_understood_has_a_status_of_its_own() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["brew"])
    assert ended.value.code == 2
    assert SET_UP_FAILED not in (0, 1, 2, 3)


@pytest.mark.parametrize(
    ("metadata", "licence"),
    [
        ("License-Expression: MIT OR Apache-2.0\nLicense: other\n", "MIT OR Apache-2.0"),
        ("License: Apache Software License\nClassifier: License :: OSI Approved :: MIT License\n", "MIT"),
        ("License: BSD-3-Clause\nClassifier: License :: OSI Approved :: BSD License\n", "BSD-3-Clause"),
        ("License: MIT\n", "MIT"),
        ("Name: silent\n", ""),
    ],
)
def test_a_licence_is_what_the_package_says_of_itself(metadata: str, licence: str) -> None:
    assert licence_of(HeaderParser().parsestr(metadata)) == licence


def test_a_licence_is_told_by_the_first_line_of_its_file_where_the_metadata_says_nothing() -> None:
    headers = HeaderParser().parsestr("Name: a\nLicense-File: COPYING\nLicense-File: LICENSE\n")
    files = {"licenses/COPYING": "All rights reserved\n", "licenses/LICENSE": "\nMIT License\n\nCopyright …\n"}
    assert licence_by_file(headers, files.get) == "MIT"
    assert licence_by_file(headers, {}.get) == ""


def test_a_package_that_tells_no_licence_is_never_listed_in_silence() -> None:
    with pytest.raises(ValueError, match="silent 1"):
        licence_list([Package("python", "silent", "1", "", shipped=True)])


@pytest.mark.parametrize("command", ["demo", "test", "bench"])
def test_what_a_command_takes_is_said_without_setting_anything_up(
    command: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "prepare", lambda *_, **__: pytest.fail("it was set up"))
    assert main([command, "--help"]) == 0
    assert "--json" in capfd.readouterr().out or command == "test"
