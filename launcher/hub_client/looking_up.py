"""Looks the hub's names up on threads that nobody waits for: a resolver that hangs holds up no end of the process."""

from __future__ import annotations

import asyncio
import socket
import threading

from aiohttp.abc import AbstractResolver, ResolveResult

from launcher.addresses import to_look_up


class LookUp(AbstractResolver):
    """The system's own resolver; names under ``.localhost`` are this computer's."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a host. Raises ``OSError``."""
        loop = asyncio.get_running_loop()
        found: asyncio.Future[list[ResolveResult]] = loop.create_future()

        def settle(result: list[ResolveResult] | OSError) -> None:
            if found.cancelled():
                return
            if isinstance(result, OSError):
                found.set_exception(result)
            else:
                found.set_result(result)

        def look() -> None:
            result: list[ResolveResult] | OSError
            try:
                result = _addresses(host, port, family)
            except OSError as fault:
                result = fault
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, result)

        threading.Thread(target=look, name="hub-look-up", daemon=True).start()
        return await found

    async def close(self) -> None:
        """Nothing is held."""


def _addresses(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    found = socket.getaddrinfo(to_look_up(host), port, family, socket.SOCK_STREAM)
    return [
        ResolveResult(
            hostname=host, host=str(end[0]), port=int(end[1]), family=kind, proto=protocol, flags=socket.AI_NUMERICHOST
        )
        for kind, _, protocol, _, end in found
    ]
