"""Spelling is checked where this computer has a dictionary, and the right word is offered in the page's menu."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from launcher.spelling import dictionary_folder
from tests.servers import dictionary


def test_a_folder_without_the_dictionary_is_none(tmp_path: Path) -> None:
    assert dictionary_folder([str(tmp_path)]) is None
    (tmp_path / "en-GB.bdic").write_bytes(b"")
    assert dictionary_folder([f"{tmp_path}/none", str(tmp_path)]) == tmp_path


@pytest.mark.needs("dictionary")
def test_a_misspelt_word_is_offered_as_it_is_written_here(tmp_path: Path) -> None:
    dictionary.make(tmp_path)
    program = [sys.executable, "-m", "tests.shell.surfaces.spelling_program", str(tmp_path), "colur"]
    ran = subprocess.run(program, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=60)
    assert ran.stdout == "colour ", ran.stderr[-2000:]
