"""Hands a fresh proof from the process that proved an officer to the one that holds their locked session.

The two are processes of one officer, and the station between them is not: the secret goes past it, over a socket of
the abstract namespace (unix(7)), which has no file and no permissions. So each end asks the kernel for the other's
process id (SO_PEERCRED) and compares it with what the station has told it; the random name only keeps others from
standing in the way. What crosses is one line, once, within some seconds. For a proof at the provider that is the name
and the provider's cookies: its session belongs to the browser that it was made in. The locked session has one of its
own; where that has ended it goes on in this one, says so in one line back, and is who logs it off from then on.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
import socket
import struct
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, fields, replace
from functools import partial
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from launcher.secret import Secret
from launcher.session.browser_cookie import BrowserCookie

PREFIX: Final = "station-launcher-"
MAX_BYTES: Final = 65_536
MAX_COOKIES: Final = 64
TAKEN: Final = b'{"taken": true}\n'
NOT_TAKEN: Final = b'{"taken": false}\n'
WITHIN_S: Final = 10.0
AGAIN_S: Final = 0.02
WAITING_PEERS: Final = 8

_CREDENTIALS: Final = struct.Struct("3i")  # pid, uid, gid (struct ucred)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FreshProof:
    """What was proved: the name, the password where the method had one, else the provider's cookies."""

    user_name: str
    password: Secret | None
    cookies: tuple[BrowserCookie, ...] = ()
    answer: Callable[[bool], bool] = field(default=lambda _: False, compare=False, repr=False)
    """To be called once where there are cookies: whether their session is taken.

    False where it may not be used: it was not taken, or who handed it over waits no more and ends it.
    """


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, strict=True)


class _Cookie(_Part):
    name: str = Field(max_length=4096)
    value: str = Field(max_length=4096)
    domain: str = Field(min_length=1, max_length=256)
    path: str = Field(max_length=1024)
    secure: bool
    http_only: bool
    expires_at: int | None


class _Line(_Part):
    """What crosses, as it is written."""

    v: Literal[1]
    user_name: str = Field(max_length=256)
    password: str | None = Field(max_length=1024)
    cookies: tuple[_Cookie, ...] = Field(default=(), max_length=MAX_COOKIES)


class ProofListener:
    """Where a locked session takes the fresh proof; it listens from when it is made. Raises ``OSError``."""

    def __init__(self) -> None:
        self.address = PREFIX + secrets.token_hex(16)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.setblocking(False)
            self._socket.bind("\0" + self.address)
            self._socket.listen(WAITING_PEERS)
        except OSError:
            self._socket.close()
            raise

    async def take(self, pid: int, within_s: float = WITHIN_S) -> FreshProof | None:
        """Return what process ``pid`` hands over, once; None where nothing of it came in time. Closes."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(within_s):
                while True:
                    peer, _ = await loop.sock_accept(self._socket)
                    if peer_pid(peer) == pid:
                        return await _taken_from(peer)
                    peer.close()
                    log.warning("a process that was not named wanted to hand a proof over")
        except (TimeoutError, OSError) as fault:
            log.warning("no fresh proof came: %s", type(fault).__name__)
            return None
        finally:
            self.close()

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()


class Handed:
    """A fresh proof on its way; where cookies went with it, it is still to come whether their session is taken."""

    def __init__(self, peer: socket.socket | None) -> None:
        self._peer = peer

    async def taken(self, within_s: float) -> bool:
        """Say whether the session that the cookies are of is the other process's now; nobody can take it after that."""
        peer, self._peer = self._peer, None
        if peer is None:
            return False
        loop = asyncio.get_running_loop()
        said = b""
        with peer, suppress(OSError):
            try:
                async with asyncio.timeout(within_s):
                    said = await loop.sock_recv(peer, len(NOT_TAKEN))
            except TimeoutError:
                peer.shutdown(socket.SHUT_RD)  # whoever answers from now on is told that it came too late
                said = peer.recv(len(NOT_TAKEN))
        return said == TAKEN

    def close(self) -> None:
        """Let nobody take anything any more."""
        if self._peer is not None:
            self._peer.close()


