"""A survivor's search of itself: its own memory and that of every process below it."""

from __future__ import annotations

import os

from launcher.residue.memory import scan_memory
from launcher.residue.patterns import Patterns
from launcher.residue.result import Residue, together
from launcher.residue.tree import descendants
from launcher.wire.messages import Scanned, ScanYourself


def scan_yourself(patterns: Patterns, who: str) -> Residue:
    """Search this process first, then its descendants: what is read from them passes through this one's memory."""
    own = scan_memory(os.getpid(), patterns, who)
    below = (row for row in descendants(os.getpid()) if not row.zombie)
    return together((own, *(scan_memory(row.pid, patterns, f"{who}, {row.name}") for row in below)))


def answer(message: ScanYourself, who: str) -> Scanned:
    """Carry out a station's wish to search; patterns that cannot be read are said as not searched."""
    try:
        patterns = Patterns.from_wire(message)
    except ValueError:
        return Scanned(scanned=(), unscanned=(f"{who}: the patterns could not be read",), found=())
    result = scan_yourself(patterns, who)
    return Scanned(scanned=result.scanned, unscanned=result.unscanned, found=result.found)
