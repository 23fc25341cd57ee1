"""A line over telnet (RFC 854): in clear, so only to this computer or where the policy allows the host.

What is negotiated: binary transmission, echo by the host, the terminal's type and its size; all else is refused before
the library sees it. Of this computer's environment the host learns no more than the type of the terminal.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import suppress
from typing import Final, cast

import telnetlib3

from launcher.addresses import is_this_computer
from launcher.relay.calling import called
from launcher.relay.lookup import addresses_of, connected
from launcher.terminal.errors import TerminalLineError, TerminalNotEncryptedError
from launcher.terminal.line import LineFacts
from launcher.terminal.lines.encoding import UTF_8, Transcoder
from launcher.terminal.lines.telnet_sieve import Sieve

PORT: Final = 23
TERM: Final = "xterm-256color"
WITHIN_S: Final = 15.0
_CHUNK_BYTES: Final = 64 * 1024
_AT_ONCE_BYTES: Final = 16 * 1024
_CLOSING_S: Final = 1.0
_IAC: Final = b"\xff"

# At a finer level it logs what is sent, byte by byte.
logging.getLogger("telnetlib3").setLevel(logging.ERROR)


class _Client(telnetlib3.TelnetClient):
    """Shows its connection, sifts what comes, and tells the host another size when it is given one."""

    _sieve: Sieve | None = None

    @property
    def transport(self) -> asyncio.Transport | None:
        """The connection itself."""
        return self._transport

    def data_received(self, data: bytes) -> None:
        """Take what came, without the commands that a terminal has no use for."""
        if self._sieve is None:
            self._sieve = Sieve()
        through, answers = self._sieve.sift(data)
        if answers and self._transport is not None and not self._transport.is_closing():
            self._transport.write(answers)
        if through:
            super().data_received(through)

    def _detect_syncterm_font(self, data: bytes) -> None:
        """Look for no font of a bulletin board's: it would switch the encoding."""

    def send_size(self, rows: int, columns: int) -> None:
        """Have another size; the host is told at once where it has asked for sizes (RFC 1073)."""
        self._extra.update({"rows": rows, "cols": columns})
        if self.writer is not None and self.writer.local_option.enabled(telnetlib3.telopt.NAWS):
            self.writer._send_naws()


class TelnetLine:
    """An open line to a host; made by :func:`open_telnet`."""

    def __init__(
        self,
        client: _Client,
        facts: LineFacts,
        encoding: str,
    ) -> None:
        self._client = client
        # Both are there from the moment of the connection on; without an encoding they read and write bytes.
        self._reader = cast("telnetlib3.TelnetReader", client.reader)
        self._writer = cast("telnetlib3.TelnetWriter", client.writer)
        self._facts = facts
        self._transcoder = Transcoder(encoding)

    @property
    def facts(self) -> LineFacts:
        """What is known of it."""
        return self._facts

    async def read(self) -> bytes:
        """Return what came next; b"" when the host has closed."""
        try:
            while raw := await self._reader.read(_CHUNK_BYTES):
                if data := self._transcoder.incoming(raw):
                    return data
        except OSError as fault:
            raise self._lost() from fault
        return b""

    async def write(self, data: bytes) -> None:
        """Send, and wait while the host takes nothing more."""
        if self._writer.is_closing():
            raise self._lost()
        coded = self._transcoder.outgoing(data)
        if not self._writer.outbinary:
            coded = coded.replace(b"\r", b"\r\0")  # a return alone is followed by a NUL there (RFC 854, the NVT)
        try:
            self._writer.write(coded)
            await self._writer.drain()
        except OSError as fault:
            raise self._lost() from fault

    async def resize(self, rows: int, columns: int) -> None:
        """Tell the host another size, where it has asked for sizes."""
        if not self._writer.is_closing():
            self._client.send_size(rows, columns)

    async def close(self) -> bool:
        """End the connection; nobody confirms that."""
        transport = self._client.transport
        self._writer.close()
        if transport is not None and transport.get_write_buffer_size():
            transport.abort()  # the host takes nothing: what waits for it would wait for ever
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(_CLOSING_S):
                await self._writer.wait_closed()
        return False

    def _lost(self) -> TerminalLineError:
        return TerminalLineError(f"The line to {self._facts.host} was lost.")


async def open_telnet(
    host: str,
    port: int,
    *,
    allowed: bool,
    rows: int,
    columns: int,
    term: str = TERM,
    encoding: str = UTF_8,
    within_s: float = WITHIN_S,
) -> TelnetLine:
    """Connect to a host; ``allowed`` says that the policy lets this host be reached in clear.

    Raises :class:`TerminalNotEncryptedError` and :class:`TerminalLineError`.
    """
    # What the host asks for is answered whenever it asks: nothing has to be waited for.
    client = _Client(
        encoding=False,
        term=term,
        rows=rows,
        cols=columns,
        connect_maxwait=0,
        compression=False,
        send_environ=("TERM",),
    )
    try:
        async with asyncio.timeout(within_s):
            if allowed:
                wire = await called(host, port)
            else:
                addresses = await addresses_of(host, port)
                if not all(is_this_computer(place[0]) for _, place in addresses):
                    raise TerminalNotEncryptedError(
                        f"{host} would be reached by telnet, which anyone on the way can read."
                    )
                wire = await connected(addresses)
            # A piece of nothing but commands is work of a tenth of a second for each 128 KB, and cannot be parted.
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _AT_ONCE_BYTES)
            try:
                await asyncio.get_running_loop().create_connection(lambda: client, sock=wire)
            except BaseException:
                wire.close()
                raise
    except TimeoutError as fault:
        raise TerminalLineError(f"{host} did not answer in time.") from fault
    except (OSError, UnicodeError) as fault:
        raise TerminalLineError(f"{host} cannot be reached.") from fault
    return TelnetLine(client, LineFacts(host, port, encrypted=False, encoding=encoding), encoding)
