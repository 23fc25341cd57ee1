"""The screens of terminals: one view that draws any of them from pictures of its grid, and the face of its tab."""

from launcher.shell.surfaces.terminal.face import TerminalFace
from launcher.shell.surfaces.terminal.feed import TerminalFeed
from launcher.shell.surfaces.terminal.view import TerminalView

__all__ = ["TerminalFace", "TerminalFeed", "TerminalView"]
