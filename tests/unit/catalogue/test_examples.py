"""The example systems: enough of them, always the same, and all without fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.catalogue.check import check_folder
from launcher.catalogue.examples import HOW_MANY, example_files, write_examples
from launcher.connectors.base import judge_of, kinds_of
from launcher.connectors.program import ProgramConnector
from launcher.connectors.terminal import TerminalConnector
from launcher.connectors.web import WebConnector

CONNECTORS = (WebConnector(), ProgramConnector(), TerminalConnector())


def test_there_are_750_of_them_and_each_is_read_without_fault_or_warning(tmp_path: Path) -> None:
    write_examples(tmp_path / "catalogue")
    report = check_folder(tmp_path / "catalogue", kinds_of(CONNECTORS), judge_of(CONNECTORS, None))
    assert report.lines() == ["750 entries can be used, 0 faults, 0 warnings."]
    entries = report.catalogue.entries
    assert len({entry.name for entry in entries}) == HOW_MANY
    assert {entry.kind for entry in entries} == {"web", "program"}
    assert len({entry.group for entry in entries}) >= 10
    assert {entry.hue for entry in entries} == {"slate", "sea", "moss", "clay", "plum", "steel"}
    assert any(entry.on_demand for entry in entries)
    assert any(entry.groups for entry in entries)
    assert any(entry.aliases for entry in entries)


def test_they_are_always_the_same() -> None:
    assert example_files() == example_files()
    assert example_files(10) == example_files()[:10]
    with pytest.raises(ValueError, match="example systems"):
        example_files(10_000)
