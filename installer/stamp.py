"""What the set-up remembers of an environment it made: a second run takes no time, and a broken one is mended.

A stamp is written before the first file of an environment and completed after the last one: an environment whose stamp
is not complete was interrupted and is made anew.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from installer.machine import Machine

STAMP_NAME = "station-launcher.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where an environment was made, by which interpreter, and the digests of the locks it holds completely."""

    place: str
    python: str
    python_version: str
    complete: bool = False
    adopted: bool = False  # somebody else made it: it is filled, but never removed
    screen_loads: bool = False  # the screen's libraries were loaded once, so that this need not be tried each time
    locks: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """The stamp as it lies in the environment."""
        return json.dumps(
            {
                "format": _FORMAT,
                "place": self.place,
                "python": self.python,
                "python_version": self.python_version,
                "complete": self.complete,
                "adopted": self.adopted,
                "screen_loads": self.screen_loads,
                "locks": dict(self.locks),
            },
            indent=1,
        )


class Verdict(Enum):
    """What is to be done with the environment that is there."""

    MAKE = "there is none"
    MAKE_ANEW = "it must be made anew"
    ADOPT = "it was not made by the set-up, and fits"
    SET_ASIDE = "it was not made by the set-up, and does not fit"
    FILL = "packages are to be brought in line with the lock"
    READY = "nothing"


def expected(venv: Path, machine: Machine) -> Stamp:
    """The stamp that an environment made here and now begins with."""
    return Stamp(str(venv), str(machine.python), ".".join(str(part) for part in machine.python_version))


def judge(found: Stamp | None, now: Stamp, lock: str, digest: str, *, there: bool, works: bool) -> Verdict:
    """Decides what to do: `there` is whether a folder of that name exists, `works` whether its interpreter starts."""
    if not there:
        return Verdict.MAKE
    if found is None:
        return Verdict.ADOPT if works else Verdict.SET_ASIDE
    same = (found.place, found.python, found.python_version) == (now.place, now.python, now.python_version)
    if not found.complete or not same or not works:
        return Verdict.SET_ASIDE if found.adopted else Verdict.MAKE_ANEW
    return Verdict.READY if found.locks.get(lock) == digest else Verdict.FILL


def digest_of(files: Sequence[Path]) -> str:
    """One digest over the contents of these files."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def read_stamp(folder: Path) -> Stamp | None:
    """The stamp in a folder, or None where there is none that can be read."""
    try:
        untrusted = json.loads((folder / STAMP_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(untrusted, dict) or untrusted.get("format") != _FORMAT:
        return None
    locks = untrusted.get("locks")
    return Stamp(
        place=str(untrusted.get("place")),
        python=str(untrusted.get("python")),
        python_version=str(untrusted.get("python_version")),
        complete=untrusted.get("complete") is True,
        adopted=untrusted.get("adopted") is True,
        screen_loads=untrusted.get("screen_loads") is True,
        locks={str(name): str(value) for name, value in locks.items()} if isinstance(locks, dict) else {},
    )


def write_stamp(folder: Path, stamp: Stamp) -> None:
    """Puts the stamp into its folder, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / (STAMP_NAME + ".new")
    written.write_text(stamp.to_json() + "\n", encoding="utf-8")
    written.replace(folder / STAMP_NAME)
