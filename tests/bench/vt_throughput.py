"""How fast a terminal takes what an SSH host sends, drawn and waited for, beside its engine alone."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator

from launcher.terminal.errors import HostClosedLineError, TerminalLineError
from launcher.terminal.grid import CellGrid, GridPicture
from launcher.terminal.line import LineFacts
from launcher.terminal.terminal import Terminal
from launcher.terminal.vt.choice import vt_choice, vt_engine
from tests.bench.figures import Figure, middle, report

ROWS, COLUMNS = 43, 132
CHUNK_BYTES = 64 * 1024
MEGABYTES = 16
ROUNDS = 5
_MB = 1_000_000


def measure() -> dict[str, object]:
    """Feed the same bytes to the engine alone, to a terminal, and to one that is drawn and in which a recipe waits."""
    data = b"".join(_lines(MEGABYTES * _MB))
    alone: list[float] = []
    plain: list[float] = []
    drawn: list[float] = []
    pictures = 0
    for _ in range(ROUNDS):
        alone.append(_alone(data))
        plain.append(asyncio.run(_by_terminal(data, drawn=False))[0])
        rate, pictures = asyncio.run(_by_terminal(data, drawn=True))
        drawn.append(rate)
    against = f"the engine alone ({vt_choice().name}), fed in the same pieces"
    figures = [
        Figure("through a terminal", middle(plain), "MB/s", middle(alone), against, n=ROUNDS),
        Figure(
            "through a terminal, drawn 60 times a second and waited in",
            middle(drawn),
            "MB/s",
            middle(alone),
            against,
            n=ROUNDS,
        ),
    ]
    return report(figures, alone_mb_s=alone, terminal_mb_s=plain, drawn_mb_s=drawn, pictures=pictures)


def _lines(size: int) -> Iterator[bytes]:
    """A listing as hosts print it: some words, a colour or two, a cursor that is moved now and then."""
    sent = number = 0
    while sent < size:
        line = f"\x1b[3{number % 8}m{number:08}\x1b[0m  \x1b[1mKL63 XYZ\x1b[0m  seen at Mill Lane, no insurance\r\n"
        if number % 50 == 0:
            line += "\x1b[s\x1b[1;1HRECORDS\x1b[K\x1b[u"
        yield line.encode()
        sent += len(line)
        number += 1


def _alone(data: bytes) -> float:
    engine = vt_engine(ROWS, COLUMNS)
    began = time.perf_counter()
    for at in range(0, len(data), CHUNK_BYTES):
        engine.feed(data[at : at + CHUNK_BYTES])
    assert engine.grid.rows == ROWS
    return len(data) / _MB / (time.perf_counter() - began)


class _Sent:
    """A line on which all has arrived already: what is measured is the terminal, not a socket."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def facts(self) -> LineFacts:
        return LineFacts("bench", 22, encrypted=True)

    async def read(self) -> bytes:
        piece = self._data[self._at : self._at + CHUNK_BYTES]
        self._at += len(piece)
        return piece

    async def write(self, data: bytes) -> None:
        """Nobody is there."""

    async def resize(self, rows: int, columns: int) -> None:
        """It has no size."""

    async def close(self) -> bool:
        """It has nothing to close."""
        return False


async def _by_terminal(data: bytes, *, drawn: bool) -> tuple[float, int]:
    pictures: list[GridPicture] = []
    began = time.perf_counter()
    terminal = Terminal(vt_engine(ROWS, COLUMNS), _Sent(data))
    waiting: asyncio.Task[bool] | None = None
    if drawn:
        terminal.subscribe(pictures.append)
        waiting = asyncio.create_task(terminal.wait_for(_never, 600.0))
    ended = await terminal.ended()
    rate = len(data) / _MB / (time.perf_counter() - began)
    await terminal.close()
    if not isinstance(ended, HostClosedLineError):
        raise ended  # not all was taken
    if waiting is not None:
        with contextlib.suppress(TerminalLineError):  # it has waited to the end
            await waiting
    return rate, len(pictures)


def _never(grid: CellGrid) -> bool | None:
    return True if "READY FOR THE FIRST KEY" in grid.line(0) else None
