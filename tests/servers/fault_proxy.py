"""A TCP proxy that misbehaves on request: slow, silent, refusing or cutting off, while the server behind it is well.

It works on one thread of its own. What it does can be changed at any time from any thread; connections that are open
follow. Through TLS it sees only when the handshake is over, and never delays or withholds the handshake itself:
*response* below means what the server sends after the client's first application data.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Self, TypeVar

from tests.servers.certificates import ServerCertificate
from tests.servers.process import LOOPBACK, ReservedPort

_CHUNK = 65536
_ANSWER_S = 10
_TLS_HANDSHAKE, _TLS_APPLICATION_DATA, _TLS_HEADER = 22, 23, 5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PassThrough:
    """Behave."""


@dataclass(frozen=True, slots=True)
class Delay:
    """No response comes sooner than ``response_ms`` after its request."""

    response_ms: float


@dataclass(frozen=True, slots=True)
class Stall:
    """Accept connections and never say anything on them; nothing reaches the server."""


@dataclass(frozen=True, slots=True)
class WithholdResponses:
    """Let the handshake and every request through and keep the responses back: the server *did* act."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Refuse connections and break those that are open."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Break each connection once ``response_bytes`` bytes of responses have passed on it."""

    response_bytes: int


Fault = PassThrough | Delay | Stall | WithholdResponses | Refuse | Cut


class FaultProxy:
    """One listening port in front of one server; ``upstream_port`` None means there is no server at all.

    With ``tls`` it ends the TLS of its clients itself and speaks in clear to the server behind it.
    """

    def __init__(
        self,
        upstream_port: int | None,
        *,
        address: str = LOOPBACK,
        fault: Fault | None = None,
        tls: ServerCertificate | None = None,
    ) -> None:
        self._reserved = ReservedPort()
        self.port = self._reserved.number
        self.connections = 0
        """How many connections it has accepted."""
        self._upstream_port = upstream_port
        self._address = address
        self._tls = tls.server_context() if tls else None
        self._fault: Fault = fault or PassThrough()
        self._changed = asyncio.Condition()
        self._server: asyncio.Server | None = None
        self._open: set[_Connection] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"fault-proxy-{self.port}", daemon=True)

    @property
    def fault(self) -> Fault:
        return self._fault

    def set(self, fault: Fault) -> None:
        """Behave like this from now on; returns when it does."""
        self._do(self._set(fault))

    def break_connections(self) -> None:
        """Break every open connection now, as a pulled cable's far end would."""
        self._do(self._break())

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._set(self._fault))
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._reserved.release()

    def _do(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_ANSWER_S)

    # On the loop's thread from here on.

    async def _set(self, fault: Fault) -> None:
        self._fault = fault
        if isinstance(fault, Refuse):
            await self._close()
        elif self._server is None:
            # Bound beside the reserving socket: while nobody listens, the kernel refuses by itself.
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((LOOPBACK, self.port))
            self._server = await asyncio.start_server(self._accept, sock=listener, ssl=self._tls)
        async with self._changed:
            self._changed.notify_all()

    async def _close(self) -> None:
        server, self._server = self._server, None
        if server:
            server.close()
        await self._break()

    async def _end(self) -> None:
        await self._close()
        # Who called a moment ago is in the midst of being accepted: not among the connections yet.
        accepting = asyncio.all_tasks() - {asyncio.current_task()}
        for task in accepting:
            task.cancel()
        await asyncio.gather(*accepting, return_exceptions=True)

    async def _break(self) -> None:
        # Not `server.wait_closed()`: from Python 3.12 on it waits for the handlers that are ended here.
        handlers = [connection.handler for connection in self._open]
        for connection in tuple(self._open):
            connection.abort()
        await asyncio.gather(*handlers, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        handler = asyncio.current_task()
        assert handler is not None
        connection = _Connection(reader, writer, handler)
        self._open.add(connection)
        try:
            await self._serve(connection)
        except* (OSError, asyncio.CancelledError):
            # Either side went away or was broken off, which is what this proxy is for. (Python 3.11 logs a
            # cancelled connection handler as a fault.)
            pass
        finally:
            connection.close()
            self._open.discard(connection)

    async def _serve(self, connection: _Connection) -> None:
        if isinstance(self._fault, Stall) or self._upstream_port is None:
            # Read nothing, say nothing, until told otherwise.
            await self._until_not(Stall)
        if self._upstream_port is None:
            return
        server_reader, server_writer = await asyncio.open_connection(self._address, self._upstream_port)
        connection.upstream = server_writer
        async with asyncio.TaskGroup() as tasks:
            requests = tasks.create_task(self._requests(connection, server_writer))
            await self._responses(connection, server_reader)
            requests.cancel()

    async def _requests(self, connection: _Connection, server: asyncio.StreamWriter) -> None:
        while chunk := await connection.reader.read(_CHUNK):
            await self._until_not(Stall)
            connection.saw_request(chunk, asyncio.get_running_loop().time())
            server.write(chunk)
            await server.drain()
        # The client has said all it has to say; TLS cannot be half closed.
        with contextlib.suppress(OSError):
            if server.can_write_eof():
                server.write_eof()

    async def _responses(self, connection: _Connection, server: asyncio.StreamReader) -> None:
        sent = 0
        while chunk := await server.read(_CHUNK):
            if connection.handshake_over:
                await self._until_not(Stall, WithholdResponses)
                match self._fault:
                    case Delay(response_ms):
                        due = connection.last_request_at + response_ms / 1000
                        await asyncio.sleep(due - asyncio.get_running_loop().time())
                    case Cut(response_bytes):
                        allowed = max(0, response_bytes - sent)
                        if len(chunk) >= allowed:
                            connection.writer.write(chunk[:allowed])
                            await connection.writer.drain()
                            connection.abort()
                            return
                sent += len(chunk)
            connection.writer.write(chunk)
            await connection.writer.drain()

    async def _until_not(self, *faults: type[Fault]) -> None:
        if isinstance(self._fault, faults):
            async with self._changed:
                await self._changed.wait_for(lambda: not isinstance(self._fault, faults))


class _Connection:
    """One client's connection and what is known of its TLS."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handler: asyncio.Task[None]) -> None:
        self.reader, self.writer, self.handler = reader, writer, handler
        self.upstream: asyncio.StreamWriter | None = None
        self.last_request_at = 0.0
        self.handshake_over = False
        self._tls: bool | None = None
        self._unread = b""

    def saw_request(self, chunk: bytes, now: float) -> None:
        """Note what the client sent, and whether its TLS handshake is over."""
        self.last_request_at = now
        if self.handshake_over:
            return
        if self._tls is None:
            self._tls = chunk[0] == _TLS_HANDSHAKE
        self.handshake_over = not self._tls
        self._unread += chunk
        while len(self._unread) >= _TLS_HEADER and not self.handshake_over:
            # A record's header: type, version, length (RFC 8446 §5.1).
            kind, _, length = struct.unpack("!BHH", self._unread[:_TLS_HEADER])
            self.handshake_over = kind == _TLS_APPLICATION_DATA
            if len(self._unread) < _TLS_HEADER + length:
                return
            self._unread = self._unread[_TLS_HEADER + length :]

    def abort(self) -> None:
        """End both sides with a reset, whatever is still under way."""
        client = self.writer.get_extra_info("socket")
        if client is not None:
            with contextlib.suppress(OSError):
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
        self.handler.cancel()

    def close(self) -> None:
        self.writer.close()
        if self.upstream is not None:
            self.upstream.transport.abort()


@contextlib.contextmanager
def silent_server() -> Iterator[FaultProxy]:
    """A TCP server that accepts and never answers."""
    with FaultProxy(None, fault=Stall()) as server:
        yield server
