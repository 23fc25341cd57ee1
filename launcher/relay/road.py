"""The road itself, as all know it who open connections: a port of the loopback, and what the relay wants to be told.

It is there before the first screen is painted, so this module imports nothing heavy. A process has one road, set
before anything goes out: what would go direct by forgetting it does not exist (decision 17).
"""

from __future__ import annotations

import os
import socket
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from launcher.errors import LauncherError
from launcher.late import LateModule
from launcher.secret import Secret

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LateModule("asyncio")  # the road is there before the first screen, and is gone by later

LOOPBACK: Final = "127.0.0.1"
OPEN: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"
"""The relay's whole word for a tunnel that stands. What follows it is the far end's."""

WITHIN_S: Final = 15.0
_USER: Final = "station"

Fault = Callable[[str, int], LauncherError | None]


class Road:
    """A listening socket and the name and password that its relay takes; the relay itself comes later."""

    def __init__(self) -> None:
        self.listening = socket.socket()
        self.listening.bind((LOOPBACK, 0))
        self.listening.listen(128)
        self.port: int = self.listening.getsockname()[1]
        self.user_name = _USER
        self.ca_file: Path | None = None
        """Whom to trust in addition, for the proxy looks into TLS."""
        self.password = Secret(urlsafe_b64encode(os.urandom(24)).decode())
        self.fault: Fault = lambda _host, _port: None
        """Says why the last connection to a host and port failed; None where it did not, or never was."""
        self.signed_in: Callable[[str, Secret | None], None] = lambda _name, _password: None
        """To be told whose session it is, with the password of the sign-in, where the proxy is to be given it."""
        self.ticketed: Callable[[Callable[[str], Secret]], None] = lambda _token: None
        """To be told what makes a token of the officer's ticket for a proxy's host, where the proxy is shown one."""
        self.secrets: Callable[[], tuple[Secret, ...]] = lambda: (self.password,)
        """All that is to be searched for at the end."""

    def close(self) -> None:
        """Take no connection any more; for a road that nobody serves."""
        self.listening.close()

    @property
    def server(self) -> str:
        """The address for those who speak to proxies themselves."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def authorization(self) -> Secret:
        """What a request to the relay says of itself."""
        return basic(self.user_name, self.password)

    def fault_at(self, untrusted_place: str) -> LauncherError | None:
        """Say why ``host`` or ``host:port`` (443 where it names none) could not be reached."""
        host, port = split_place(untrusted_place)
        return self.fault(host, port)

    async def connect(self, host: str, port: int, within_s: float = WITHIN_S) -> socket.socket:
        """Return a connection to the host, non-blocking. Raises :class:`LauncherError` and ``OSError``."""
        request = self._ask(host, port)
        loop = asyncio.get_running_loop()
        wire = socket.socket()
        try:
            wire.setblocking(False)
            async with asyncio.timeout(within_s):
                await loop.sock_connect(wire, (LOOPBACK, self.port))
                await loop.sock_sendall(wire, request)
                answer = b""
                while OPEN.startswith(answer) and answer != OPEN:
                    if not (piece := await loop.sock_recv(wire, len(OPEN) - len(answer))):
                        break
                    answer += piece
            self._judge(answer, host, port)
        except BaseException:
            wire.close()
            raise
        return wire

    def connect_blocking(self, host: str, port: int, within_s: float = WITHIN_S) -> socket.socket:
        """Return a connection to the host, from a worker thread; it waits ``within_s`` at each step."""
        request = self._ask(host, port)
        wire = socket.create_connection((LOOPBACK, self.port), within_s)
        try:
            wire.sendall(request)
            answer = b""
            while OPEN.startswith(answer) and answer != OPEN:
                if not (piece := wire.recv(len(OPEN) - len(answer))):
                    break
                answer += piece
            self._judge(answer, host, port)
        except BaseException:
            wire.close()
            raise
        return wire

    def _ask(self, host: str, port: int) -> bytes:
        place = place_of(host, port)
        return (
            f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\nProxy-Authorization: {self.authorization.reveal()}\r\n\r\n"
        ).encode("ascii")

    def _judge(self, answer: bytes, host: str, port: int) -> None:
        if answer == OPEN:
            return
        if (fault := self.fault(host, port)) is not None:
            raise fault.with_traceback(None)  # one for all who ask, and what they hold is no part of it
        raise ConnectionError(f"{host} was not reached by the proxy")


def basic(name: str, password: Secret) -> Secret:
    """Return the value of an authorization header (RFC 7617)."""
    return Secret("Basic " + b64encode(f"{name}:{password.reveal()}".encode()).decode())


def place_of(host: str, port: int) -> str:
    """Return ``host:port`` as a request names it. Raises ``UnicodeError`` for a name that is none."""
    name = host if host.isascii() else host.encode("idna").decode()
    if any(mark in name for mark in "\r\n /@"):
        raise UnicodeError("not a host's name")
    return f"[{name.strip('[]')}]:{port}" if ":" in name else f"{name}:{port}"


def split_place(untrusted_place: str) -> tuple[str, int]:
    """Part ``host:port`` into both; a port that is none is 443."""
    host, _, port = untrusted_place.rpartition(":")
    if not host or not port.isdecimal() or untrusted_place.endswith("]"):
        host, port = untrusted_place, "443"
    return host.strip("[]").lower(), int(port)


_taken: list[Road] = []


def take_road(road: Road) -> None:
    """Let all of this process go out by the road from now on."""
    leave_road()
    _taken.append(road)


def leave_road() -> None:
    """Go out as if no proxy were named; the end of a relay that was made for one look, and of a test."""
    _taken.clear()


def way_out() -> Road | None:
    """Return this process's road; None where policy names no proxy."""
    return _taken[-1] if _taken else None
