"""Slot accounts for a test: numbers that are nobody's, so that the system's book of accounts stays as it is."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path

from launcher.station.slots import Slot

_FIRST, _APART = 2_000_000, 16


def missing() -> str | None:
    """Say why no test can run something as another account here."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "this is not root"
    return None if python() else "no Python 3 that another account may run"


@cache
def python() -> str | None:
    """Return an interpreter that an account without rights may run."""
    for candidate in (sys.executable, "/usr/bin/python3"):
        try:
            done = subprocess.run(
                [candidate, "-c", "import ctypes"], user=_FIRST, group=_FIRST, extra_groups=(), cwd="/", check=False
            )
        except OSError:
            continue
        if done.returncode == 0:
            return candidate
    return None


@cache
def session_python() -> str | None:
    """Return an interpreter with which an account without rights may run what stands in this checkout."""
    found = python()
    if found is None:
        return None
    done = subprocess.run(
        [found, "-c", "import launcher.wire.messages"],
        user=_FIRST,
        group=_FIRST,
        extra_groups=(),
        env={"PYTHONPATH": session_path()},
        cwd="/",
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return found if done.returncode == 0 else None


def session_path() -> str:
    """Return where such an interpreter finds the checkout and its packages."""
    return os.pathsep.join((str(Path(__file__).parents[2]), sysconfig.get_path("purelib")))


def unused_slots(count: int) -> tuple[Slot, ...]:
    """Return slots of this test process alone; their group too is a number nobody else has."""
    first = _FIRST + os.getpid() * _APART
    return tuple(Slot(f"slot{number}", first + number, first + number, first) for number in range(1, count + 1))
