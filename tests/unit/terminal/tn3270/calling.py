"""A 3270 terminal on a line to a real host, and what tests wait for on its screen."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from launcher.terminal.grid import CellGrid, Field
from launcher.terminal.keys import Key
from launcher.terminal.lines.tcp import open_tcp
from launcher.terminal.session_log import SessionLog
from launcher.terminal.terminal import Terminal
from launcher.terminal.tn3270.engine import Tn3270Engine

WITHIN_S = 60.0
"""No test waits so long unless it fails."""


@contextlib.asynccontextmanager
async def called(
    engine: Tn3270Engine,
    port: int,
    *,
    host: str = "127.0.0.1",
    tls: bool = False,
    ca_file: Path | None = None,
    session_log: SessionLog | None = None,
) -> AsyncIterator[Terminal[Tn3270Engine]]:
    """Call a host; the line is closed at the end, whoever is signed on."""
    line = await open_tcp(host, port, tls=tls, ca_file=ca_file, within_s=WITHIN_S)
    terminal = Terminal(engine, line, session_log=session_log)
    try:
        yield terminal
    finally:
        await terminal.close()


def shows(*texts: str) -> Callable[[CellGrid], bool]:
    """All these texts are on the screen, and the keyboard takes keys."""

    def found(grid: CellGrid) -> bool:
        screen = "\n".join(grid.lines())
        return grid.status.lock == "" and all(text in screen for text in texts)

    return found


async def wait_for(terminal: Terminal[Tn3270Engine], *texts: str) -> None:
    """Wait until the texts are there and keys are taken; what is there instead is in the failure."""
    try:
        await terminal.wait_for(shows(*texts), WITHIN_S)
    except TimeoutError:
        screen = "\n".join(row.rstrip() for row in terminal.grid.lines() if row.strip())
        raise AssertionError(f"{texts} did not come; {terminal.grid.status}:\n{screen}") from None


def inputs(terminal: Terminal[Tn3270Engine]) -> list[Field]:
    """The input fields, in order."""
    return [field for field in terminal.grid.fields if not field.protected]


def press(terminal: Terminal[Tn3270Engine], name: str) -> None:
    """Press a key that must be taken."""
    assert terminal.press(Key(name)), (name, terminal.grid.status)
