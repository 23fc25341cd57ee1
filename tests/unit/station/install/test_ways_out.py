"""Where the program lies, and the ways out of the kiosk: what lets somebody out is seen."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.station.install.carry_out import install, remove
from launcher.station.install.choices import ETC, UNITS, Choices
from launcher.station.install.routes import ROUTES, ByHand, Itself, Route, state_of
from launcher.station.install.unfit import unfit_places
from tests.unit.station.install.bench import at, needs_root, silent

# --- where the program lies


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda top: top.chmod(0o777), "can be written by others"),
        (lambda top: (top / "bin/python").chmod(0o775), "can be written by others"),
        (lambda top: top.chmod(0o700), "cannot be entered by others"),
        (lambda top: os.chown(top / "launcher" / "cli.py", 1000, 0), "belongs to account 1000"),
        (lambda top: (top / "launcher" / "cli.py").chmod(0o600), "cannot be read by others"),
    ],
)
@needs_root
def test_a_program_that_others_may_write_or_slots_not_read_is_not_run_as_root(
    spoil: Callable[[Path], None], why: str
) -> None:
    top = Path("/opt/station-launcher-test-place")  # below no folder that others may write
    (top / "bin").mkdir(parents=True)
    try:
        (top / "launcher").mkdir()
        for file in (top / "bin/python", top / "launcher/cli.py"):
            file.write_text("x")
            file.chmod(0o755)
        places = (top / "bin/python", top / "launcher", top)
        assert list(unfit_places(*places)) == []
        spoil(top)
        found = list(unfit_places(*places))
        assert found
        assert why in found[0]
    finally:
        shutil.rmtree(top)


def test_a_program_in_somebody_s_home_is_not_seen_by_the_service() -> None:
    assert "which the service does not see" in next(unfit_places(Path("/home/x/python"), Path("/"), Path("/")))


# --- the ways out


def by_name(start: str) -> Route:
    (route,) = [one for one in ROUTES if one.name.startswith(start)]
    return route


@needs_root
def test_an_installation_closes_every_way_that_can_be_closed(choices: Choices) -> None:
    (choices.root / "proc/sys/kernel").mkdir(parents=True)
    (choices.root / "proc/sys/kernel/sysrq").write_text("0\n")
    install(choices, silent)
    states = {route.name: state_of(route, choices.root) for route in ROUTES}
    assert [name for name, state in states.items() if state != "closed"] == [by_name("Boot menu").name]
    (choices.root / "proc/sys/kernel/sysrq").write_text("438\n")
    at(choices, "/etc/X11/xorg.conf.d/90-station-launcher.conf").write_text("")
    at(choices, f"{ETC}/openbox.xml").write_text('<keyboard><keybind key="A-F4"/></keyboard>')
    for name in ("VT switch", "Ctrl-Alt-Backspace", "Magic SysRq", "Alt-Tab"):
        assert state_of(by_name(name), choices.root) == "open", name
    remove(choices, silent)
    for route in ROUTES:
        if not isinstance(route.checks[0], Itself) and not route.name.startswith("Boot menu"):
            assert state_of(route, choices.root) == "open", route.name


def test_what_the_launcher_itself_closes_is_tried_by_a_test() -> None:
    tests = Path(__file__).resolve().parents[4]
    for route in ROUTES:
        for check in route.checks:
            if isinstance(check, Itself):
                file, _, name = check.test.partition("::")
                assert f"def {name}(" in (tests / file).read_text(), check.test


def test_the_help_page_lists_the_ways_out_as_they_are_closed() -> None:
    page = (Path(__file__).resolve().parents[4] / "resources/help/kiosk.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\* \*\*(.+?)\*\*: (.+)$", page, re.MULTILINE)
    assert sorted(listed) == sorted((route.name, route.how) for route in ROUTES)
    sections = page.split("\n## ")
    for route in ROUTES:
        (section,) = [text for text in sections if f"**{route.name}**" in text]
        itself, hand = isinstance(route.checks[0], Itself), isinstance(route.checks[0], ByHand)
        title = "Closed by the launcher" if itself else "For you" if hand else "Closed by station-launcher"
        assert section.startswith(title), route.name


@needs_root
def test_a_display_that_something_else_makes_is_not_told_about(choices: Choices) -> None:
    install(replace(choices, display="none"), silent)
    for route in ROUTES:
        if route.of_the_display:
            assert state_of(route, choices.root) == "cannot tell here", route.name
    assert state_of(by_name("Ctrl-Alt-Del"), choices.root) == "closed"


@needs_root
@pytest.mark.parametrize("display", [":0", "none"])
def test_systemd_understands_the_services(choices: Choices, display: str) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("needs systemd: not installed (Debian: systemd)")
    install(replace(choices, display=display), silent)
    units = [path for path in at(choices, UNITS).glob("station-launcher*.service") if path.is_file()]
    assert len(units) == (1 if display == "none" else 3)
    for path in units:
        # What they start is not on this computer: a program that is stands in for each.
        text = re.sub(r"^(Exec\w+=)(?!/bin/sh)\S+", r"\1/bin/true", path.read_text(), flags=re.MULTILINE)
        path.write_text(text)
        said = subprocess.run(
            [analyze, "verify", "--man=no", str(path)], capture_output=True, text=True, check=False, timeout=60
        )
        assert (said.returncode, said.stdout + said.stderr) == (0, ""), path.name
