"""The log of a session's screens, where the policy asks for one: plain text, without what was given in secret.

Hidden cells hold nothing in a grid, so what a host does not show is not here either.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Final, Protocol

from launcher.secret import Secret
from launcher.terminal.grid import CellGrid

HIDDEN: Final = "•"
HIDDEN_FROM: Final = 4
"""A code of fewer characters is not looked for: it would hide half of a screen and keep nothing secret."""
LARGEST_BYTES: Final = 8 * 1024 * 1024
_FLAGS: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_LETTER: Final = "\ufffd"
"""For what only moves or turns letters: a host must not forge lines of the log with it."""
_FULL: Final = "=== this log is full\n"

_log = logging.getLogger(__name__)


def lines_without(grid: CellGrid, secrets: Collection[Secret]) -> tuple[str, ...]:
    """Return a grid's rows with each of the secrets made unreadable, also in capitals, and over the end of a row.

    The beginning of one right before the cursor is hidden too: it is being echoed.
    """
    cells = list(grid.text)
    starts = [0, *accumulate(map(len, cells))]
    whole = folded("".join(cells))
    cursor = starts[min(grid.cursor.row * grid.columns + grid.cursor.column, len(cells))]
    secret_at = bytearray(len(whole))
    for secret in secrets:
        clear = folded(secret.reveal())
        if len(clear) < HIDDEN_FROM:
            continue
        found = whole.find(clear)
        while found >= 0:
            secret_at[found : found + len(clear)] = b"\1" * len(clear)
            found = whole.find(clear, found + 1)
        begun = max((n for n in range(2, len(clear)) if whole[:cursor].endswith(clear[:n])), default=0)
        secret_at[cursor - begun : cursor] = b"\1" * begun
    if any(secret_at):
        cells = [HIDDEN if any(secret_at[starts[at] : starts[at + 1]]) else cell for at, cell in enumerate(cells)]
    rows = (cells[row * grid.columns : (row + 1) * grid.columns] for row in range(grid.rows))
    return tuple("".join(row).rstrip() for row in rows)


def folded(text: str) -> str:
    """Return the text in small letters, one for one: many hosts show everything in capitals."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(one if len(one.lower()) != 1 else one.lower() for one in text)


class ScreenLog(Protocol):
    """Where a terminal's screens are written down."""

    def record(self, grid: CellGrid, secrets: Collection[Secret]) -> None:
        """Write a screen down as it is now, unless it is the one that was written last."""
        ...

    def close(self) -> None:
        """Write nothing more; calling it twice is harmless."""
        ...

    async def kept(self) -> None:
        """Wait until all of it is written and it is closed."""
        ...


@dataclass(frozen=True, slots=True)
class ShownScreen:
    """One screen as it is written down; ``missing`` so many before it that could not be."""

    lines: tuple[str, ...]
    rows: int
    columns: int
    at: datetime
    missing: int = 0


class SessionLog:
    """A file of screens that its owner alone may read; each screen once, for as long as it stays as it is."""

    def __init__(self, path: Path, name: str) -> None:
        """Open the file anew. Raises :class:`OSError`."""
        # A file that is there already was laid there by somebody else: the folder is for several accounts.
        self._file: int | None = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, 0o600)
        self._name = name
        self._written = 0
        self._last: tuple[str, ...] = ()

    def record(self, grid: CellGrid, secrets: Collection[Secret]) -> None:
        """Write a screen down, unless it is the one that was written last."""
        if self._file is None:
            return
        lines = lines_without(grid, secrets)
        if lines != self._last:
            self._last = lines
            self.write(ShownScreen(lines, grid.rows, grid.columns, datetime.now(UTC)))

    def write(self, screen: ShownScreen) -> None:
        """Write this screen down."""
        if screen.missing:
            self.write_missing(screen.missing)
        last = max((row for row, line in enumerate(screen.lines) if line), default=-1)
        when = screen.at.strftime("%Y-%m-%d %H:%M:%S")
        rows = (f"=== {when} UTC {self._name} {screen.rows}x{screen.columns}", *screen.lines[: last + 1], "")
        self._append("\n".join("".join(one if one.isprintable() else _NO_LETTER for one in row) for row in rows))

    def write_missing(self, screens: int) -> None:
        """Write down that so many screens are not here."""
        self._append(f"=== {screens} screens are missing here: they came faster than they could be written\n")

    def _append(self, text: str) -> None:
        if self._file is None:
            return
        written = text.encode("utf-8", "replace")
        full = self._written + len(written) > LARGEST_BYTES
        try:
            self._written += os.write(self._file, _FULL.encode() if full else written)
        except OSError as fault:
            _log.warning("a session log can be written no further: %s", fault.strerror)
            full = True
        if full:
            self.close()

    def close(self) -> None:
        """Write nothing more; calling it twice is harmless."""
        if self._file is not None:
            file, self._file = self._file, None
            try:
                os.close(file)
            except OSError as fault:  # a folder on a network may say only now that it took less
                _log.warning("a session log may not be whole: %s", fault.strerror)

    async def kept(self) -> None:
        """Return at once: all is written when it is recorded."""
