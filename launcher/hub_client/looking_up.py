"""Looks the hub's names up on threads that nobody waits for: a resolver that hangs holds up no end of the process."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from dataclasses import dataclass

from launcher.addresses import to_look_up


@dataclass(frozen=True, slots=True)
class Found:
    """One address of a host, as a number."""

    address: str
    port: int
    family: int
    protocol: int


async def looked_up(host: str, port: int, family: socket.AddressFamily) -> list[Found]:
    """Return the addresses of a host; names under ``.localhost`` are this computer's. Raises ``OSError``."""
    loop = asyncio.get_running_loop()
    asked: asyncio.Future[list[Found]] = loop.create_future()

    def settle(result: list[Found] | OSError) -> None:
        if asked.cancelled():
            return
        if isinstance(result, OSError):
            asked.set_exception(result)
        else:
            asked.set_result(result)

    def look() -> None:
        result: list[Found] | OSError
        try:
            result = _look(host, port, family)
        except OSError as fault:
            result = fault
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, result)

    threading.Thread(target=look, name="hub-look-up", daemon=True).start()
    return await asked


def _look(host: str, port: int, family: socket.AddressFamily) -> list[Found]:
    found = socket.getaddrinfo(to_look_up(host), port, family, socket.SOCK_STREAM)
    return [Found(str(end[0]), int(end[1]), kind, protocol) for kind, _, protocol, _, end in found]
