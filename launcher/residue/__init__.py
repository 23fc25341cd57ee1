"""The search for what an officer left behind: in memory and in files, without the secret in the searcher's hands.

Used by the station (after a session ended) and by a session (a survivor searches itself), so it lies below both.
"""

from __future__ import annotations

from launcher.residue.files import kernel_views, scan_paths
from launcher.residue.memory import read_memory, scan_memory
from launcher.residue.patterns import MIN_BYTES, Patterns, masked_patterns
from launcher.residue.result import Residue
from launcher.residue.tree import descendants, process_name, process_start, processes
from launcher.residue.yourself import answer, scan_yourself

__all__ = [
    "MIN_BYTES",
    "Patterns",
    "Residue",
    "answer",
    "descendants",
    "kernel_views",
    "masked_patterns",
    "process_name",
    "process_start",
    "processes",
    "read_memory",
    "scan_memory",
    "scan_paths",
    "scan_yourself",
]
