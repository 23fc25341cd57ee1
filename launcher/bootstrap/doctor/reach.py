"""Whether the directory and the provider answer, as sign-in will ask them; nobody is looked up."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from launcher.addresses import host_of
from launcher.bootstrap.doctor.finding import Finding, asked
from launcher.connectors.plan import WebTarget
from launcher.identity import http
from launcher.identity.federated import FederatedMethod
from launcher.policy.federation_settings import FederatedSettings
from launcher.policy.provider_settings import FurtherProviderSettings
from launcher.policy.settings import Settings
from launcher.session.negotiated import asks_for_ticket

CONNECT_S = 5.0
_FAULT = 500

_NETWORK = "Look at the network, and at directory.servers in the station file: the name and the port."
_TEMPLATE = "Write the force's own into the station file, under [directory]: servers, base, find and what follows."
_PROVIDER = (
    "Look at the network and a proxy on the way, and in the station file at federated.authority and federated.ca_file; "
    "then run doctor again."
)


def reach_findings(settings: Settings) -> Iterator[Finding]:
    """Yield what is found of each server that the station file names."""
    if settings.directory is not None:
        for server in settings.directory.servers:
            yield _directory(server, settings.directory.ca_file)
    if settings.federated is not None:
        yield _provider("provider", settings.federated)
    for force in settings.force:
        yield _provider(f"provider of {force.label}", force)
    for further in settings.provider:
        look = _by_ticket if further.sign_on == "kerberos" else _further
        yield look(further, settings.web.private_ca_file)


def _provider(looked_at: str, settings: FederatedSettings) -> Finding:
    method = FederatedMethod(settings)
    try:
        found = asked(looked_at, lambda: asyncio.run(method.prepare()), "answers, certificate and keys are good")
    finally:
        method.close()
    # What an officer is told to do is to call the helpdesk; who runs this is whom the helpdesk calls.
    return found if found.well else replace(found, next_step=_PROVIDER)


def _further(provider: FurtherProviderSettings, ca_file: Path | None) -> Finding:
    """Ask for a further provider's page as its browser will; nobody is signed on."""
    looked_at = f"provider {provider.label}"

    def ask() -> None:
        client = http.Client(http.trusting([ca_file]), plain_on_loopback=True)
        try:
            status = client.ask("GET", provider.url).status
        finally:
            client.close()
        if status >= _FAULT:
            raise http.NoAnswer(host_of(provider.url), f"HTTP status {status}")

    try:
        return asked(looked_at, ask, "its page answers")
    except http.CertificateFault as fault:
        return Finding(looked_at, f"certificate refused: {fault.why}", "Correct web.private_ca_file, or the address.")
    except (http.HttpFault, OSError) as fault:
        return Finding(looked_at, f"no page: {fault}", f"Look at the network, and at the url of {provider.name!r}.")


def _by_ticket(provider: FurtherProviderSettings, ca_file: Path | None) -> Finding:
    """Ask for the page of a further provider that wants a ticket; none is shown."""
    looked_at, asks = f"provider {provider.label}", []
    target = WebTarget(provider.url, provider.origins, ca_file=ca_file)

    def ask() -> None:
        asks.append(asyncio.run(asks_for_ticket(target, (), provider.within_s)))

    found = asked(looked_at, ask, "asks for a ticket")
    if asks == [False]:
        return Finding(looked_at, "answers, and asks for no ticket", f"Look at the url of {provider.name!r}.")
    return found


def _directory(server: str, ca_file: Path | None) -> Finding:
    """Connect as sign-in will, up to the verified certificate; nobody is looked up."""
    parts = urlsplit(server)
    looked_at = f"directory {parts.netloc}"
    if (parts.hostname or "").endswith(".invalid"):
        return Finding(looked_at, "stands in the station file as it was made by station install", _TEMPLATE)
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
        return Finding(looked_at, "does not take a connection", _NETWORK)
    return Finding(looked_at, "takes connections; StartTLS is checked at the first log-on")


async def _handshake(looked_at: str, host: str, port: int, ca_file: Path | None) -> Finding:
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        async with asyncio.timeout(CONNECT_S):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
            writer.close()
    except ssl.SSLCertVerificationError as fault:
        return Finding(
            looked_at,
            f"certificate refused: {fault.verify_message}",
            "Correct directory.ca_file, or the server's name in directory.servers.",
        )
    except (OSError, TimeoutError):
        return Finding(looked_at, "does not take a connection", _NETWORK)
    return Finding(looked_at, "answers, and its certificate is good")
