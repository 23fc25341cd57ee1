"""Who waits for something looks less often than pieces come where looking is slow, and sees the last of them."""

from __future__ import annotations

import asyncio

import pytest

from launcher.terminal.errors import HostClosedLineError
from launcher.terminal.grid import CellGrid
from launcher.terminal.line import LineFacts
from launcher.terminal.terminal import Terminal
from launcher.terminal.vt.choice import vt_engine
from tests.unit.terminal.hosts import WITHIN_S

PIECES = 400


class Pieces:
    """A line on which many small pieces have come already, and nothing more until it is closed."""

    def __init__(self, *, ends: bool) -> None:
        self._left = [b"\x1b[Hpiece %d " % number for number in range(PIECES)]
        self._ends = ends
        self.read_all = asyncio.Event()

    @property
    def facts(self) -> LineFacts:
        return LineFacts("pieces", 22, encrypted=True)

    async def read(self) -> bytes:
        if self._left:
            return self._left.pop(0)
        self.read_all.set()
        if not self._ends:
            await asyncio.get_running_loop().create_future()
        return b""

    async def write(self, data: bytes) -> None:
        """Nobody is there."""

    async def resize(self, rows: int, columns: int) -> None:
        """It has no size."""

    async def close(self) -> bool:
        """It has nothing to close."""
        return False


def test_looking_leaves_most_of_the_time_to_what_comes_and_the_last_is_seen() -> None:
    looks: list[int] = []

    def slow(grid: CellGrid) -> bool:
        looks.append(sum(range(40_000)))  # far longer than one piece takes
        return f"piece {PIECES - 1}" in grid.line(0)

    async def story() -> None:
        made = Terminal(vt_engine(4, 40), Pieces(ends=False))
        assert await made.wait_for(slow, WITHIN_S)
        await made.close()

    asyncio.run(story())
    assert len(looks) < PIECES / 2


def test_the_end_of_a_line_is_told_to_who_waits_whatever_looking_takes() -> None:
    def slow(grid: CellGrid) -> bool:
        return sum(range(40_000)) < 0 or "never" in grid.line(0)

    async def story() -> None:
        made = Terminal(vt_engine(4, 40), Pieces(ends=True))
        with pytest.raises(HostClosedLineError):
            await made.wait_for(slow, WITHIN_S)
        await made.close()

    asyncio.run(story())
