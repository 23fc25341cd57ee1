"""A line of bytes over TCP, as a 3270 has it: TLS with the host's name checked; in clear to this computer only."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from launcher.terminal.errors import (
    TerminalCertificateRefusedError,
    TerminalLineError,
    TerminalNotEncryptedError,
)
from launcher.terminal.line import LineFacts

WITHIN_S: Final = 15.0
_CHUNK_BYTES: Final = 64 * 1024
_CLOSING_S: Final = 1.0
_OPTIONS: Final = (
    ("TCP_KEEPIDLE", 30),
    ("TCP_KEEPINTVL", 10),
    ("TCP_KEEPCNT", 3),
    ("TCP_USER_TIMEOUT", 60_000),
)
"""When a host is asked whether it is still there, in s, and how long it may leave what was sent unanswered, in ms."""

_Address = tuple[socket.AddressFamily, tuple[str, int]]


class TcpLine:
    """An open line; made by :func:`open_tcp`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, facts: LineFacts) -> None:
        self._reader = reader
        self._writer = writer
        self._facts = facts

    @property
    def facts(self) -> LineFacts:
        """What is known of it; the name of the LU is the engine's to say."""
        return self._facts

    async def read(self) -> bytes:
        """Return what came next; b"" when the host has ended the line."""
        try:
            return await self._reader.read(_CHUNK_BYTES)
        except OSError as fault:
            raise _line_lost(self._facts.host) from fault

    async def write(self, data: bytes) -> None:
        """Send, and wait while the host takes nothing more."""
        try:
            self._writer.write(data)
            await self._writer.drain()
        except (OSError, RuntimeError) as fault:  # RuntimeError: a line that is closed already
            raise _line_lost(self._facts.host) from fault

    async def resize(self, rows: int, columns: int) -> None:
        """Do nothing: the line has no size."""

    async def close(self) -> None:
        """End it now."""
        self._writer.close()
        try:
            async with asyncio.timeout(_CLOSING_S):
                await self._writer.wait_closed()
        except (TimeoutError, OSError):
            self._writer.transport.abort()


async def open_tcp(
    host: str, port: int, *, tls: bool = True, ca_file: Path | None = None, within_s: float = WITHIN_S
) -> TcpLine:
    """Call a host. ``ca_file``: the authorities to trust instead of the system's own.

    Raises :class:`TerminalNotEncryptedError`, :class:`TerminalCertificateRefusedError` and :class:`TerminalLineError`.
    """
    context = _context(ca_file) if tls else None
    try:
        async with asyncio.timeout(within_s):
            addresses = await _addresses_of(host, port)
            if context is None:
                addresses = [address for address in addresses if _is_loopback(address)]
                if not addresses:
                    raise TerminalNotEncryptedError(f"{host} would be reached without encryption.")
            wire = await _connected(addresses)
            try:
                reader, writer = await asyncio.open_connection(
                    sock=wire,
                    ssl=context,
                    server_hostname=host if context is not None else None,
                    ssl_shutdown_timeout=_CLOSING_S if context is not None else None,
                )
            except BaseException:
                wire.close()
                raise
    except TimeoutError as fault:
        raise TerminalLineError(f"{host} did not answer in time.") from fault
    except ssl.SSLCertVerificationError as fault:
        raise TerminalCertificateRefusedError(
            f"{host} has shown a certificate that is not valid for it.", detail=fault.verify_message
        ) from fault
    except ssl.SSLError as fault:
        raise TerminalLineError(f"{host} does not speak TLS at port {port}.", detail=str(fault)) from fault
    except (OSError, UnicodeError) as fault:
        raise TerminalLineError(f"{host} cannot be reached at port {port}.", detail=str(fault)) from fault
    return TcpLine(reader, writer, LineFacts(host, port, encrypted=tls))


def _context(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except OSError as fault:
        raise TerminalCertificateRefusedError(
            "The file of certificate authorities cannot be read.", detail=str(fault)
        ) from fault


def _is_loopback(address: _Address) -> bool:
    return ipaddress.ip_address(address[1][0].partition("%")[0]).is_loopback


async def _addresses_of(host: str, port: int) -> list[_Address]:
    """Look a name up, in a thread that nobody has to wait for when the resolver is away."""
    # Names under .localhost are the loopback's (RFC 6761, 6.3); not every resolver knows it.
    name = "127.0.0.1" if host.endswith(".localhost") else host
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[_Address]] = loop.create_future()

    def settle(addresses: list[_Address], fault: Exception | None) -> None:
        if found.done():
            return
        if fault is None:
            found.set_result(addresses)
        else:
            found.set_exception(fault)

    def look_up() -> None:
        addresses: list[_Address] = []
        fault: Exception | None = None
        try:
            for family, _kind, _protocol, _name, place in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM):
                addresses.append((family, (str(place[0]), port)))
        except (OSError, UnicodeError) as refused:
            fault = refused
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, addresses, fault)

    threading.Thread(target=look_up, name="terminal-resolve", daemon=True).start()
    return await found


async def _connected(addresses: list[_Address]) -> socket.socket:
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


def _line_lost(host: str) -> TerminalLineError:
    return TerminalLineError(f"The line to {host} has ended.")
