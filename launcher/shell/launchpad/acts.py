"""What an officer does with a system on the launchpad: open it, try again, see why, close it, make it a favourite."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from launcher.session.commands import CloseSystem, OpenSystem, RetrySystem, SetFavourite
from launcher.shell.launchpad.retries import Retries
from launcher.shell.launchpad.tile import Tile
from launcher.shell.look import State


class Acts(QObject):
    """Turns each into a command of the session; a retry is shown at once."""

    command = Signal(object)
    """A value of launcher.session.commands."""

    help_wanted = Signal(str)
    """Help is asked for: the reference of an error, or empty for the helpdesk."""

    notice_wanted = Signal(str)
    """What the force says of a system is to be shown: its id."""

    retrying = Signal()
    """A system is tried again from now on, and its tile is to say so."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.retries = Retries(self)

    def open(self, tile: Tile) -> None:
        """Open the system, go to it, or try again what failed."""
        if tile.state is not State.FAILED:
            self.command.emit(OpenSystem(tile.id))
            return
        self.retries.begin(tile.id)
        self.retrying.emit()
        self.command.emit(RetrySystem(tile.id))

    def show(self, tile: Tile) -> None:
        """Go to the system's tab, which holds its error, the ways on and the page."""
        self.command.emit(OpenSystem(tile.id))

    def show_why(self, tile: Tile) -> None:
        """Show why the system failed, if it did, else what the force says of it."""
        if tile.state is State.FAILED:
            self.show(tile)
        elif tile.notice:
            self.show_notice(tile)

    def show_notice(self, tile: Tile) -> None:
        """Show what the force says of the system."""
        self.notice_wanted.emit(tile.id)

    def close(self, tile: Tile) -> None:
        """Close the system."""
        self.command.emit(CloseSystem(tile.id))

    def star(self, tile: Tile) -> None:
        """Make the system a favourite, or no longer one."""
        self.command.emit(SetFavourite(tile.id, not tile.favourite))

    def help(self, reference: str) -> None:
        """Ask for help."""
        self.help_wanted.emit(reference)
