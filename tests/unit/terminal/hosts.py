"""Small hosts over real sockets for what no real one does when asked, terminals on lines to them, and who looks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from launcher.terminal.engine import VtEngine
from launcher.terminal.grid import CellGrid, GridPicture, RowPicture
from launcher.terminal.lines.telnet import open_telnet
from launcher.terminal.session_log import ScreenLog
from launcher.terminal.terminal import Terminal
from launcher.terminal.vt.choice import MakeEngine, vt_engine

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter
Plays = Callable[[Reader, Writer], Awaitable[None]]
WITHIN_S = 30.0
"""No test waits so long unless it fails."""


@contextlib.asynccontextmanager
async def host(plays: Plays) -> AsyncIterator[int]:
    """A host on a loopback port that does to its callers what the test says."""
    running: set[asyncio.Task[None]] = set()
    writers: list[Writer] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        writers.append(writer)
        try:
            with contextlib.suppress(ConnectionError):
                await plays(reader, writer)
        finally:
            running.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        # One that floods has much left that nobody reads: closed in good order it would outlive the loop.
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0)


async def ask(reader: Reader, writer: Writer, prompt: str) -> str:
    """Write a prompt in a row of its own, and return what is typed there."""
    writer.write(f"\r\n{prompt}".encode())
    return (await reader.readuntil(b"\r")).decode("ascii", "ignore").strip("\r\n\0")


@contextlib.asynccontextmanager
async def terminal(
    plays: Plays,
    *,
    rows: int = 6,
    columns: int = 40,
    session_log: ScreenLog | None = None,
    make: MakeEngine = vt_engine,
) -> AsyncIterator[Terminal[VtEngine]]:
    """A terminal on a line to such a host, closed afterwards."""
    async with host(plays) as port:
        line = await open_telnet("127.0.0.1", port, allowed=False, rows=rows, columns=columns)
        made = Terminal(make(rows, columns), line, session_log=session_log)
        try:
            yield made
        finally:
            await made.close()


def run(story: Awaitable[None]) -> None:
    async def walk() -> None:
        async with asyncio.timeout(WITHIN_S * 2):
            await story

    asyncio.run(walk())


def shows(text: str) -> Callable[[CellGrid], bool]:
    return lambda grid: any(text in line for line in grid.lines())


class Board:
    """What a drawer would show."""

    def __init__(self) -> None:
        self.rows: dict[int, RowPicture] = {}
        self.pictures: list[GridPicture] = []
        self.changed = asyncio.Event()

    def draw(self, picture: GridPicture) -> None:
        if picture.whole:
            self.rows.clear()
        self.rows.update({row.row: row for row in picture.changed})
        self.pictures.append(picture)
        self.changed.set()

    def text(self) -> list[str]:
        return ["".join(run.text for run in self.rows[row].runs).rstrip() for row in sorted(self.rows)]

    async def until(self, text: str) -> None:
        while not any(text in line for line in self.text()):
            self.changed.clear()
            await self.changed.wait()
