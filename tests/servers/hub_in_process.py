"""The hub's own application behind uvicorn on a thread of the tests' process: one server, a new hub for each test.

A test sees its store and sets its clock; what must be killed is :mod:`tests.servers.hub`.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import requests
import uvicorn

from launcher.hub import serve
from launcher.hub.service import Hub
from launcher.hub.stations.socket import WithSockets
from launcher.wire.hub import PREFIX
from tests.servers.process import LOOPBACK

_ANSWERS_WITHIN_S = 30.0


class HubServer:
    """One server. ``hub``: whose hub it is now; see :meth:`serves`."""

    def __init__(self, hub: Hub) -> None:
        self._listening = socket.create_server((LOOPBACK, 0))
        self._listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as `launcher.hub.serve` does
        self.port: int = self._listening.getsockname()[1]
        self.origin = f"http://{LOOPBACK}:{self.port}"
        settings = serve.config_of(hub)
        assert isinstance(settings.app, WithSockets)
        self.app = settings.app.app
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server = uvicorn.Server(settings)
        self._up = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hub server")
        self._thread.start()
        self._up.wait()

    @contextlib.contextmanager
    def serves(self, hub: Hub) -> Iterator[Hub]:
        """Be this hub for the block."""
        assert self._loop is not None
        before = self.app.state.hub
        hub.wakes.begin(self._loop)
        self.app.state.hub = hub
        try:
            yield hub
        finally:
            self.app.state.hub = before

    def stop(self) -> None:
        """End it."""
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()
        self._listening.close()

    def _run(self) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            self._loop.call_soon(self._up.set)
            await self._server.serve(sockets=[self._listening])

        asyncio.run(serve())


class Asking(requests.Session):
    """Asks a hub; an address is what follows ``/v1``, or a whole path."""

    def __init__(self, origin: str, token: str = "", *, ca: Path | None = None) -> None:
        super().__init__()
        self.trust_env = False
        self.origin = origin
        if ca is not None:
            self.verify = str(ca)
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def request(self, method: str, url: str, **options: object) -> requests.Response:  # type: ignore[override]
        options.setdefault("timeout", _ANSWERS_WITHIN_S)
        whole = url if url.startswith("http") else f"{self.origin}{PREFIX}{url}"
        return super().request(method, whole, **options)  # type: ignore[arg-type]
