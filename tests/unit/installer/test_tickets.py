"""The system's Kerberos package for Python: where it fits, and what the environment then sees."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from installer.machine import Machine
from installer.tickets import show_tickets, tickets_ready
from tests.unit.installer.machines import DEBIAN_ROOT


@pytest.fixture
def system(tmp_path: Path) -> Path:
    raw = tmp_path / "dist-packages" / "gssapi" / "raw"
    raw.mkdir(parents=True)
    (raw / "creds.cpython-311-x86_64-linux-gnu.so").touch()
    (tmp_path / "dist-packages" / "decorator.py").touch()
    return tmp_path / "dist-packages"


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    (tmp_path / "venv" / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    return tmp_path / "venv"


def seen(venv: Path) -> set[str]:
    return {path.name for path in venv.glob("lib/python3.11/site-packages/*") if path.exists()}


def test_the_systems_package_is_shown_to_the_environment(system: Path, venv: Path) -> None:
    assert not tickets_ready(DEBIAN_ROOT, venv, system)
    assert show_tickets(DEBIAN_ROOT, venv, system) == "visible"
    assert seen(venv) == {"gssapi", "decorator.py"}
    assert tickets_ready(DEBIAN_ROOT, venv, system)
    assert show_tickets(DEBIAN_ROOT, venv, system) == "visible"


def test_one_that_was_removed_or_moved_since_is_shown_anew(system: Path, venv: Path, tmp_path: Path) -> None:
    link = venv / "lib" / "python3.11" / "site-packages" / "gssapi"
    link.symlink_to(tmp_path / "gone")
    assert not tickets_ready(DEBIAN_ROOT, venv, system)
    show_tickets(DEBIAN_ROOT, venv, system)
    assert link.resolve() == system / "gssapi"


def test_one_that_is_the_environments_own_stays(system: Path, venv: Path) -> None:
    own = venv / "lib" / "python3.11" / "site-packages" / "gssapi"
    own.mkdir()
    show_tickets(DEBIAN_ROOT, venv, system)
    assert not own.is_symlink()


@pytest.mark.parametrize(
    "machine", [replace(DEBIAN_ROOT, python_version=(3, 12)), replace(DEBIAN_ROOT, debian_like=False)]
)
def test_what_does_not_fit_is_left_and_nothing_waits_for_it(system: Path, venv: Path, machine: Machine) -> None:
    assert tickets_ready(machine, venv, system)
    assert "no host is signed on to by a ticket" in show_tickets(machine, venv, system)
    assert not seen(venv)


def test_a_system_without_it_is_ready_too(venv: Path, tmp_path: Path) -> None:
    assert tickets_ready(DEBIAN_ROOT, venv, tmp_path)
    assert "no host" in show_tickets(DEBIAN_ROOT, venv, tmp_path)
