"""Programs that a session locks: begun below the tests, looked at, and ended with the test."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from subprocess import Popen

from launcher.residue.tree import ProcessRow, descendants
from launcher.session.outside import OutsidePrograms
from tests.servers.x_programs import WINDOW
from tests.servers.xvfb import Screen

RED, GREEN = 0xD01010, 0x10D010

FAMILY = """
import os, sys, time
def child():
    return os.fork() == 0
if child():
    os.setsid()
    if child():
        print("ready", flush=True)
    time.sleep(600)
time.sleep(600)
"""
"""A program whose child leaves its session and has a child of its own."""

PLAIN = "print('ready', flush=True); import time; time.sleep(600)"

begun: list[Popen[bytes]] = []
"""What the test has started so far."""


def start(*argv: str, own_session: bool = True) -> Popen[bytes]:
    """Start a program, which ends with the test."""
    program = Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0, start_new_session=own_session)
    begun.append(program)
    return program


def begin(code: str, *argv: str, first: str = "ready") -> Popen[bytes]:
    """Start a program of the session's and return when it says its first word."""
    program = start(sys.executable, "-c", code, *argv)
    assert line(program) == first
    return program


def begin_window(*, popup: bool = False) -> Popen[bytes]:
    """Start a program of the session's with a red window, and return when that is there."""
    code = WINDOW.replace('print("mapped", window.id, flush=True)', 'print("mapped", flush=True)')
    return begin(code, "40", "60", "200", "150", str(RED), str(int(popup)), first="mapped")


def line(program: Popen[bytes]) -> str:
    assert program.stdout is not None
    return program.stdout.readline().decode().strip()


def below(spared: frozenset[int]) -> list[ProcessRow]:
    return [row for row in descendants(os.getpid()) if not row.zombie and row.pid not in spared]


def all_stopped(spared: frozenset[int]) -> bool:
    rows = below(spared)
    return bool(rows) and all(row.stopped for row in rows)


def none_stopped(spared: frozenset[int]) -> bool:
    return not any(row.stopped for row in below(spared))


Walk = Callable[[OutsidePrograms], Awaitable[None]]


def play(outside: OutsidePrograms, walk: Walk) -> None:
    async def run() -> None:
        try:
            await walk(outside)
        finally:
            await outside.show()

    asyncio.run(run())


def xdotool(screen: Screen, *words: str) -> None:
    """Move, press and let go as a hand would."""
    subprocess.run(["xdotool", *words], env={"PATH": os.environ["PATH"], **screen.environment}, check=True, timeout=20)
