"""The launcher's own frame: top bar, status strip, clock and mark. Ink in both themes, so no page can pass for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launcher.late import handing_out

if TYPE_CHECKING:
    from launcher.shell.frame.areas import Areas
    from launcher.shell.frame.clock import Clock, wall_clock
    from launcher.shell.frame.frame import Frame
    from launcher.shell.frame.mark import Mark
    from launcher.shell.frame.strip import StatusStrip
    from launcher.shell.frame.strip_lines import Notice
    from launcher.shell.frame.top_bar import TopBar
    from launcher.shell.frame.worst import Worst, service_name, worst_of, worst_service

__all__ = [
    "Areas",
    "Clock",
    "Frame",
    "Mark",
    "Notice",
    "StatusStrip",
    "TopBar",
    "Worst",
    "service_name",
    "wall_clock",
    "worst_of",
    "worst_service",
]

if not TYPE_CHECKING:
    __getattr__ = handing_out(
        __name__,
        {
            "areas": ("Areas",),
            "clock": ("Clock", "wall_clock"),
            "frame": ("Frame",),
            "mark": ("Mark",),
            "strip": ("StatusStrip",),
            "strip_lines": ("Notice",),
            "top_bar": ("TopBar",),
            "worst": ("Worst", "service_name", "worst_of", "worst_service"),
        },
    )
