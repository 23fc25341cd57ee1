"""Whether the directory and the provider answer, as sign-in will ask them; nobody is looked up."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from launcher.bootstrap.doctor.finding import Finding, asked
from launcher.identity.federated import FederatedMethod
from launcher.policy.settings import FederatedSettings, Settings

CONNECT_S = 5.0


def reach_findings(settings: Settings) -> Iterator[Finding]:
    """Yield what is found of each server that the station file names."""
    if settings.directory is not None:
        for server in settings.directory.servers:
            yield _directory(server, settings.directory.ca_file)
    if settings.federated is not None:
        yield _provider(settings.federated)


def _provider(settings: FederatedSettings) -> Finding:
    method = FederatedMethod(settings)
    try:
        return asked("provider", lambda: asyncio.run(method.prepare()), "answers, certificate and keys are good")
    finally:
        method.close()


def _directory(server: str, ca_file: Path | None) -> Finding:
    """Connect as sign-in will, up to the verified certificate; nobody is looked up."""
    parts = urlsplit(server)
    looked_at = f"directory {parts.netloc}"
    if parts.scheme == "ldap":
        return _port(looked_at, parts.hostname or "", parts.port or 389)
    return asyncio.run(_handshake(looked_at, parts.hostname or "", parts.port or 636, ca_file))


def _port(looked_at: str, host: str, port: int) -> Finding:
    async def connect() -> None:
        async with asyncio.timeout(CONNECT_S):
            _, writer = await asyncio.open_connection(host, port)
            writer.close()

    try:
        asyncio.run(connect())
    except (OSError, TimeoutError):
        return Finding(looked_at, "does not take a connection", "Look at the network and the server's name and port.")
    return Finding(looked_at, "takes connections; StartTLS is checked at the first log-on")


async def _handshake(looked_at: str, host: str, port: int, ca_file: Path | None) -> Finding:
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        async with asyncio.timeout(CONNECT_S):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
            writer.close()
    except ssl.SSLCertVerificationError as fault:
        return Finding(
            looked_at, f"certificate refused: {fault.verify_message}", "Correct ca_file or the server's name."
        )
    except (OSError, TimeoutError):
        return Finding(looked_at, "does not take a connection", "Look at the network and the server's name and port.")
    return Finding(looked_at, "certificate is good")
