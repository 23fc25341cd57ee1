"""The road to an environment on each kind of machine, and what is written into it."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from installer.console import Console, SetUpError
from installer.environment import (
    PythonFacts,
    Road,
    command_text,
    make,
    pip_environment,
    roads,
    set_aside,
    version_numbers,
    works,
)
from installer.machine import Machine
from installer.stamp import Stamp
from tests.unit.installer.machines import DEBIAN_ROOT

USER = replace(DEBIAN_ROOT, root=False)
ELSEWHERE = replace(USER, debian_like=False)
BARE = PythonFacts(has_ensurepip=False, from_system=True, pip_version=None)
FULL = PythonFacts(has_ensurepip=True, from_system=False, pip_version=(23, 2))


@pytest.mark.parametrize(
    ("machine", "facts", "expected"),
    [
        pytest.param(ELSEWHERE, FULL, (Road.OWN_VENV, Road.OTHER_PIP), id="a whole Python"),
        pytest.param(DEBIAN_ROOT, BARE, (Road.VENV_PACKAGE, Road.PIP_WHEEL), id="bare Debian, root"),
        pytest.param(USER, BARE, (Road.PIP_WHEEL,), id="bare Debian, not root"),
        pytest.param(
            USER, replace(BARE, pip_version=(23, 0, 1)), (Road.OTHER_PIP, Road.PIP_WHEEL), id="Debian with python3-pip"
        ),
        pytest.param(USER, replace(BARE, pip_version=(22, 2, 9)), (Road.PIP_WHEEL,), id="a pip too old for --python"),
        pytest.param(ELSEWHERE, BARE, (), id="nothing to go by"),
        pytest.param(
            DEBIAN_ROOT, replace(BARE, from_system=False), (Road.PIP_WHEEL,), id="a Python that is not the system's"
        ),
    ],
)
def test_the_roads_that_are_open(machine: Machine, facts: PythonFacts, expected: tuple[Road, ...]) -> None:
    assert roads(machine, facts) == expected


def test_where_no_road_is_open_the_person_is_told_what_would_open_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("installer.environment.python_facts", lambda _machine: BARE)
    with Console(1, io.StringIO()).step("Python environment") as step, pytest.raises(SetUpError) as refused:
        make(ELSEWHERE, step, Stamp(str(tmp_path), "", ""), tmp_path / ".venv")
    assert "22.3 or newer" in refused.value.hint
    assert not (tmp_path / ".venv").exists()


def test_the_version_of_a_pip_is_read() -> None:
    assert version_numbers("pip 23.0.1 from /usr/lib/python3/dist-packages/pip (python 3.11)") == (23, 0, 1)
    assert version_numbers("No module named pip") is None


def test_pip_is_not_led_astray_but_keeps_the_persons_mirror() -> None:
    environment = pip_environment({"PIP_USER": "1", "PIP_TARGET": "x", "PYTHONPATH": "y", "PIP_CERT": "ca.pem"})
    assert not {"PIP_USER", "PIP_TARGET", "PYTHONPATH"} & set(environment)
    assert environment["PIP_CERT"] == "ca.pem"


@pytest.mark.skipif(sys.platform == "win32", reason="needs posix: it is a shell script")
def test_the_command_runs_its_interpreter_though_the_path_has_spaces(tmp_path: Path) -> None:
    folder = tmp_path / 'a folder with "quotes" and $signs'
    folder.mkdir()
    python = folder / "python"
    python.symlink_to(sys.executable)
    package = tmp_path / "launcher"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "cli.py").write_text(
        "import sys\n\ndef main():\n    print(sys.argv[1])\n    return 7\n", encoding="utf-8"
    )
    script = tmp_path / "station-launcher"
    script.write_text(command_text(python), encoding="utf-8")
    script.chmod(0o755)
    ran = subprocess.run([str(script), "doctor"], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (ran.stdout, ran.returncode) == ("doctor\n", 7), ran.stderr


def test_an_environment_of_another_version_does_not_fit(tmp_path: Path) -> None:
    venv = tmp_path / ".venv"
    scripts = venv / ("Scripts" if sys.platform == "win32" else "bin")
    scripts.mkdir(parents=True)
    assert not works(venv, DEBIAN_ROOT)
    python = scripts / ("python.exe" if sys.platform == "win32" else "python")
    python.symlink_to(sys.executable)
    (venv / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n", encoding="utf-8")
    assert works(venv, DEBIAN_ROOT)
    assert not works(venv, replace(DEBIAN_ROOT, python_version=(3, 12)))


def test_what_is_set_aside_is_never_written_over(tmp_path: Path) -> None:
    venv = tmp_path / ".venv"
    kept = []
    for _ in range(2):
        venv.mkdir()
        kept.append(set_aside(venv).name)
    assert kept == [".venv-set-aside-1", ".venv-set-aside-2"]
