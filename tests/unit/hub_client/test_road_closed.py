"""A road that is closed leaves no connection behind, whatever its hub is busy with."""

from __future__ import annotations

import asyncio
import base64
import gc
import hashlib
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from launcher.hub_client.road import HubRoad
from tests.servers.certificates import Certificates, ServerCertificate

_KEY = re.compile(rb"sec-websocket-key: (\S+)", re.IGNORECASE)
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
_CLOSED = b"\x88\x02\x03\xe8"


@contextmanager
def busy_hub(certificate: ServerCertificate) -> Iterator[str]:
    """Take one WebSocket over TLS, answer its close frame, and then nothing any more: not the end of TLS either."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.certificate, certificate.key)
    over = threading.Event()

    def serve() -> None:
        taken, _ = listening.accept()
        with context.wrap_socket(taken, server_side=True) as line:
            head = b""
            while b"\r\n\r\n" not in head:
                head += line.recv(4096)
            key = _KEY.search(head)
            assert key is not None
            accepted = base64.b64encode(hashlib.sha1(key[1] + _GUID, usedforsecurity=False).digest())
            line.sendall(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Accept: " + accepted + b"\r\n\r\n"
            )
            assert line.recv(4096)
            line.sendall(_CLOSED)
            over.wait()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = threading.Thread(target=serve)
        serving.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        over.set()
        serving.join()


def test_a_socket_whose_hub_does_not_answer_the_end_of_tls_is_cut_off(certificates: Certificates) -> None:
    async def play(origin: str) -> None:
        road = HubRoad([origin], certificates.ca)
        async with road.socket("/stations/socket"):
            pass
        await road.close()

    with busy_hub(certificates.server) as origin:
        asyncio.run(play(origin))
        gc.collect()  # one that was left open says so
