"""The search for what an officer left behind: in memory and in files, without the secret in the searcher's hands.

Used by the station (after a session ended) and by a session (a survivor searches itself), so it lies below both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from launcher.late import handing_out

if TYPE_CHECKING:
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

if not TYPE_CHECKING:
    # A station looks at processes long before it looks for what an officer left.
    __getattr__ = handing_out(
        __name__,
        {
            "files": ("kernel_views", "scan_paths"),
            "memory": ("read_memory", "scan_memory"),
            "patterns": ("MIN_BYTES", "Patterns", "masked_patterns"),
            "result": ("Residue",),
            "tree": ("descendants", "process_name", "process_start", "processes"),
            "yourself": ("answer", "scan_yourself"),
        },
    )
