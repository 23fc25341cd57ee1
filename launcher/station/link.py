"""The road between the station and one session: a socket pair, lines of JSON, no line longer than the limit."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from launcher.errors import WireError
from launcher.late import LateModule
from launcher.wire.first_heard import FirstWord, first_word
from launcher.wire.first_words import MAX_LINE_BYTES, SHOW_LINE

if TYPE_CHECKING:
    from launcher.station.places import Focus
    from launcher.wire import codec, messages
    from launcher.wire.messages import ToSession, ToStation
else:
    # The first words are said and heard without them.
    codec = LateModule("launcher.wire.codec")
    messages = LateModule("launcher.wire.messages")

_log = logging.getLogger("launcher.station")

MAX_WAITING_BYTES = 8 * 1024 * 1024
"""A session that reads nothing is not written to beyond this: it is unresponsive and will be ended."""


class Link:
    """The station's end. Calls back on the loop: a message (or first word), a refusal (then nothing more), the end."""

    def __init__(
        self,
        on_message: Callable[[FirstWord | ToStation], None],
        on_refused: Callable[[WireError], None],
        on_closed: Callable[[], None],
    ) -> None:
        self._on_message = on_message
        self._on_refused = on_refused
        self._on_closed = on_closed
        self._writer: asyncio.StreamWriter | None = None
        self._waiting: list[bytes] = []
        self._task: asyncio.Task[None] | None = None

    def start(self, ours: socket.socket) -> None:
        """Read from the socket until it ends; the link owns it now."""
        self._task = asyncio.get_running_loop().create_task(self._read(ours))

    def send(self, message: ToSession) -> None:
        """Write a message; never waits and never raises: a session that is gone is noticed elsewhere."""
        self._write(codec.encode(message))

    def show(self, name: str, focus: Focus) -> None:
        """Write the wish for a sign-in screen; the plain one is a first word."""
        if not name and focus == "name":
            self._write(SHOW_LINE)
        else:
            self.send(messages.Show(name=name, focus=focus))

    def _write(self, line: bytes) -> None:
        if self._writer is None:
            self._waiting.append(line)
            return
        transport = self._writer.transport
        if not transport.is_closing() and transport.get_write_buffer_size() + len(line) <= MAX_WAITING_BYTES:
            self._writer.write(line)

    async def drained(self, within_s: float) -> None:
        """Wait until all the session said before its end was heard: its last words are often the important ones."""
        if self._task is not None:
            await asyncio.wait([self._task], timeout=within_s)

    async def close(self) -> None:
        """End the link."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _read(self, ours: socket.socket) -> None:
        reader, self._writer = await asyncio.open_connection(sock=ours, limit=MAX_LINE_BYTES)
        try:
            for line in self._waiting:
                self._writer.write(line)
            self._waiting.clear()
            await self._read_lines(reader)
        except WireError as refused:
            self._on_refused(refused)
        except ConnectionError:
            self._on_closed()
        finally:
            # Not closed politely: nothing of ours waits in it, and a stopped session would keep us waiting.
            self._writer.transport.abort()

    async def _read_lines(self, reader: asyncio.StreamReader) -> None:
        while True:
            try:
                untrusted_line = await reader.readuntil(b"\n")
            except asyncio.LimitOverrunError:
                raise WireError(f"A message is longer than {MAX_LINE_BYTES} bytes.") from None
            except asyncio.IncompleteReadError as ended:
                if ended.partial:
                    raise WireError("A message was cut off.") from None
                self._on_closed()
                return
            message = first_word(untrusted_line) or codec.decode_to_station(untrusted_line)
            try:
                self._on_message(message)
            except WireError:
                raise
            except Exception:
                # The station's own fault: the officer whose session said it is not to lose their work by it.
                _log.exception("message-not-taken")
