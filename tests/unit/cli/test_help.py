"""The page of a reference is printed in a shell, where no screen could show it."""

from __future__ import annotations

import pytest

from launcher.cli import main
from launcher.resources import resources


def test_the_page_of_a_reference_is_printed_as_it_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "hub-unreachable"]) == 0
    assert capsys.readouterr().out == (resources() / "help" / "hub-unreachable.md").read_text(encoding="utf-8")


def test_without_a_reference_all_pages_are_listed_with_their_titles(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help"]) == 0
    lines = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert lines.keys() == {file.stem for file in (resources() / "help").glob("*.md")}
    assert lines["hub-unreachable"] == "The hub cannot be reached"


def test_a_reference_that_is_none_is_refused_with_those_that_are_near(capsys: pytest.CaptureFixture[str]) -> None:
    for word in ("hub-unreachabel", "../../README"):
        with pytest.raises(SystemExit) as caught:
            main(["help", word])
        assert caught.value.code == 2
    said = capsys.readouterr().err
    assert "there is no page 'hub-unreachabel'; did you mean hub-unreachable" in said
