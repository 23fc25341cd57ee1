"""A TN3270E host that nobody here wrote: the demo host of ``mainframe-mocker``, with a logon screen, a menu and forms.

It speaks TN3270E, plain TN3270 where that is asked for, and colours and highlighting on every screen size. Its texts
are in code page cp037.
"""

from __future__ import annotations

import importlib.util
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from installer.hosts import mocker_ready
from installer.paths import MOCKER
from tests.servers.server import Server, running

USER: Final = "PC1234"
PASSWORD: Final = "NIGHTJAR"
CODE_PAGE: Final = "cp037"


def missing() -> str | None:
    """What is not installed, if anything."""
    if not mocker_ready():
        return "mainframe-mocker is not fetched (python3 -m installer setup --extras test does)"
    if importlib.util.find_spec("jinja2") is None:
        return "jinja2 not installed (extra: test)"
    return None


class Mocker3270(Server):
    """The host and its loopback port; ``tn3270e`` False: it offers plain TN3270 only."""

    def __init__(self, folder: Path, *, tn3270e: bool = True) -> None:
        super().__init__(folder)
        self.runs(
            *(sys.executable, "-m", "mfmock", "demo", "--host", self.host, "--port", str(self.port)),
            *("--users", f"{USER}:{PASSWORD}", *(() if tn3270e else ("--no-tn3270e",))),
            name="mocker",
            env={"PYTHONPATH": str(MOCKER)},
        )


def running_mocker3270(*, tn3270e: bool = True) -> AbstractContextManager[Mocker3270]:
    """The started host, ended and deleted afterwards."""
    return running("mocker3270", lambda folder: Mocker3270(folder, tn3270e=tn3270e))
