"""How often somebody tried to log on, as the servers themselves counted it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Attempts:
    """How often a name was submitted with a right and with a wrong password."""

    right: int
    wrong: int


def counted(file: Path, name: str) -> Attempts:
    """Count the lines ``right <name>`` and ``wrong <name>`` of a file that a server writes."""
    lines = file.read_text().splitlines() if file.exists() else []
    return Attempts(right=lines.count(f"right {name}"), wrong=lines.count(f"wrong {name}"))
