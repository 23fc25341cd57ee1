"""What an engine does: it turns what a host sends into a grid, and what a person does into what the host is sent.

An engine has no socket, no clock and no thread: it is fed bytes and gives bytes. It raises nothing for what a host
sends, however malformed: it says so in the status line, and goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

from launcher.secret import Secret
from launcher.terminal.grid import CellGrid
from launcher.terminal.keys import Key
from launcher.terminal.mouse import MouseAct

Family = Literal["3270", "vt"]


@dataclass(frozen=True, slots=True)
class Typed:
    """What became of a text that was typed or pasted: how many characters went in, and why the rest did not.

    ``lacks`` is the character of a paste that the host has not: nothing of it went in then.
    """

    taken: int
    refused: Literal["", "locked", "protected", "too-long", "not-in-code-page", "numeric"] = ""
    lacks: str = ""


class Engine(Protocol):
    """A 3270 or VT engine; every method is called from one thread."""

    family: ClassVar[Family]

    @property
    def grid(self) -> CellGrid:
        """The grid, always up to date with what was fed."""
        ...

    def feed(self, untrusted: bytes) -> int:
        """Take what the host sent, in pieces of any size; return how many bytes were taken, some at least.

        The rest, where it would keep everything else waiting, is to be fed again in its turn.
        """
        ...

    def to_send(self) -> bytes:
        """Return what is to be sent to the host now, and forget it: answers of the protocol and what keys came to."""
        ...

    def press(self, key: Key) -> bool:
        """Press a key; False where the keyboard is locked or the engine has no such key."""
        ...

    def type(self, text: str) -> Typed:
        """Type a text at the cursor, as a person would: it goes on into no other field, and stops where it may not."""
        ...

    def paste(self, text: str) -> Typed:
        """Paste several lines. 3270: each line into the cells below the last one's start, protected cells skipped over,
        nothing beyond a field's end, and nothing at all of a text with a character that the code page lacks: what is
        left of it could be another value. VT: bracketed where the application asks for it, no control characters.
        """
        ...

    def resize(self, rows: int, columns: int) -> None:
        """Take another size; a 3270 engine, whose model is its size, does nothing."""
        ...

    def lost(self) -> None:
        """Say that the line has gone: the keyboard is locked, and the status line says so."""
        ...


class Engine3270(Engine, Protocol):
    """What recipes need of fields."""

    def fill(self, start: int, value: Secret) -> None:
        """Empty the field whose first cell is ``start`` and put a value into it, read back in place.

        Raises :class:`launcher.terminal.errors.FieldRefusedError` before anything is changed: no such input field,
        the value longer than it, a character that the code page lacks, a letter in a numeric field, the keyboard
        locked.
        """
        ...

    @property
    def unsent(self) -> bool:
        """Whether something is typed that has not gone to the host."""
        ...

    def typed_unseen(self) -> tuple[Secret, ...]:
        """Return what stands in the fields that take what is typed and do not show it."""
        ...

    def place_cursor(self, row: int, column: int) -> bool:
        """Put the cursor where a person points; False where it cannot be moved now."""
        ...


class VtEngine(Engine, Protocol):
    """What only a VT has: rows above the screen, and programs that take the mouse (``grid.mouse``)."""

    def mouse(self, act: MouseAct) -> bool:
        """Tell the program what the mouse has done; False where it has not asked for that."""
        ...

    def above(self, first: int, rows: int) -> CellGrid:
        """Return rows that have scrolled off the top as a grid of their own; 0 is the oldest one kept."""
        ...

    def find(self, text: str, *, ignore_case: bool = True) -> tuple[tuple[int, int], ...]:
        """Return row (0 is the oldest kept, the screen's own come last) and column of each place with the text."""
        ...
