"""The session's end of the wire: messages of the station in, the session's own out."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Callable
from contextlib import suppress

from launcher.errors import WireError
from launcher.wire.codec import decode_to_session, encode
from launcher.wire.messages import MAX_LINE_BYTES, Cover, End, Show, Shown, ShowOver, ToSession, Uncover
from launcher.wire.records import Record

log = logging.getLogger(__name__)


class StationLink:
    """A connected socket pair. ``tell`` may be called in the loop at any time; what cannot be sent is dropped."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: bytes = b"") -> None:
        self._reader = reader
        self._writer = writer
        self._heard = heard
        self._show_asked = time.monotonic()

    @classmethod
    async def on(cls, descriptor: int, heard: bytes = b"") -> StationLink:
        """Take over the inherited descriptor, of which ``heard`` was read already; programs do not inherit it."""
        sock = socket.socket(fileno=descriptor)
        sock.set_inheritable(False)
        sock.setblocking(False)
        reader, writer = await asyncio.open_connection(sock=sock, limit=MAX_LINE_BYTES)
        return cls(reader, writer, heard)

    def tell(self, message: Record) -> None:
        """Send one message; never waits and never raises."""
        if not self._writer.is_closing():
            self._writer.write(encode(message))

    def painted(self) -> None:
        """Say that the sign-in screen is painted, and how long after the station's word."""
        self.tell(Shown(took_ms=(time.monotonic() - self._show_asked) * 1000.0))

    async def receive(self, take: Callable[[ToSession], None]) -> None:
        """Give every message to ``take`` until the station is gone, which ends the session."""
        while True:
            try:
                untrusted_line = await self._next_line()
            except (ValueError, OSError):
                untrusted_line = b""
            if not untrusted_line:
                take(End(reason="station-stopping", deadline_ms=2000))
                return
            try:
                message = decode_to_session(untrusted_line)
            except WireError as fault:
                log.warning("a message of the station was refused: %s", fault.reference)
                take(End(reason="station-stopping", deadline_ms=2000))
                return
            if isinstance(message, Show | ShowOver | Cover | Uncover):
                self._show_asked = time.monotonic()
            take(message)

    async def _next_line(self) -> bytes:
        heard, end, self._heard = self._heard.partition(b"\n")
        return heard + end if end else heard + await self._reader.readline()

    async def close(self) -> None:
        """Send what is left and close."""
        with suppress(OSError):
            await self._writer.drain()
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()
