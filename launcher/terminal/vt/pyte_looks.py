"""How the cells of ``pyte`` look: one word for the foreground and the flags, one for the background."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from launcher.terminal.grid import DEFAULT, Flag, palette, rgb

ON: Final = {1: Flag.BOLD, 2: Flag.FAINT, 3: Flag.ITALIC, 4: Flag.UNDERLINE, 5: Flag.BLINK, 6: Flag.BLINK,
              7: Flag.REVERSE, 8: Flag.HIDDEN, 9: Flag.STRIKE, 21: Flag.UNDERLINE}  # fmt: skip
OFF: Final = {22: Flag.BOLD | Flag.FAINT, 23: Flag.ITALIC, 24: Flag.UNDERLINE, 25: Flag.BLINK, 27: Flag.REVERSE,
               28: Flag.HIDDEN, 29: Flag.STRIKE}  # fmt: skip


@lru_cache(maxsize=4096)
def look_of(fg: str, bg: str, reverse: bool) -> tuple[int, int, int]:
    """Return foreground, background and flags of a cell, out of the words that the screen keeps them in."""
    looks = fg.split() if fg[0].isdigit() else [str(DEFAULT), "0"]
    flags = int(looks[1]) | (int(Flag.REVERSE) if reverse else 0)
    return int(looks[0]), int(bg) if bg.isdigit() else DEFAULT, flags


@lru_cache(maxsize=4096)
def hidden(fg: str) -> bool:
    """Say whether what stands in a cell is hidden."""
    return bool(look_of(fg, "default", False)[2] & int(Flag.HIDDEN))


def ansi(code: int) -> int:
    """Return the colour of a code of SGR, 30 to 37 or 90 to 97."""
    return palette(code - 30 if code < 90 else code - 90 + 8)


def mixed(codes: Iterator[int]) -> int | None:
    """Read the colour behind 38 or 48: 5 and a number of the palette, or 2 and its parts."""
    kind = next(codes, 0)
    wanted = {5: 1, 2: 3}.get(kind, 0)
    parts: Sequence[int] = [next(codes, 0) & 0xFF for _ in range(wanted)]
    if kind == 5:
        return palette(parts[0])
    return rgb(*parts) if kind == 2 else None
