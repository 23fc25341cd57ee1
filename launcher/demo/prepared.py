"""What stands before anybody plays: the estate's servers are up, and each officer's own passwords are kept."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from launcher.demo.estate import Estate
from launcher.demo.people import DemoOfficer
from launcher.grants.certificates import kept_under
from launcher.grants.client_certificate import from_pkcs12
from launcher.grants.credential import Credential
from launcher.grants.store import CredentialStore
from launcher.identity.officer import OfficerId
from launcher.secret import Secret


@asynccontextmanager
async def serving_estate(
    folder: Path, officers: tuple[DemoOfficer, ...], delay_s: float = 0.0
) -> AsyncIterator[Estate]:
    """Serve the provider and all systems while the block runs; the folder is there, and empty."""
    estate = Estate(folder, officers, delay_s)
    stop, ready = asyncio.Event(), asyncio.Event()
    serving = asyncio.create_task(estate.run(stop, ready))
    taking = asyncio.create_task(ready.wait())
    await asyncio.wait({serving, taking}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        taking.cancel()
        serving.result()  # a server that did not start says why; nobody waits for the others for ever
    try:
        yield estate
    finally:
        stop.set()
        await serving


async def enrol(store: CredentialStore, officers: tuple[DemoOfficer, ...], estate: Estate) -> None:
    """Put each officer's own names, passwords and certificate into the sealed store, as earlier sittings would have.

    An officer is an issuer's subject: who logs on with the force account is another one to the store than who logs on
    by name and password, so both are enrolled.
    """
    for officer in officers:
        kept = {
            system: Credential(
                account.user_name, Secret(account.password), Secret(account.otp_seed) if account.otp_seed else None
            )
            for system, account in officer.accounts.items()
        }
        password = Secret(secrets.token_urlsafe(16))
        certificate = from_pkcs12(estate.certificate_of(officer, password), password)
        kept[kept_under("officer")] = certificate.kept_as()
        for name, credential in kept.items():
            for known_to in ("local", estate.addresses.issuer):
                await store.put(OfficerId(known_to, officer.subject), name, credential)
