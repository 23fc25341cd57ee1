"""The road of the command line to the hub, and who is proved on it: by a ticket, a token, or a code at the provider."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from pydantic import ValidationError

from launcher.bootstrap.helpdesk_tables import plain
from launcher.bootstrap.where import Where
from launcher.errors import LauncherError
from launcher.secret import Secret
from launcher.wire.hub.officers import KerberosProof, OfficerProof, OpenIdProof

if TYPE_CHECKING:
    from launcher.hub_client.officer import OfficerRoad

Options = Namespace | SimpleNamespace
Proof = Callable[[], Awaitable[OfficerProof]]


class NobodyProvedError(LauncherError):
    """The command line has nothing that proves to the hub who asks."""

    reference = "helpdesk-nobody-proved"
    hint = "Get a Kerberos ticket (kinit), give an access token for the hub on --token-fd, or name the provider."


class NoHubNamedError(LauncherError):
    """Neither the command line nor the station file names a hub."""

    reference = "helpdesk-no-hub"
    hint = "Give its address with --hub, or name it in the station file under [hub]."


_NEW_TICKET: Final = "Get a new Kerberos ticket (kinit). If it happens again, tell IT the reference and the detail."
_SIGN_IN_AGAIN: Final = "Run the command again, and sign in at the provider's page. If it happens again, tell IT."

NEXT_STEPS: Final[Mapping[str, str]] = {
    "hub-not-proved": "Run the command again: who asks is then proved anew.",
    "hub-unreachable": "Look whether --hub, or [hub] of the station file, names the hub; else tell IT the reference.",
    "id-token-expired": _SIGN_IN_AGAIN,
    "kerberos-host-unknown": "Give the hub's name in the realm, of which IT has made HTTP/NAME, with --kerberos-host.",
    "kerberos-ticket-ended": _NEW_TICKET,
    "kerberos-ticket-refused": _NEW_TICKET,
    "kerberos-unreachable": "Try again in a minute. If it stays so, tell IT the reference.",
    "officer-ticket-refused": _NEW_TICKET,
    "officer-token-refused": "Get a new access token for the hub. If it happens again, tell IT the reference.",
    "provider-answer-faulty": "Look at --authority, --client-id and --scope. If they are right, tell IT the reference.",
    "provider-answer-not-ours": _SIGN_IN_AGAIN,
    "provider-sign-in-cancelled": _SIGN_IN_AGAIN,
    "provider-unreachable": "Look at --authority, and try again in a moment. If it goes on, tell IT the reference.",
}
"""What whoever calls a command does next, where the error's own hint is for an officer who is logged on at a screen."""


@dataclass(frozen=True)
class Way:
    """To which hub, and as whom."""

    addresses: tuple[str, ...]
    ca_file: Path | None
    proof: Proof


def way_of(options: Options) -> Way:
    """Read what the command line names. Raises :class:`LauncherError`.

    Before a loop runs, whose own descriptors ``--token-fd`` might name where the caller has opened none.
    """
    addresses, ca_file = _hub(options)
    return Way(addresses, ca_file, _proof(options, addresses[0]))


@asynccontextmanager
async def officer_road(way: Way) -> AsyncIterator[OfficerRoad]:
    """Open the road; at the end the officer's session at the hub is ended, too."""
    from launcher.hub_client.officer import OfficerRoad  # late: the library takes a third of a second
    from launcher.hub_client.road import HubRoad

    road = OfficerRoad(HubRoad(way.addresses, way.ca_file), way.proof)
    try:
        yield road
    finally:
        with suppress(LauncherError):  # its token ends by itself
            await road.end()
        await road.close()


def _hub(options: Options) -> tuple[tuple[str, ...], Path | None]:
    if options.hub:
        return tuple(options.hub), options.ca
    where = Where.of(options.station, None)
    named = where.settings().hub if where.station.exists() else None
    if named is None:
        raise NoHubNamedError("No hub is named.")
    return named.addresses, options.ca or named.ca_file


def _proof(options: Options, address: str) -> Proof:
    if options.token_fd is not None:
        return _by_token(_token(options.token_fd))
    if options.authority:
        return _by_token(_by_code(options))
    cache = ticket_cache(os.environ.get("KRB5CCNAME", ""), os.getuid() if hasattr(os, "getuid") else -1)
    if cache is not None and cache.is_file():
        return _by_ticket(cache, options.kerberos_host or urlsplit(address).hostname or "")
    raise NobodyProvedError("There is nothing here that proves who you are.")


def ticket_cache(named: str, uid: int) -> Path | None:
    """Return the file of the account's Kerberos tickets; None: they lie in no file, or nowhere."""
    if not named:
        return Path(f"/tmp/krb5cc_{uid}") if uid >= 0 else None  # noqa: S108 - where MIT's library keeps it
    kind, colon, rest = named.partition(":")
    if not colon:
        return Path(named)
    return Path(rest) if kind.upper() == "FILE" else None


def _token(descriptor: int) -> Secret:
    try:
        with os.fdopen(descriptor, "rb") as given:
            untrusted = given.readline(20_000).strip()
    except OSError as fault:
        raise NobodyProvedError(f"Descriptor {descriptor} cannot be read: {fault.strerror}.", hint=_GIVE) from None
    if not untrusted:
        raise NobodyProvedError("No access token came on the descriptor.", hint=_GIVE)
    if not _TOKEN.fullmatch(untrusted):
        raise NobodyProvedError("What came on the descriptor is no access token.", hint=_GIVE)
    return Secret(untrusted.decode())


_TOKEN: Final = re.compile(rb"[\x21-\x7e]{20,16384}")
_GIVE: Final = "Give the provider's access token for the hub as one line and nothing else: --token-fd 3 3<FILE."


def _by_code(options: Options) -> Secret:
    """Have somebody sign in at the provider's page, on any computer: its address and the code are printed."""
    from launcher.identity.federated.client import ProviderClient  # late: its library is needed here alone
    from launcher.identity.federated.discovery import discover
    from launcher.identity.federated.provider_http import ProviderHttp
    from launcher.policy.federation_settings import FederatedSettings

    try:
        settings = FederatedSettings(authority=options.authority, client_id=options.client_id, ca_file=options.ca)
    except ValidationError as fault:
        raise NobodyProvedError(f"The provider cannot be used: {fault.errors()[0]['msg']}.") from None
    http = ProviderHttp(settings.ca_file)
    client = ProviderClient(settings, discover(settings, http), http)
    try:
        flow = client.begin_code(tuple(options.scope))
        print(f"Sign in at {plain(flow.url)} with the code {plain(flow.code)}", file=sys.stderr, flush=True)
        return client.take_code(flow).token
    finally:
        client.forget()
        client.close()


def _by_token(token: Secret) -> Proof:
    async def proof() -> OfficerProof:
        return OfficerProof(proof=OpenIdProof(token=token.reveal()))

    return proof


def _by_ticket(cache: Path, host: str) -> Proof:
    from launcher.identity.kerberos import gss  # late: its library is not everywhere

    async def proof() -> OfficerProof:
        shown = await asyncio.to_thread(lambda: gss.Context(cache, "HTTP", host).step(""))
        if shown is None:
            raise NobodyProvedError("The ticket proves nothing to this hub.")
        return OfficerProof(proof=KerberosProof(token=shown.reveal()))

    return proof
