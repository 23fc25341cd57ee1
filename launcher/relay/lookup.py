"""Names looked up and connections kept alive, for all that opens a socket of its own."""

from __future__ import annotations

import asyncio
import socket
from typing import Final

from launcher.addresses import to_look_up
from launcher.relay.aside import aside

_OPTIONS: Final = (
    ("TCP_KEEPIDLE", 30),
    ("TCP_KEEPINTVL", 10),
    ("TCP_KEEPCNT", 3),
    ("TCP_USER_TIMEOUT", 60_000),
)
"""When a host is asked whether it is still there, in s, and how long it may leave what was sent unanswered, in ms."""

Address = tuple[socket.AddressFamily, tuple[str, int]]


async def addresses_of(host: str, port: int) -> list[Address]:
    """Look a name up, in a thread that nobody has to wait for when the resolver is away."""
    name = to_look_up(host)
    found = await aside(lambda: socket.getaddrinfo(name, port, type=socket.SOCK_STREAM), "resolve")
    return [(family, (str(place[0]), port)) for family, _kind, _protocol, _name, place in found]


async def connected(addresses: list[Address]) -> socket.socket:
    """Connect to the first address that answers: to what was looked up, and to nothing a second look would find."""
    loop = asyncio.get_running_loop()
    last: OSError = OSError("the name has no address")
    for family, place in addresses:
        wire = socket.socket(family, socket.SOCK_STREAM)
        try:
            wire.setblocking(False)
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option, value in _OPTIONS:
                if (number := getattr(socket, option, None)) is not None:
                    wire.setsockopt(socket.IPPROTO_TCP, number, value)
            await loop.sock_connect(wire, place)
        except OSError as fault:
            last = fault
            wire.close()
        except BaseException:
            wire.close()
            raise
        else:
            return wire
    raise last
