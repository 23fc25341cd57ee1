"""A TN3270E host that nobody here wrote: the demo host of ``mainframe-mocker``, with a logon screen, a menu and forms.

It speaks TN3270E, plain TN3270 where that is asked for, and colours and highlighting on every screen size. Its texts
are in code page cp037.
"""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from installer.hosts import mocker_ready
from installer.paths import MOCKER
from tests.servers.process import LOOPBACK, ReservedPort, ServerProcess, accepts, server_folder

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


@dataclass(frozen=True, slots=True)
class Mocker3270:
    """The running host and its loopback port."""

    port: int
    process: ServerProcess


@contextlib.contextmanager
def running_mocker3270(*, tn3270e: bool = True) -> Iterator[Mocker3270]:
    """Start the host, and end it; ``tn3270e`` False: it offers plain TN3270 only."""
    with server_folder("mocker3270") as folder, contextlib.ExitStack() as opened:
        port = ReservedPort()
        opened.callback(port.release)
        argv = [sys.executable, "-m", "mfmock", "demo", "--host", LOOPBACK, "--port", str(port.number)]
        argv += ["--users", f"{USER}:{PASSWORD}"]
        if not tn3270e:
            argv.append("--no-tn3270e")
        process = ServerProcess(
            "mocker", argv, folder=folder, ready=lambda: accepts(port.number), env={"PYTHONPATH": str(MOCKER)}
        )
        opened.callback(process.stop)
        process.start()
        yield Mocker3270(port.number, process)
