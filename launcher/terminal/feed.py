"""One open terminal as the screens are handed it: what draws it and takes its keys, in the engine's loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from launcher.terminal.engine import Family, Typed
from launcher.terminal.grid import CellGrid, GridPicture
from launcher.terminal.keys import Key
from launcher.terminal.mouse import MouseAct

Places = tuple[tuple[int, int], ...]
"""Row (0 is the oldest kept, the screen's own come last) and column of each place."""


class TerminalFeed(Protocol):
    """Called in the engine's loop; nothing here waits or raises. What became of a key is seen on the next picture."""

    @property
    def family(self) -> Family:
        """Whether it is a 3270 or a VT."""
        ...

    @property
    def host(self) -> str:
        """The host's name or address, for a person."""
        ...

    def subscribe(self, draw: Callable[[GridPicture], None], *, waits: bool = False) -> Callable[[], None]:
        """Have it drawn: first a whole picture, then what changes; call what is returned to end it.

        ``waits``: after each picture no other is taken before :meth:`drawn` says that this one has been drawn.
        """
        ...

    def drawn(self) -> None:
        """Say that the last picture has been drawn."""
        ...

    def press(self, key: Key) -> None:
        """Press a key."""
        ...

    def type(self, text: str) -> Typed:
        """Type a text at the cursor; return what went in, and why the rest did not."""
        ...

    def paste(self, text: str) -> Typed:
        """Paste a text; return what went in, and why the rest did not."""
        ...

    def point(self, row: int, column: int) -> None:
        """3270: put the cursor into this cell."""
        ...

    def mouse(self, act: MouseAct) -> None:
        """VT: tell the program what the mouse has done."""
        ...

    def resize(self, rows: int, columns: int) -> None:
        """VT: take another size."""
        ...

    def above(self, first: int, rows: int) -> CellGrid | None:
        """VT: return rows that have scrolled off the top as a grid of their own; 0 is the oldest one kept."""
        ...

    def find(self, text: str) -> Places:
        """VT: return every place with the text, whatever its case, above the screen and on it."""
        ...
