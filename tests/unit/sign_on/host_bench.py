"""Recipes of screens against real hosts: how they are written, and who is called."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, contextmanager

from launcher.recipes.screens import Screen
from launcher.secret import Secret
from launcher.terminal.engine import VtEngine
from launcher.terminal.lines.ssh import Password, open_ssh
from launcher.terminal.lines.telnet import open_telnet
from launcher.terminal.session_log import SessionLog
from launcher.terminal.terminal import Terminal
from launcher.terminal.vt.choice import vt_engine
from tests.servers import host_screens as h
from tests.servers import people, unix_host
from tests.servers.sshd import Sshd
from tests.servers.telnetd import Telnetd

WITHIN_S = 60.0
"""No test waits so long unless it fails."""


def screens(*written: h.Table) -> tuple[Screen, ...]:
    return tuple(Screen.model_validate({"within_s": WITHIN_S, **one}) for one in written)


def run(story: Awaitable[None]) -> None:
    async def walk() -> None:
        async with asyncio.timeout(WITHIN_S * 2):
            await story

    asyncio.run(walk())


class Watch:
    """Notes the phases in the order they began."""

    def __init__(self) -> None:
        self.said: list[str] = []

    @contextmanager
    def phase(self, name: str, *, human: bool = False) -> Iterator[None]:
        self.said.append(name)
        yield


UNIX_SHELL = {"name": "shell", "before_cursor": unix_host.PROMPT, "means": "ready"}
UNIX_LOGON = screens(*h.UNIX_PROMPTS, UNIX_SHELL, h.REFUSED)


@asynccontextmanager
async def by_ssh(
    server: Sshd, user: str = unix_host.USER, password: str = people.PASSWORD
) -> AsyncIterator[Terminal[VtEngine]]:
    proof = Password(Secret(password))
    line = await open_ssh(server.host, server.port, user, proof, server.known_hosts, rows=24, columns=80)
    terminal = Terminal(vt_engine(24, 80), line)
    try:
        yield terminal
    finally:
        await terminal.close()


@asynccontextmanager
async def by_telnet(server: Telnetd, log: SessionLog | None = None) -> AsyncIterator[Terminal[VtEngine]]:
    line = await open_telnet(server.host, server.port, allowed=False, rows=24, columns=80)
    terminal = Terminal(vt_engine(24, 80), line, session_log=log)
    try:
        yield terminal
    finally:
        await terminal.close()
