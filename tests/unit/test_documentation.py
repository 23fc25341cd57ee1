"""Documentation is tested: every error has its page, every page its error or subject, every command its line."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import launcher
from launcher.cli import parser
from launcher.errors import LauncherError

ROOT = Path(__file__).resolve().parents[2]
HELP = ROOT / "resources" / "help"
SUBJECTS = {
    "start",
    "station-file",
    "catalogue-entry",
    "lock",
    "session-states",
    "station-install",
    "kiosk",
    "terminals",
    "web-systems",
    "helpdesk",
    "hub",
    "hub-audit",
    "hub-file",
    "hub-roles",
    "hub-station",
    "kerberos",
    "proxy",
    "federations",
}
"""Pages that are about a subject and not about an error."""


def all_errors() -> dict[str, type[LauncherError]]:
    for module in pkgutil.walk_packages(launcher.__path__, "launcher."):
        if not module.name.startswith("launcher.demo.programs") and module.name != "launcher.__main__":
            importlib.import_module(module.name)
    found: dict[str, type[LauncherError]] = {}
    waiting = [LauncherError]
    while waiting:
        for error in waiting.pop().__subclasses__():
            waiting.append(error)
            if error.__module__.startswith("launcher.") and "reference" in vars(error):
                assert error.reference not in found or found[error.reference] is error, error.reference
                found[error.reference] = error
    return found


ERRORS = all_errors()


@pytest.mark.parametrize("reference", sorted(ERRORS))
def test_an_error_has_a_reference_a_next_step_and_a_page(reference: str) -> None:
    error = ERRORS[reference]
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", reference), reference
    assert error.hint.strip().endswith((".", "!")), f"{error.__name__} has no next step"
    page = HELP / f"{reference}.md"
    assert page.exists(), f"resources/help/{reference}.md is missing"
    lines = page.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# "), page
    assert len(" ".join(lines[1:]).split()) >= 15, f"{page} says too little"


def test_a_help_page_is_about_an_error_or_a_known_subject() -> None:
    pages = {page.stem for page in HELP.glob("*.md")}
    assert pages - set(ERRORS) - SUBJECTS == set()


def test_the_readme_shows_the_two_commands_and_every_command_of_the_product() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in ("python3 -m installer demo", "python3 -m installer test"):
        assert command in readme
    for name in commands_of(parser(), "command"):
        if name != "session":
            assert f"station-launcher {name}" in readme, name


@pytest.mark.parametrize("above", ["hub", "helpdesk"])
def test_the_readme_and_their_page_name_all_commands_of_the_hub_and_the_helpdesk(above: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = [line for line in readme.splitlines() if line.startswith(f"| `station-launcher {above} ")]
    page = (HELP / f"{above}.md").read_text(encoding="utf-8")
    for name in commands_of(commands_of(parser(), "command")[above], "what"):
        assert re.search(rf"[` ]{name}`", "".join(rows)), f"the README's table of commands: {above} {name}"
        assert re.search(rf"`(station-launcher )?({above} )?{name}[` ]", page), f"{above}.md: {name}"


def commands_of(above: argparse.ArgumentParser, dest: str) -> dict[str, argparse.ArgumentParser]:
    """Return the commands of a parser by their names."""
    choices = next(action for action in above._actions if action.dest == dest).choices
    assert isinstance(choices, dict)
    return choices