async def hand_over(address: str, pid: int, proof: FreshProof, within_s: float = WITHIN_S) -> Handed | None:
    """Hand the proof to process ``pid``, which listens at the address; None where it did not get on its way."""
    if not re.fullmatch(re.escape(PREFIX) + "[0-9a-f]{32}", address):
        log.warning("the address for a fresh proof is not one of ours")
        return None
    loop = asyncio.get_running_loop()
    try:
        with ExitStack() as left:
            peer = left.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            peer.setblocking(False)
            async with asyncio.timeout(within_s):
                await _connected(peer, "\0" + address)
                if peer_pid(peer) != pid:
                    log.warning("another process than the named one listens for a fresh proof")
                    return None
                line, answered = _written(proof)
                await loop.sock_sendall(peer, line)
            if not answered:
                return Handed(None)
            peer.shutdown(socket.SHUT_WR)
            left.pop_all()
            return Handed(peer)
    except (TimeoutError, OSError) as fault:
        log.warning("the fresh proof was not taken: %s", type(fault).__name__)
        return None


def peer_pid(peer: socket.socket) -> int:
    """Return the process that connected, or that listens, as the kernel noted it then."""
    raw = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    pid: int = _CREDENTIALS.unpack(raw)[0]
    return pid


async def _connected(peer: socket.socket, address: str) -> None:
    # Not loop.sock_connect: where too many wait already, a Unix socket says "again" and is not on its way (connect(2)).
    while True:
        try:
            peer.connect(address)
        except BlockingIOError:
            await asyncio.sleep(AGAIN_S)
        else:
            return


async def _taken_from(peer: socket.socket) -> FreshProof | None:
    """Return what the peer hands over; it stays connected where it waits for an answer."""
    fresh = None
    try:
        fresh = _read(await _first_line(peer))
    finally:
        if fresh is None or not fresh.cookies:
            peer.close()
    return replace(fresh, answer=partial(_answer, peer)) if fresh is not None and fresh.cookies else fresh


def _answer(peer: socket.socket, taken: bool) -> bool:
    with peer:
        try:
            peer.send(TAKEN if taken else NOT_TAKEN)
        except OSError:
            return False
    return taken


async def _first_line(peer: socket.socket) -> bytes:
    """Return one line, or nothing where the peer has none, too much, or more than one."""
    loop = asyncio.get_running_loop()
    untrusted = bytearray()
    while len(untrusted) <= MAX_BYTES:
        got = await loop.sock_recv(peer, MAX_BYTES)
        if not got:
            break
        untrusted += got
    line, end, rest = bytes(untrusted).partition(b"\n")
    return line if end and not rest and len(line) < MAX_BYTES else b""


def _read(untrusted_line: bytes) -> FreshProof | None:
    try:
        line = _Line.model_validate_json(untrusted_line)
    except ValidationError:
        log.warning("a fresh proof could not be read")  # and never what it was
        return None
    password = Secret(line.password) if line.password is not None else None
    return FreshProof(line.user_name, password, tuple(map(_cookie, line.cookies)))


def _cookie(one: _Cookie) -> BrowserCookie:
    value = Secret(one.value)
    return BrowserCookie(one.name, value, one.domain, one.path, one.secure, one.http_only, one.expires_at)


def _written(proof: FreshProof) -> tuple[bytes, bool]:
    """Return the line, and whether cookies are in it: too many are left out, and the provider asks on its page."""
    said: dict[str, object] = {"v": 1, "user_name": proof.user_name}
    said["password"] = proof.password.reveal() if proof.password is not None else None
    plain = json.dumps(said).encode() + b"\n"
    if not proof.cookies or len(proof.cookies) > MAX_COOKIES:
        return plain, False
    said["cookies"] = [
        {part.name: getattr(one, part.name) for part in fields(one)} | {"value": one.value.reveal()}
        for one in proof.cookies
    ]
    full = json.dumps(said).encode() + b"\n"
    return (full, True) if len(full) <= MAX_BYTES else (plain, False)
