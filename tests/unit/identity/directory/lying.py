"""Servers that are not what they should be: between the directory and us, or with answers of their own."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.servers.certificates import Certificates, ServerCertificate
from tests.servers.people import ALICE
from tests.servers.process import LOOPBACK
from tests.servers.slapd import Slapd, user_dn
from tests.unit.identity.directory.estate import through

QUICK: dict[str, object] = {"answer_s": 3.0}
"""A wait short enough for a test of a server that never answers, long enough for a busy machine."""

ALICE_DN = user_dn(ALICE.uid)

BIND, EXTENDED = 0x61, 0x78  # the tags of the responses


def number_of(request: bytes) -> int:
    return int.from_bytes(request[4 : 4 + request[3]], "big")


def response(number: int, tag: int, *, code: int) -> bytes:
    message_id = number.to_bytes(number.bit_length() // 8 + 1, "big")
    body = bytes([0x02, len(message_id)]) + message_id + bytes([tag, 7, 0x0A, 1, code, 4, 0, 4, 0])
    return bytes([0x30, len(body)]) + body


def carry(source: socket.socket, target: socket.socket, seen: list[bytes] | None) -> None:
    with contextlib.suppress(OSError):  # either side is gone
        while data := source.recv(65536):
            if seen is not None:
                seen.append(data)
            target.sendall(data)


@contextmanager
def some_answers(count: int, directory: Slapd, certificates: Certificates) -> Iterator[str]:
    """A server in front of the directory that passes every request on, but only the first ``count`` answers."""

    def answer(line: socket.socket) -> None:
        with to_directory(directory, certificates) as server:
            for _ in range(count):
                server.sendall(line.recv(4096))
                line.sendall(server.recv(4096))
            while data := line.recv(4096):
                server.sendall(data)

    with tls_server(certificates.server, answer) as url:
        yield url


@contextmanager
def to_directory(directory: Slapd, certificates: Certificates) -> Iterator[socket.socket]:
    context = ssl.create_default_context(cafile=str(certificates.ca))
    with (
        socket.create_connection((LOOPBACK, directory.ldaps_port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as line,
    ):
        yield line


@contextmanager
def tls_server(certificate: ServerCertificate, talk: Callable[[socket.socket], None]) -> Iterator[str]:
    context = certificate.server_context()

    def encrypted(plain: socket.socket) -> None:
        with context.wrap_socket(plain, server_side=True) as line:
            talk(line)

    with plain_server(encrypted) as port:
        yield through(port)


@contextmanager
def plain_server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server for one connection, in a thread of its own; what goes wrong on the line is the client's to say."""
    with socket.create_server((LOOPBACK, 0)) as listener:

        def serve() -> None:
            try:
                line, _ = listener.accept()
            except OSError:
                return  # nobody came
            with line, contextlib.suppress(OSError):  # the client left, which some tests are about
                talk(line)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            # A thread in accept() is not woken by close(); in a conversation it sees the client go.
            with contextlib.suppress(OSError):  # a listening socket is not "connected" everywhere
                listener.shutdown(socket.SHUT_RDWR)
            thread.join()
