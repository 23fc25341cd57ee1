"""Sessions in slots under test: the real accounts' boundary, with accounts that have a number and no name."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from launcher.station.environment import LINK, session_environment
from launcher.station.launching import become_subreaper, launch_in
from launcher.station.slot_cleaning import end_all, open_places, remove_all
from launcher.station.slot_homes import SlotHomes
from launcher.station.slots import Slot
from tests.servers import root


@contextmanager
def slot_homes(
    count: int = 2,
    *,
    mounts: bool = True,
    environ: dict[str, str] | None = None,
    open_to_all: Callable[[], tuple[Path, ...]] = open_places,
) -> Iterator[SlotHomes]:
    """Homes for some slots, in a folder that other accounts may pass through; nothing is left of them."""
    become_subreaper()  # as a station is, so that it is the one to reap
    slots = root.unused_slots(count)
    with tempfile.TemporaryDirectory(prefix="slots-", dir="/run") as folder:
        Path(folder).chmod(0o711)
        homes = SlotHomes(slots, Path(folder) / "homes", environ=environ, mounts=mounts, open_to_all=open_to_all)
        try:
            yield homes
        finally:
            left = homes.close()
            end_all(slots)
            remove_all(slots, few_places())
            assert left == ()


def few_places() -> tuple[Path, ...]:
    """Return fewer places than a station searches, for tests that are about others: /tmp may be large where we test."""
    return (Path("/dev/shm"), Path("/var/tmp"))


def program(code: str, *arguments: str) -> tuple[str, ...]:
    """Return the command that runs the code as an account without rights can."""
    python = root.python()
    assert python is not None
    return (python, "-c", code, *arguments)


def environment(homes: SlotHomes, home: Path) -> dict[str, str]:
    """Return the environment a session in the slot starts with."""
    ours = {"PATH": os.environ["PATH"]}
    env = session_environment(ours, home, token=home.name, link=0, own=homes.own_environment(home))
    del env[LINK]
    return env


class Guest:
    """A program in a slot that has said a first line; ``said`` is that line."""

    def __init__(self, homes: SlotHomes, home: Path, argv: Sequence[str]) -> None:
        self.slot: Slot = homes.slot_of(home.name)
        reading, writing = os.pipe()
        env = {**environment(homes, home), "SAY": str(writing)}
        self.process: subprocess.Popen[bytes] = launch_in(self.slot, argv, env, (writing,))
        os.close(writing)
        with os.fdopen(reading) as answers:
            self.said = answers.readline().rstrip("\n")

    def end(self) -> tuple[int, tuple[str, ...]]:
        """End all of the account, as the station does."""
        ended = end_all((self.slot,), reaped_elsewhere={self.process.pid})
        self.process.wait()
        return ended


SAY = """
import os, signal, sys
def say(text):
    os.write(int(os.environ["SAY"]), str(text).encode() + b"\\n")
"""
"""What a guest's code begins with: its words go to the test."""
