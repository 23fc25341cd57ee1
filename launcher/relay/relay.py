"""The relay: takes connections of this session, decides each by host, and passes the bytes on.

It has a thread and a loop of its own: what a session downloads must not wait for what its engine does, and whoever
asks from a worker thread finds it answering. It takes CONNECT only; what is not TLS goes nowhere (DESIGN §6).
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
import threading
from collections import OrderedDict
from contextlib import suppress
from typing import Final

from launcher.addresses import is_this_computer
from launcher.errors import InternalFaultError, LauncherError
from launcher.relay.deciding import Deciding
from launcher.relay.proof import NoProof, UpstreamProof
from launcher.relay.road import OPEN, Road, split_place
from launcher.relay.upstream import LARGEST_HEAD, FarEndError, Stream, Upstream
from launcher.relay.ways import Direct, Rules
from launcher.secret import Secret

HEAD_S: Final = 30.0
_CHUNK_BYTES: Final = 64 * 1024
_MOST_FAULTS: Final = 512
_STARTED_S: Final = 10.0
_TURNS: Final = 5
_LINGER_S: Final = 30.0
"""So long one direction of a tunnel may go on after the other has ended."""

_CONNECT: Final = re.compile(rb"CONNECT ([\x21-\x7e]{1,300}) HTTP/1\.[01]\r\n")
_PROOF: Final = re.compile(rb"^Proxy-Authorization:[ \t]*([\x20-\x7e]*?)[ \t]*\r$", re.IGNORECASE | re.MULTILINE)

_WHO: Final = (
    b'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="station"\r\n'
    b"Content-Length: 0\r\nConnection: close\r\nProxy-Connection: close\r\n\r\n"
)
_ONLY_TLS: Final = b"HTTP/1.1 403 Only TLS goes out\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_FAILED: Final = b"HTTP/1.1 502 Not reached\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

_log = logging.getLogger(__name__)


class Relay:
    """Serves a :class:`Road` by :class:`Rules`, from :meth:`start` to :meth:`close`."""

    def __init__(self, road: Road, rules: Rules, proof: UpstreamProof | None = None) -> None:
        self._road = road
        self._rules = rules
        self._proof = proof or NoProof()
        self._faults: OrderedDict[tuple[str, int], LauncherError] = OrderedDict()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._serving = threading.Event()
        self._failed: Exception | None = None
        self._stop = asyncio.Event()
        self._open: set[asyncio.Task[None]] = set()
        road.fault = self.fault
        road.secrets = self.secrets

    def start(self) -> None:
        """Take connections, those too that were made before."""
        self._thread.start()
        if not self._serving.wait(_STARTED_S) or self._failed is not None:
            raise InternalFaultError("The relay has not begun.", detail=repr(self._failed)) from self._failed

    def close(self) -> None:
        """End all connections and take no more."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_STARTED_S)

    def fault(self, host: str, port: int) -> LauncherError | None:
        """Say why the last connection there failed by the road; called from any thread."""
        return self._faults.get((host.lower().rstrip("."), port))

    def secrets(self) -> tuple[Secret, ...]:
        """Return what this road was opened with."""
        return (self._road.password, self._road.authorization, *self._proof.secrets())

    # --- on the relay's own thread

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._serve())
        except Exception as fault:
            _log.exception("the relay has ended")
            self._failed = fault
            self._serving.set()

    async def _serve(self) -> None:
        self._deciding = Deciding(self._rules)
        self._upstream = Upstream(self._proof, self._rules.ca_file)
        self._road.listening.setblocking(False)
        server = await asyncio.start_server(self._accept, sock=self._road.listening, limit=LARGEST_HEAD)
        self._serving.set()
        await self._stop.wait()
        server.close()
        for _ in range(_TURNS):  # what was taken meanwhile becomes a connection to be ended, not one that is lost
            await asyncio.sleep(0)
        ending = tuple(self._open)
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        await asyncio.sleep(0)  # the transports let go of their sockets in the loop's last turn

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._attend(Stream(reader, writer)))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _attend(self, near: Stream) -> None:
        try:
            await self._answer(near)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # who asked has gone, or asks for nothing that is answered
        except Exception:
            _log.exception("a connection could not be attended")
        finally:
            near.writer.close()
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(1):
                    await near.writer.wait_closed()

    async def _answer(self, near: Stream) -> None:
        async with asyncio.timeout(HEAD_S):
            untrusted_head = await near.reader.readuntil(b"\r\n\r\n")
        told = _PROOF.search(untrusted_head)
        if told is None or not hmac.compare_digest(told[1], self._road.authorization.reveal().encode()):
            await _say(near, _WHO)
            return
        asked = _CONNECT.match(untrusted_head)
        if asked is None:
            await _say(near, _ONLY_TLS)
            return
        host, port = split_place(asked[1].decode())
        key = (host.rstrip("."), port)
        try:
            far = await self._reached(host, port)
        except (LauncherError, FarEndError) as fault:
            self._note(key, fault)
            await _say(near, _FAILED)
            return
        self._faults.pop(key, None)
        try:
            near.writer.write(OPEN)
            await _pass_on(near, far)
        finally:
            far.writer.transport.abort()

    async def _reached(self, host: str, port: int) -> Stream:
        if is_this_computer(host):
            return await self._upstream.open((Direct(),), host, port)
        return await self._upstream.open(await self._deciding.ways(host, port), host, port)

    def _note(self, key: tuple[str, int], fault: Exception) -> None:
        self._faults.pop(key, None)
        if isinstance(fault, LauncherError):
            _log.warning("%s: %s %s", fault.reference, fault.message, fault.detail)
            self._faults[key] = fault
            if len(self._faults) > _MOST_FAULTS:
                self._faults.popitem(last=False)


async def _say(near: Stream, words: bytes) -> None:
    near.writer.write(words)
    await near.writer.drain()


async def _pass_on(near: Stream, far: Stream) -> None:
    """Copy both ways until both have ended; one side's fault ends the other, its end a while later."""
    tasks = [asyncio.ensure_future(_copy(near, far)), asyncio.ensure_future(_copy(far, near))]
    try:
        ended, still = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if still and all(task.exception() is None for task in ended):
            ended, _ = await asyncio.wait(tasks, timeout=_LINGER_S)
        if any(task.exception() is not None for task in ended):
            near.writer.transport.abort()  # broken off there, so here too: who reads must not take it for an end
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _copy(source: Stream, to: Stream) -> None:
    while piece := await source.reader.read(_CHUNK_BYTES):
        to.writer.write(piece)
        await to.writer.drain()
    if to.writer.can_write_eof():
        to.writer.write_eof()
    else:
        to.writer.close()
