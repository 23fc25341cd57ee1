"""A small host for 3270s: TN3270E (RFC 2355), or plain TN3270 (RFC 1576) where a terminal will not have it.

It is a server of the demo's, not a product: one application, a fixed number of lines (LUs), no printers. ``mainframe-
mocker`` does more, and needs a later Python than ours.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from socket import socket
from typing import Final

from launcher.demo.terminals.host_accounts import HostAccounts
from launcher.demo.terminals.national_records import NationalRecords

LINES: Final = tuple(f"NR{number:04}" for number in range(1, 9))

_EOR, _SE, _SB, _WILL, _WONT, _DO, _DONT, _IAC = 239, 240, 250, 251, 252, 253, 254, 255
_BINARY, _TERMINAL_TYPE, _END_OF_RECORD, _TN3270E = 0, 24, 25, 40
_CONNECT, _DEVICE_TYPE, _FUNCTIONS, _IS, _REASON, _REJECT, _REQUEST, _SEND = 1, 2, 3, 4, 5, 6, 7, 8
_IN_USE, _NO_SUCH_NAME = 1, 3
_HEADER: Final = 5
_LARGEST_RECORD: Final = 16 * 1024


class _NotA3270Error(Exception):
    """The terminal says something that no 3270 says."""


@dataclass(slots=True)
class Tn3270Host:
    """The host with its lines. A line whose caller has only hung up is given to the next one as it is."""

    accounts: HostAccounts
    delay_s: float = 0.0
    taken: set[str] = field(default_factory=set)
    """The lines that somebody is connected to."""
    _callers: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, listener: socket, context: ssl.SSLContext | None, stop: asyncio.Event) -> None:
        """Take callers until ``stop``."""
        server = await asyncio.start_server(self._called, sock=listener, ssl=context)
        try:
            await stop.wait()
        finally:
            server.close()
            for caller in tuple(self._callers):
                caller.cancel()
            await asyncio.gather(*self._callers, return_exceptions=True)

    async def _called(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._callers.add(task)
            task.add_done_callback(self._callers.discard)
        wire = _Wire(reader, writer)
        try:
            with contextlib.suppress(ConnectionError, _NotA3270Error, asyncio.IncompleteReadError):
                async with self._line(wire) as line:
                    await self._converse(wire, line)
        finally:
            writer.transport.abort()

    async def _converse(self, wire: _Wire, line: str) -> None:
        dialogue = NationalRecords(self.accounts, line)
        while True:
            if self.delay_s:
                await asyncio.sleep(self.delay_s)
            screen = dialogue.screen()
            await wire.send(screen.written())
            dialogue.take(screen.read(await wire.record()))

    @contextlib.asynccontextmanager
    async def _line(self, wire: _Wire) -> AsyncIterator[str]:
        """Agree on the protocol, and have a line for the time of the call."""
        line = await self._by_tn3270e(wire) if await wire.asks(_DO, _TN3270E) else await self._by_tn3270(wire)
        try:
            yield line
        finally:
            self.taken.discard(line)

    async def _by_tn3270e(self, wire: _Wire) -> str:
        wire.aside(_TN3270E, _SEND, _DEVICE_TYPE)
        while True:
            said = await wire.said_aside()
            if said[:3] != bytes((_TN3270E, _DEVICE_TYPE, _REQUEST)):
                raise _NotA3270Error
            kind, _, wanted = said[3:].partition(bytes((_CONNECT,)))
            line = self._free(wanted.decode("ascii", "replace"))
            if line in LINES:
                break
            reason = _IN_USE if wanted.decode("ascii", "replace") in LINES else _NO_SUCH_NAME
            wire.aside(_TN3270E, _DEVICE_TYPE, _REJECT, _REASON, reason)
        self.taken.add(line)
        try:
            wire.aside(_TN3270E, _DEVICE_TYPE, _IS, *kind, _CONNECT, *line.encode())
            said = await wire.said_aside()
            if said[:3] == bytes((_TN3270E, _FUNCTIONS, _REQUEST)) and len(said) > 3:
                wire.aside(_TN3270E, _FUNCTIONS, _REQUEST)  # this host has none of them
                said = await wire.said_aside()
            elif said[:2] == bytes((_TN3270E, _FUNCTIONS)):
                wire.aside(_TN3270E, _FUNCTIONS, _IS)
        except BaseException:
            self.taken.discard(line)
            raise
        wire.header = True
        return line

    async def _by_tn3270(self, wire: _Wire) -> str:
        if not await wire.asks(_DO, _TERMINAL_TYPE):
            raise _NotA3270Error
        wire.aside(_TERMINAL_TYPE, 1)
        _kind, _, wanted = (await wire.said_aside())[2:].partition(b"@")
        for option in (_END_OF_RECORD, _BINARY):
            if not (await wire.asks(_DO, option) and await wire.asks(_WILL, option)):
                raise _NotA3270Error
        line = self._free(wanted.decode("ascii", "replace"))
        if line not in LINES:
            raise _NotA3270Error
        self.taken.add(line)
        return line

    def _free(self, wanted: str) -> str:
        """Return a line that nobody is connected to: the wanted one, else the first; "" where there is none."""
        free = [line for line in LINES if line not in self.taken and wanted in ("", line)]
        return free[0] if free else ""


class _Wire:
    """One caller's telnet."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.header = False
        """Records have the header of TN3270E."""
        self._reader = reader
        self._writer = writer

    async def asks(self, command: int, option: int) -> bool:
        """Ask for an option, and say whether the terminal has it."""
        self._writer.write(bytes((_IAC, command, option)))
        agreed, refused = (_WILL, _WONT) if command == _DO else (_DO, _DONT)
        while True:
            what = await self._next()
            if isinstance(what, tuple) and what[1] == option and what[0] in (agreed, refused):
                return what[0] == agreed

    def aside(self, *said: int) -> None:
        """Say something of an option."""
        data = bytes(said).replace(b"\xff", b"\xff\xff")
        self._writer.write(bytes((_IAC, _SB)) + data + bytes((_IAC, _SE)))

    async def said_aside(self) -> bytes:
        """Return what the terminal says of an option next."""
        while True:
            what = await self._next()
            if isinstance(what, bytes):
                return what
            if what == (_WONT, _TN3270E):
                raise _NotA3270Error

    async def send(self, record: bytes) -> None:
        """Send a record of 3270 data."""
        header = bytes(_HEADER) if self.header else b""
        self._writer.write((header + record).replace(b"\xff", b"\xff\xff") + bytes((_IAC, _EOR)))
        await self._writer.drain()

    async def record(self) -> bytes:
        """Return the next record of 3270 data."""
        data = bytearray()
        while True:
            byte = await self._byte()
            if byte != _IAC:
                data.append(byte)
            else:
                command = await self._byte()
                if command == _IAC:
                    data.append(_IAC)
                elif command == _EOR:
                    if not self.header:
                        return bytes(data)
                    if data[:1] == b"\0":
                        return bytes(data[_HEADER:])
                    data.clear()  # an answer, or text outside 3270 data
                elif command in (_WILL, _WONT, _DO, _DONT):
                    await self._byte()
            if len(data) > _LARGEST_RECORD:
                raise _NotA3270Error

    async def _next(self) -> bytes | tuple[int, int]:
        """Return what the terminal says aside, or its word on an option."""
        while True:
            if await self._byte() != _IAC:
                continue
            command = await self._byte()
            if command in (_WILL, _WONT, _DO, _DONT):
                return command, await self._byte()
            if command == _SB:
                return await self._until_end()

    async def _until_end(self) -> bytes:
        data = bytearray()
        while len(data) < _LARGEST_RECORD:
            byte = await self._byte()
            if byte == _IAC and (byte := await self._byte()) == _SE:
                return bytes(data)
            data.append(byte)
        raise _NotA3270Error

    async def _byte(self) -> int:
        return (await self._reader.readexactly(1))[0]
