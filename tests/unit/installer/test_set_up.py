"""In which order the set-up brings packages, and what a person reads of it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from installer import set_up, system_packages
from installer.console import Console, Held
from installer.environment import Road
from installer.locks import DEMO
from installer.stamp import Verdict
from tests.unit.installer.machines import DEBIAN_ROOT


class Packages:
    """The roads to apt, venv and pip, which fetch nothing here and tell of one another."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path, *, alone: bool) -> None:
        self.laid_out = threading.Event()
        self.laid_out_before_apt_ended = False
        self._waits_s = 30.0 if alone else 0.0
        monkeypatch.setattr(set_up, "VENV", folder / ".venv")
        monkeypatch.setattr(set_up.environment, "needs_no_package", lambda _machine: alone)
        monkeypatch.setattr(set_up.environment, "make", lambda *_: Road.OWN_VENV)
        monkeypatch.setattr(set_up.environment, "write_commands", lambda: None)
        monkeypatch.setattr(set_up, "install_lock", lambda *_: self.laid_out.set())
        monkeypatch.setattr(system_packages, "install", self._apt)
        (folder / ".venv").mkdir()

    def _apt(self, _packages: object, _step: object) -> tuple[str, ...]:
        self.laid_out_before_apt_ended = self.laid_out.wait(self._waits_s)
        return ()


@pytest.mark.parametrize("alone", [True, False], ids=["a whole Python", "needs the system's venv"])
def test_the_environments_packages_come_beside_the_systems_where_they_need_none_of_them(
    alone: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    packages = Packages(monkeypatch, tmp_path, alone=alone)
    found = set_up._Findings(("slapd",), Verdict.MAKE_ANEW, None, besides=False)
    console, missing, now = set_up._packages(Console(5), DEBIAN_ROOT, found, DEMO)
    assert packages.laid_out_before_apt_ended is alone
    assert missing == ()
    assert now.complete
    with console.step("Screen"):
        pass
    ended = [line for line in capsys.readouterr().out.splitlines() if ": done" in line]
    titles = ("[1/5] System packages:", "[2/5] Python environment ", "[3/5] Python packages:", "[4/5] Screen:")
    assert [title for line, title in zip(ended, titles, strict=True) if line.startswith(title)] == list(titles)


def test_what_is_said_beside_somebody_else_is_said_when_that_one_has_ended(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(2)
    meanwhile, held = console.meanwhile(begun=1)
    assert isinstance(held, Held)
    with console.step("First"), meanwhile.step("Second", "begun"):
        assert "Second" not in capsys.readouterr().out
    assert "[1/2] First: done" in capsys.readouterr().out
    held.let_go()
    assert "[2/2] Second: begun …\n[2/2] Second: done" in capsys.readouterr().out
    meanwhile.say("at once")
    assert capsys.readouterr().out == "at once\n"
