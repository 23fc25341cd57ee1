"""Hands a fresh proof from the process that proved an officer to the one that holds their locked session.

The two are processes of one officer, and the station between them is not: the secret goes past it, over a socket of
the abstract namespace (unix(7)), which has no file and no permissions. So each end asks the kernel for the other's
process id (SO_PEERCRED) and compares it with what the station has told it; the random name only keeps others from
standing in the way. What crosses is one line, once, within some seconds. For a proof at the provider nothing but the
name crosses: a session there belongs to the browser that it was made in, and the locked session has its own.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
import socket
import struct
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from launcher.secret import Secret

PREFIX: Final = "station-launcher-"
MAX_BYTES: Final = 4096
WITHIN_S: Final = 10.0
AGAIN_S: Final = 0.02
WAITING_PEERS: Final = 8

_CREDENTIALS: Final = struct.Struct("3i")  # pid, uid, gid (struct ucred)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FreshProof:
    """What was proved: the name, and the password where the method had one."""

    user_name: str
    password: Secret | None


class _Line(BaseModel):
    """What crosses, as it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, strict=True)

    v: Literal[1]
    user_name: str = Field(max_length=256)
    password: str | None = Field(max_length=1024)


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
                    with peer:
                        if peer_pid(peer) == pid:
                            return _read(await _first_line(peer))
                    log.warning("a process that was not named wanted to hand a proof over")
        except (TimeoutError, OSError) as fault:
            log.warning("no fresh proof came", extra={"fault": type(fault).__name__})
            return None
        finally:
            self.close()

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()


async def hand_over(address: str, pid: int, proof: FreshProof, within_s: float = WITHIN_S) -> bool:
    """Hand the proof to process ``pid``, which listens at the address; True once it is on its way."""
    if not re.fullmatch(re.escape(PREFIX) + "[0-9a-f]{32}", address):
        log.warning("the address for a fresh proof is not one of ours")
        return False
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(within_s):
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
                peer.setblocking(False)
                await _connected(peer, "\0" + address)
                if peer_pid(peer) != pid:
                    log.warning("another process than the named one listens for a fresh proof")
                    return False
                await loop.sock_sendall(peer, _written(proof))
                return True
    except (TimeoutError, OSError) as fault:
        log.warning("the fresh proof was not taken", extra={"fault": type(fault).__name__})
        return False


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
    return FreshProof(line.user_name, Secret(line.password) if line.password is not None else None)


def _written(proof: FreshProof) -> bytes:
    password = proof.password.reveal() if proof.password is not None else None
    return json.dumps({"v": 1, "user_name": proof.user_name, "password": password}).encode() + b"\n"
