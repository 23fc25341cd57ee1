"""What whoever draws a terminal and takes its keys needs of it; which thread that is, its maker says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from launcher.terminal.engine import Family, Typed
from launcher.terminal.grid import GridPicture
from launcher.terminal.keys import Key

Places = tuple[tuple[int, int], ...]


class TerminalFeed(Protocol):
    """One terminal, used on one thread. Nothing here waits, returns what the terminal does, or raises.

    What became of a key is seen on the next picture. No password crosses here but by the officer's own keys.
    """

    @property
    def family(self) -> Family:
        """Whether it is a 3270 or a VT."""
        ...

    def subscribe(self, draw: Callable[[GridPicture], None]) -> Callable[[], None]:
        """Have it drawn: first a whole picture, then what changes, several changes as one; call what is returned to
        end it.
        """
        ...

    def press(self, key: Key) -> None:
        """Press a key."""
        ...

    def type(self, text: str) -> None:
        """Type a text at the cursor."""
        ...

    def paste(self, text: str, told: Callable[[Typed], None] | None = None) -> None:
        """Paste a text; ``told`` is then called with how much of it went in."""
        ...

    def resize(self, rows: int, columns: int) -> None:
        """Take another size; a 3270's is its model's."""
        ...

    def above(self, first: int, rows: int, give: Callable[[GridPicture], None]) -> None:
        """Give rows that have scrolled off a VT's top; 0 is the oldest one kept. A 3270 gives nothing."""
        ...

    def find(self, text: str, give: Callable[[Places], None]) -> None:
        """Give row and column of each place with the text, rows counted as :meth:`above` does."""
        ...
