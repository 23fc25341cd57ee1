"""The hub as a server: where it listens, over what, and how it ends.

Off the loopback it speaks TLS, or does not start. A proxy in front of it stands on the same computer, or speaks TLS to
it like everybody else.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import uvicorn

from launcher.hub import garbage
from launcher.hub.app import app_of
from launcher.hub.errors import HubSettingsError
from launcher.hub.life import life
from launcher.hub.service import Hub
from launcher.hub.settings import ServeSettings
from launcher.hub.stations.socket import WithSockets
from launcher.hub.stations.turning_away import http_of

ENDS_WITHIN_S: Final = 3
"""Requests that run when the hub is told to end have so long."""
BACKLOG: Final = 4096
ACCEPTED_AT_ONCE: Final = 16
"""Connections that are taken before all others are served once more. asyncio takes as many as the queue may hold, and
after an outage each turn of its loop lasted for longer than a station waits: nobody could be let in."""
LONGEST_MESSAGE: Final = 64 * 1024
"""On a socket, in bytes; a station says nothing long there."""


def listen(settings: ServeSettings) -> socket.socket:
    """Begin to listen. Raises :class:`HubSettingsError` where the hub must or can not."""
    must_be_safe(settings)
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listening = socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
        # asyncio sets it itself only where the protocol was named: else each answer waits 40 ms for the last one's ACK.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except OSError as fault:
        raise HubSettingsError(
            f"The hub cannot listen on {settings.host}, port {settings.port}: {fault.strerror}."
        ) from None


def must_be_safe(settings: ServeSettings) -> None:
    """Raise :class:`HubSettingsError` where what is said could be read on the way, or the certificate is of no use."""
    if (settings.certificate is None) != (settings.key is None):
        raise HubSettingsError("[serve] names one of certificate and key: it needs both.")
    local = _is_loopback(settings.host)
    if settings.certificate is None and not local:
        raise HubSettingsError(
            f"The hub speaks no plain HTTP on {settings.host}: [serve] certificate and key are missing."
        )
    if settings.behind_proxy and not local:
        raise HubSettingsError("[serve] behind_proxy is for a proxy on this computer: host is the loopback then.")
    if settings.certificate is not None and settings.key is not None:
        _must_be_usable(settings.certificate, settings.key)


def _must_be_usable(certificate: Path, key: Path) -> None:
    for name, file in (("certificate", certificate), ("key", key)):
        try:
            file.open("rb").close()
        except OSError as fault:
            raise HubSettingsError(f"[serve] {name} = {file} cannot be read.", detail=str(fault.strerror)) from None
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as fault:
        words = getattr(fault, "reason", None) or fault.strerror or type(fault).__name__
        raise HubSettingsError(
            f"[serve] certificate = {certificate} and key = {key} cannot be used together.", detail=str(words)
        ) from None


def origin(settings: ServeSettings, listening: socket.socket) -> str:
    """Return where the hub can be reached, as it calls it itself."""
    scheme = "http" if settings.certificate is None else "https"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{scheme}://{host}:{listening.getsockname()[1]}"


def serve(hub: Hub, listening: socket.socket, started: Callable[[], None], told_to_end: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT, or until ``told_to_end``, called on a thread of its own, returns."""
    with asyncio.Runner() as runner:
        runner.run(_serve(hub, listening, started, told_to_end))


class _Server(uvicorn.Server):
    """Uvicorn's, which leaves signals to us: it would end the process by the signal that it was told to end by."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve; the queue before the door is as long as it was made, whatever is taken from it at once."""
        await super().startup(sockets)
        for one in sockets or ():
            one.listen(BACKLOG)


async def _serve(
    hub: Hub, listening: socket.socket, started: Callable[[], None], told_to_end: Callable[[], None]
) -> None:
    server = _Server(config_of(hub))
    garbage.settle()
    loop = asyncio.get_running_loop()

    def end() -> None:
        server.force_exit = server.should_exit  # told twice: at once
        hub.closing.set()
        server.should_exit = True

    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, end)
    waiting = threading.Thread(target=_then, args=(told_to_end, loop, end), name="hub end", daemon=True)
    waiting.start()
    async with life(hub):
        serving = asyncio.ensure_future(server.serve(sockets=[listening]))
        loop.call_soon(started)
        await serving


def _then(told_to_end: Callable[[], None], loop: asyncio.AbstractEventLoop, end: Callable[[], None]) -> None:
    told_to_end()
    with contextlib.suppress(RuntimeError):  # the loop has ended before
        loop.call_soon_threadsafe(end)


def config_of(hub: Hub) -> uvicorn.Config:
    """Return how the server is to be: what it takes, and how long."""
    settings, app = hub.settings.serve, app_of(hub)
    return uvicorn.Config(
        WithSockets(app),
        http=http_of(app),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.behind_proxy,
        forwarded_allow_ips="127.0.0.1,::1",
        ws="websockets-sansio",
        ws_max_size=LONGEST_MESSAGE,
        ws_ping_interval=None,  # stations and hub give signs of life of their own
        ws_per_message_deflate=False,  # it would keep more of each station than all else
        backlog=ACCEPTED_AT_ONCE,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=ENDS_WITHIN_S,
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.key,
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
