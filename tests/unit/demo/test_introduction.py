"""What the demo tells a person before its window stands: words that can be pasted as they are."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from launcher.cli import parser
from launcher.demo.run import _introduce


def test_the_options_can_be_pasted_whatever_the_folder_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    station, state = Path("/a folder/it's $HOME/station.toml"), Path("/a folder/state")
    _introduce((), station, state)
    options = capsys.readouterr().out.splitlines()[-1]
    read = parser().parse_args(["doctor", *shlex.split(options)])
    assert (read.station, read.state) == (station, state)
