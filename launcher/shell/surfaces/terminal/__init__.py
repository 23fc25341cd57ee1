"""The screens of terminals: one view that draws any of them from pictures of its grid, and the face of its tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launcher.late import handing_out

if TYPE_CHECKING:
    from launcher.shell.surfaces.terminal.face import TerminalFace
    from launcher.shell.surfaces.terminal.feed import TerminalFeed
    from launcher.shell.surfaces.terminal.view import TerminalView

__all__ = ["PIECES", "TerminalFace", "TerminalFeed", "TerminalView"]

PIECES = ("cells", "painting", "mirror", "screen", "keys_panel", "print_panel", "view", "face")
"""The modules below this package in the order in which they can be loaded one by one, none costing much by itself."""

if not TYPE_CHECKING:
    __getattr__ = handing_out(
        __name__, {"face": ("TerminalFace",), "feed": ("TerminalFeed",), "view": ("TerminalView",)}
    )
