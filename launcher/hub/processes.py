"""Several processes of one hub on one computer: they share the listening socket; one that dies is started again.

The parent listens and serves nothing itself. Each child is handed the socket, and a pipe whose end tells it to end:
also when the parent was killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from launcher.hub.metrics import FOLDER, forget_process

_log = logging.getLogger("launcher.hub")

FIRST_PAUSE_S: Final = 0.2
LONGEST_PAUSE_S: Final = 10.0
WELL_AFTER_S: Final = 30.0
ENDS_WITHIN_S: Final = 15.0


def serve_with(argv: Sequence[str], many: int, listening: socket.socket, started: Callable[[], None]) -> None:
    """Run ``many`` children ``argv --listening FD --ends FD`` until SIGTERM or SIGINT; ``started``: all serve."""
    with asyncio.Runner() as runner:
        runner.run(_serve_with(argv, many, listening, started))


async def _serve_with(argv: Sequence[str], many: int, listening: socket.socket, started: Callable[[], None]) -> None:
    ending = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, ending.set)
    ends, alive = os.pipe()
    try:
        with tempfile.TemporaryDirectory(prefix="hub-figures-") as figures:
            kind = _Kind(
                (*argv, "--listening", str(listening.fileno()), "--ends", str(ends)),
                (listening.fileno(), ends),
                os.environ | {FOLDER: figures},
            )
            serving = [asyncio.Event() for _ in range(many)]
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(_keep_one(kind, serves)) for serves in serving]
                tasks.append(group.create_task(_tell(serving, started)))
                await ending.wait()
                os.close(alive)
                for task in tasks:
                    task.cancel()
    finally:
        for descriptor in (ends, alive):
            with contextlib.suppress(OSError):
                os.close(descriptor)


@dataclass(frozen=True, slots=True)
class _Kind:
    """How each child is started."""

    argv: tuple[str, ...]
    descriptors: tuple[int, ...]
    environment: Mapping[str, str]


async def _tell(serving: Sequence[asyncio.Event], started: Callable[[], None]) -> None:
    for serves in serving:
        await serves.wait()
    started()


async def _keep_one(kind: _Kind, serves: asyncio.Event) -> None:
    """Keep one child running until it is cancelled, then wait until it has ended."""
    loop = asyncio.get_running_loop()
    pause_s = FIRST_PAUSE_S
    while True:
        began = loop.time()
        child = await asyncio.create_subprocess_exec(
            *kind.argv, pass_fds=kind.descriptors, env=kind.environment,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            assert child.stdout is not None  # noqa: S101 - asked for above
            if await child.stdout.readline():
                serves.set()
            status = await child.wait()
        except asyncio.CancelledError:
            await _ended(child)
            raise
        forget_process(child.pid, kind.environment[FOLDER])
        _log.error("hub-process-ended: %s with status %s", child.pid, status)
        if loop.time() - began > WELL_AFTER_S:
            pause_s = FIRST_PAUSE_S
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


async def _ended(child: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(ENDS_WITHIN_S):
            await child.wait()
    except TimeoutError:
        child.kill()
        await child.wait()


def ended(descriptor: int) -> None:
    """Wait, in a child, until the parent closes its end of the pipe, which it also does by dying."""
    os.read(descriptor, 1)


def own_argv() -> tuple[str, ...]:
    """Return how this program is started."""
    return (sys.executable, "-m", "launcher")
