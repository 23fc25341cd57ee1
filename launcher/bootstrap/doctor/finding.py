"""What a check says: what was looked at, what was found, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from launcher.errors import LauncherError
from launcher.relay.errors import NobodyKnownError


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, what was found, and what to do where it is not well.

    ``by_hand``: a program cannot see it from here, whoever stands at the computer can.
    """

    looked_at: str
    found: str
    next_step: str = ""
    by_hand: bool = False

    @property
    def well(self) -> bool:
        """Say whether there is nothing to put right, as far as a program can see."""
        return not self.next_step or self.by_hand


def asked(looked_at: str, ask: Callable[[], object], well: str) -> Finding:
    """Ask something that raises an error of ours where it is not well."""
    try:
        ask()
    except NobodyKnownError:
        return behind_proxy(looked_at)
    except LauncherError as fault:
        return Finding(looked_at, fault.message, fault.next_step)
    return Finding(looked_at, well)


def behind_proxy(looked_at: str) -> Finding:
    """Say that it lies behind a proxy to which officers prove themselves, and nobody has logged on here."""
    return Finding(looked_at, "behind the proxy, which wants to know an officer", "Log on, and open it.", by_hand=True)


def read(root: Path, path: str) -> str | None:
    """Return the text of a file of the system below ``root``; None for one that is not there or may not be read."""
    try:
        return (root / path.lstrip("/")).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
