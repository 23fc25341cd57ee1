"""Small hosts over real sockets for what no real one does when asked: floods, silences, ends in the middle."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from launcher.terminal.engine import VtEngine
from launcher.terminal.lines.telnet import open_telnet
from launcher.terminal.session_log import SessionLog
from launcher.terminal.terminal import Terminal
from launcher.terminal.vt.choice import MakeEngine, vt_engine

Plays = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
WITHIN_S = 30.0
"""No test waits so long unless it fails."""


@contextlib.asynccontextmanager
async def host(plays: Plays) -> AsyncIterator[int]:
    """A host on a loopback port that does to its callers what the test says."""
    running: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
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


@contextlib.asynccontextmanager
async def terminal(
    plays: Plays,
    *,
    rows: int = 6,
    columns: int = 40,
    session_log: SessionLog | None = None,
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
