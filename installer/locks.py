"""The lock files: exact versions and the digests of their files, for every use and system, without any address.

`demo.txt` is what running the launcher and its demonstration takes; `test.txt` is all of that, with what the checks
take besides. `python3 -m installer lock` makes them again from `pyproject.toml`.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from installer.paths import LOCKS

DEMO = "demo"
TEST = "test"
EXTRAS: Mapping[str, tuple[str, ...]] = {
    DEMO: ("shell", "hub", "demo"),
    TEST: ("shell", "hub", "demo", "test"),
}
# A lock that holds all of another: who has the first needs not the second.
CONTAINS: Mapping[str, tuple[str, ...]] = {DEMO: (DEMO,), TEST: (TEST, DEMO)}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of a lock."""

    name: str  # normalised as PEP 503 says
    version: str
    marker: str  # empty where the package is for every system
    hashes: tuple[str, ...]


def lock_file(lock: str) -> Path:
    """Where a lock lies."""
    return LOCKS / f"{lock}.txt"


def lock_digest(lock: str) -> str:
    """The digest of a lock's contents."""
    return hashlib.sha256(lock_file(lock).read_bytes()).hexdigest()


def read_lock(text: str) -> tuple[Requirement, ...]:
    """Reads a lock; raises ValueError for a line that is not an exact version."""
    found: list[Requirement] = []
    for line in text.replace("\\\n", " ").splitlines():
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        words, *hashes = re.split(r"\s+--hash=", stripped)
        pinned, _, marker = words.partition(";")
        match = re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)", pinned.strip())
        if match is None:
            raise ValueError(f"not an exact version: {words}")
        found.append(Requirement(normalised(match[1]), match[2], marker.strip(), tuple(hashes)))
    return tuple(found)


def normalised(name: str) -> str:
    """A package's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()
