"""Tells a station file that was checked at an earlier start from one that must be checked before a screen is shown.

What the check says follows from three things alone: what stands in the file, what stands in the machine policy over it,
and the rules. Where all three are, byte for byte, what they were when the check passed, it would pass again; a station
then starts without it, and without the models that make it. Anything else, also what cannot be read, is checked.
"""

from __future__ import annotations

import contextlib
import math
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from launcher import __version__
from launcher.policy.layers import MACHINE_POLICY

if TYPE_CHECKING:
    from launcher.policy.settings import Settings

_MAX_BYTES: Final = 1024 * 1024
"""A longer file is refused by whoever checks it."""

_RULES: Final = ("launcher.policy", "launcher.recipes", "launcher.relay", "pydantic", "pydantic_core")
"""The packages that hold the rules."""


@dataclass(frozen=True, slots=True)
class KeptLimits:
    """The limits and lock times of the file as they were when it was checked, those of its place; seconds."""

    heartbeat_s: float
    unresponsive_s: float
    end_within_s: float
    cover_s: float
    sitting_s: float
    locked_s: float
    # These may be 0.
    sign_off_within_s: float
    end_notice_s: float
    idle_s: float
    warn_s: float
    grace_s: float


_NUMBERS: Final = len(KeptLimits.__slots__)
_ABOVE_0: Final = KeptLimits.__slots__.index("sign_off_within_s")


def limits_of(settings: Settings) -> KeptLimits:
    """Return the limits of checked settings."""
    limits, lock = settings.limits, settings.lock.at(settings.station.place)
    return KeptLimits(
        limits.heartbeat_s,
        limits.unresponsive_s,
        limits.end_within_s,
        limits.cover_s,
        limits.sitting_s,
        lock.locked_s,
        limits.sign_off_within_s,
        limits.end_notice_s,
        lock.idle_s,
        lock.warn_s,
        lock.grace_s,
    )


class CheckedBefore:
    """One start's question, and the note for the next one, kept in ``note``.

    ``limits`` are those of a file that need not be checked now, or None.
    """

    def __init__(self, note: Path, file: Path, policy_file: Path = MACHINE_POLICY) -> None:
        self._note = note
        self._file = file
        self._policy_file = policy_file
        self._before = self._all_that_counts()
        self.limits = self._kept()

    def passed(self, settings: Settings) -> None:
        """Note that the check has passed. Never raises: without a note the next start checks again."""
        # Read once more: a file that was changed while it was checked may not be the one that passed.
        if self._before is None or self._before != self._all_that_counts():
            return
        limits = limits_of(settings)
        values = (getattr(limits, name) for name in KeptLimits.__slots__)
        written = " ".join(map(repr, values)).encode() + b"\n" + self._before
        half = self._note.with_name(f"{self._note.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(written)
                half.replace(self._note)
            except OSError:
                half.unlink(missing_ok=True)

    def _kept(self) -> KeptLimits | None:
        if self._before is None:
            return None
        try:
            untrusted = self._note.read_bytes()
        except OSError:
            return None
        first, _, then = untrusted.partition(b"\n")
        if then != self._before:
            return None
        try:
            values = [float(number) for number in first.split()]
        except ValueError:
            return None
        if len(values) != _NUMBERS or not all(math.isfinite(value) and value >= 0 for value in values):
            return None  # also what another release has noted
        return KeptLimits(*values) if all(values[:_ABOVE_0]) else None

    def _all_that_counts(self) -> bytes | None:
        try:
            parts = [*_rules(), os.fsencode(self._file.resolve()), _content(self._file), _policy(self._policy_file)]
        except (OSError, ValueError):
            return None
        return b"".join(b"%d:%s\n" % (len(part), part) for part in parts)


def _rules() -> Iterator[bytes]:
    """Yield what tells one set of rules from another: versions, and size and time of the files that hold them."""
    yield f"{__version__} {sys.version}".encode()
    for package in _RULES:
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
            with os.scandir(folder) as entries:
                files = sorted((entry for entry in entries if entry.is_file()), key=lambda entry: entry.name)
            for entry in files:
                there = entry.stat()
                yield f"{entry.path} {there.st_size} {there.st_mtime_ns}".encode()


def _content(file: Path) -> bytes:
    with file.open("rb") as opened:
        content = opened.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise ValueError("too long")
    return content


def _policy(file: Path) -> bytes:
    try:
        return b"there " + _content(file)
    except FileNotFoundError:
        return b"not there"
